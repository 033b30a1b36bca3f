import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import { useBots } from './bots.ts';
import type { Json } from './peer/json.ts';

const bots = useBots();

describe('the Slack peer', () => {
  it('brings a mention with a photo, takes an upload, and shows it in an edit', async () => {
    const { peer, app, client } = await bots.socket();
    const source = await photo(10);
    const result = await photo(200);
    app.event('app_mention', async ({ event }) => {
      const file = event.files?.[0]?.id ?? '';
      await eventually(async () => (await client.files.info({ file })).file?.mimetype || undefined);
      const info = await client.files.info({ file });
      const response = await fetch(info.file?.url_private ?? '', {
        headers: { authorization: `Bearer ${peer.settings.botToken}` },
      });
      expect(Buffer.from(await response.arrayBuffer())).toEqual(source);
      const placed = await client.chat.postMessage({
        channel: event.channel,
        thread_ts: event.ts,
        text: 'in line',
        metadata: { event_type: 'request', event_payload: { id: 'r1' } },
      });
      const given = await client.files.getUploadURLExternal({ filename: 'a.jpg', length: result.length });
      await fetch(given.upload_url ?? '', { method: 'POST', body: new Uint8Array(result) });
      const id = given.file_id ?? '';
      await client.files.completeUploadExternal({ files: [{ id, title: 'A painting' }] });
      const blocks = [{ type: 'image' as const, alt_text: 'A painting', slack_file: { id } }];
      const update = { channel: event.channel, ts: placed.ts ?? '', text: 'done', blocks };
      await expect(client.chat.update(update)).rejects.toThrow('invalid_blocks');
      await eventually(async () => (await client.files.info({ file: id })).file?.mimetype || undefined);
      await client.chat.update(update);
    });
    const channel = await peer.channel();
    const ada = await peer.user({ name: 'ada' });
    const asked = await ada.mention(channel, 'stylize starry-night', {
      files: [{ name: 'cat.jpg', bytes: source }],
    });
    const [answer] = await eventually(() => {
      const found = peer.answers(asked);
      return found[0]?.text === 'done' ? found : undefined;
    });
    expect(answer?.edits.map(({ text }) => text)).toEqual(['in line', 'done']);
    expect(answer && peer.picturesOf(answer).map((bytes) => Buffer.from(bytes))).toEqual([result]);
    const plain = await client.conversations.replies({ channel: channel.id, ts: asked.message.ts });
    expect(plain.messages?.[1]?.metadata).toBeUndefined();
    const all = { channel: channel.id, ts: asked.message.ts, include_all_metadata: true };
    expect((await client.conversations.replies(all)).messages?.[1]?.metadata?.event_payload).toEqual({
      id: 'r1',
    });
    const tries = await asked.delivered;
    expect(tries.map(({ payload, acked }) => [payload.event, acked])).toMatchObject([
      [{ type: 'app_mention', text: expect.stringContaining('stylize') }, true],
      [{ type: 'message', subtype: 'file_share' }, true],
      [{ type: 'file_shared' }, true],
    ]);
    peer.check();
  });

  it('brings forwarded messages, threads, direct messages and what other apps say', async () => {
    const { app, peer } = await bots.socket();
    const heard: Json[] = [];
    app.message(async ({ event }) => {
      heard.push({ ...event });
    });
    const [ada, bob, channel] = [await peer.user(), await peer.user(), await peer.channel()];
    const photoOf = { files: [{ name: 'a.jpg', bytes: await photo() }] };
    const first = await ada.post(channel, 'mine', photoOf);
    await bob.post(channel, 'see', { forward: first.message });
    await bob.post(channel, 'in the thread', { thread: first.message });
    await bob.post(channel, 'a feed', { asOtherApp: true });
    await bob.post(await peer.direct(bob), 'between us');
    await eventually(() => heard.length === 5);
    const said = (text: string) => heard.find((event) => event.text === text);
    expect(said('see')).toMatchObject({ attachments: [{ is_share: true, files: [{ name: 'a.jpg' }] }] });
    expect(said('in the thread')).toMatchObject({ thread_ts: first.message.ts });
    expect(said('a feed')).toMatchObject({ bot_id: 'B0000OTHER' });
    expect(said('between us')).toMatchObject({ channel_type: 'im' });
    const reacted = await bob.react(first.message, 'mag');
    await reacted.delivered;
    expect([...peer.now(first.message).reactions]).toEqual([['mag', [bob.id]]]);
    await ada.remove(first.message);
    expect(peer.messages(channel).map(({ text }) => text)).not.toContain('mine');
    peer.check();
  });

  it('brings two hundred commands at once, each acknowledged', async () => {
    const { app, peer } = await bots.socket({ clocks: { ackMs: 30_000 } });
    app.command('/queue', ({ ack }) => ack('nothing waits'));
    const [ada, channel] = [await peer.user(), await peer.channel()];
    const asked = await Promise.all(Array.from({ length: 200 }, () => ada.slash(channel, '/queue')));
    expect(asked.filter(({ ackMs }) => ackMs === undefined)).toEqual([]);
    expect(peer.ephemerals(channel, ada)).toHaveLength(200);
    peer.check();
  });
});
