import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import { useBots } from './bots.ts';

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
});
