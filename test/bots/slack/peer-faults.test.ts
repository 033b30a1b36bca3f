import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import { useBots } from './bots.ts';

const bots = useBots();

describe('the Slack peer, where things go wrong', () => {
  it.each(['socket', 'http'] as const)('brings an event again under its id over %s', async (mode) => {
    const { app, peer, heard } = await bots[mode]({ clocks: { ackMs: 300, retryDelaysMs: [20, 20] } });
    let calls = 0;
    const ids = new Set<string>();
    app.event('app_mention', async ({ body }) => {
      ids.add(body.event_id);
      calls += 1;
    });
    app.use(async ({ next, context, payload }) => {
      // The first try is held up, so that the library acknowledges too late, or says that it failed.
      if ('type' in payload && payload.type === 'app_mention' && context.retryNum === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 400));
      }
      await next();
    });
    const ada = await peer.user();
    const asked = await ada.mention(await peer.channel(), 'help');
    const [mention] = await asked.delivered;
    expect(mention?.acked).toBe(true);
    if (mention === undefined) throw new Error('no event was sent');
    await peer.redeliver(mention);
    await eventually(() => calls >= 2);
    expect(ids.size).toBe(1);
    expect(heard.filter((each) => each.startsWith('app_mention')).length).toBeGreaterThan(1);
    peer.check();
  });

  it('brings what a broken connection lost to the next one', async () => {
    const { app, peer } = await bots.socket({ clocks: { retryDelaysMs: [100, 500, 5_000, 5_000] } });
    let heard = 0;
    app.event('reaction_added', async () => {
      heard += 1;
    });
    const ada = await peer.user();
    const { message } = await ada.post(await peer.channel(), 'a photo');
    await peer.idle();
    peer.dropSocket();
    const reacted = await ada.react(message, 'milky_way');
    const [delivery] = await reacted.delivered;
    expect(delivery?.attempts[0]?.failure).toBe('connection_failed');
    expect(delivery?.acked).toBe(true);
    expect(delivery?.payload).toMatchObject({ event: { item_user: ada.id, item: { ts: message.ts } } });
    await eventually(() => heard === 1);
  });

  it('asks for a new connection', async () => {
    const { peer } = await bots.socket();
    peer.disconnectSocket('refresh_requested');
    await eventually(() => peer.connections() === 0);
    await eventually(() => peer.connections() === 1);
  });

  it('proves the address of a bot that listens, to which another secret says nothing', async () => {
    const { peer, address } = await bots.http();
    expect(await peer.verifyUrl()).toBe(true);
    const other = await bots.http();
    other.peer.moveBot(address);
    expect(await other.peer.verifyUrl()).toBe(false);
    const ada = await other.peer.user();
    const asked = await ada.slash(await other.peer.channel(), '/stylize');
    expect(asked.error).toBe('dispatch_failed');
  });

  it('meets calls with faults, once each', async () => {
    const { client, peer } = await bots.socket();
    const { id: channel } = await peer.channel();
    peer.fault.once('chat.postMessage', { retryAfter: 7 });
    peer.fault.once('chat.postMessage', { status: 503 });
    peer.fault.once('chat.postMessage', { error: 'fatal_error' });
    peer.fault.once('chat.postMessage', { lost: true });
    const post = () => client.chat.postMessage({ channel, text: 'in line' });
    await expect(post()).rejects.toMatchObject({ retryAfter: 7 });
    await expect(post()).rejects.toMatchObject({ statusCode: 503 });
    await expect(post()).rejects.toThrow('fatal_error');
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    await eventually(async () => (await client.conversations.history({ channel })).messages?.length === 1);
    await post();
    expect(peer.calls('chat.postMessage').map(({ status }) => status)).toEqual([
      429,
      503,
      200,
      undefined,
      200,
    ]);
    peer.check();
  });

  it('names the scope that is missing, and tells of no event that the app may not hear', async () => {
    const { client, peer } = await bots.socket({ scopes: ['chat:write', 'app_mentions:read'] });
    const channel = await peer.channel();
    await expect(client.conversations.history({ channel: channel.id })).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'channels:history', provided: 'chat:write,app_mentions:read' },
    });
    const ada = await peer.user();
    const asked = await ada.mention(channel, 'help');
    const told = await asked.delivered;
    expect(told.map(({ payload }) => payload.event)).toMatchObject([{ type: 'app_mention' }]);
    expect((await client.auth.test()).response_metadata?.scopes).toEqual(['chat:write', 'app_mentions:read']);
  });

  it('keeps the bot out of channels, and tells what is not there', async () => {
    const { client, peer } = await bots.socket();
    const open = await peer.channel({ withBot: false });
    const closed = await peer.channel({ withBot: false, isPrivate: true });
    const post = (channel: string) => client.chat.postMessage({ channel, text: 'hello' });
    await expect(post(open.id)).rejects.toThrow('not_in_channel');
    await expect(post(closed.id)).rejects.toThrow('channel_not_found');
    await expect(post('C000')).rejects.toThrow('channel_not_found');
    const inside = await peer.channel();
    const update = client.chat.update({ channel: inside.id, ts: '1.000001', text: 'x' });
    await expect(update).rejects.toThrow('message_not_found');
    const ada = await peer.user();
    const { message } = await ada.post(inside, 'mine');
    const theirs = client.chat.update({ channel: inside.id, ts: message.ts, text: 'x' });
    await expect(theirs).rejects.toThrow('cant_update_message');
  });

  it('kills the token of an app that is taken out', async () => {
    const { app, client, peer } = await bots.socket();
    const heard: string[] = [];
    app.event('app_uninstalled', async () => void heard.push('app_uninstalled'));
    app.event(
      'tokens_revoked',
      async ({ event }) => void heard.push(`tokens_revoked ${event.tokens.bot?.length}`),
    );
    peer.uninstall(peer.team());
    await eventually(() => heard.length === 2);
    expect(heard.sort()).toEqual(['app_uninstalled', 'tokens_revoked 1']);
    await expect(client.auth.test()).rejects.toThrow('account_inactive');
  });

  it('writes down every request that Slack would not take', async () => {
    const { client, peer } = await bots.socket();
    const { id: channel } = await peer.channel();
    const button = {
      type: 'button' as const,
      action_id: 'a',
      text: { type: 'plain_text' as const, text: 'x'.repeat(76) },
    };
    const wrong = client.chat.postMessage({
      channel,
      text: 'x',
      blocks: [{ type: 'actions', elements: [button] }],
    });
    await expect(wrong).rejects.toThrow('invalid_blocks');
    const bare = JSON.parse('[{"type":"image","image_url":"https://example.com/a.png"}]');
    await expect(client.chat.postMessage({ channel, text: 'x', blocks: bare })).rejects.toThrow(
      'invalid_blocks',
    );
    await expect(client.apiCall('chat.update', { channel })).rejects.toThrow('invalid_arguments');
    await expect(client.apiCall('chat.shout', { channel })).rejects.toThrow('unknown_method');
    expect(() => peer.check()).toThrow(/76 characters[\s\S]*alt_text[\s\S]*ts is missing[\s\S]*chat\.shout/);
  });
});

describe('the files of the Slack peer', () => {
  it('come late, or with their id alone', async () => {
    const { client, peer } = await bots.socket();
    const [ada, channel, bytes] = [await peer.user(), await peer.channel(), await photo()];
    const files = [{ name: 'a.jpg', bytes, readyAfterMs: 60_000, onlyById: true as const }];
    const asked = await ada.mention(channel, 'stylize', { files });
    const [mention] = await asked.delivered;
    const file = peer.now(asked.message).files[0]?.id;
    expect(mention?.payload).toMatchObject({
      event: { files: [{ id: file, file_access: 'check_file_info' }] },
    });
    const early = await client.files.info({ file: String(file) });
    expect(early.file).toMatchObject({ mimetype: '' });
    expect(early.file).not.toHaveProperty('url_private');
    peer.ready(String(file));
    expect((await client.files.info({ file: String(file) })).file).toMatchObject({ mimetype: 'image/jpeg' });
  });

  it('are a page to those without the token, and lie elsewhere without it', async () => {
    const { client, peer } = await bots.socket({ clocks: { fileReadyMs: 0 } });
    const [ada, channel, bytes] = [await peer.user(), await peer.channel(), await photo()];
    const authorization = `Bearer ${peer.settings.botToken}`;
    const address = async (special: object) => {
      const said = await ada.post(channel, '', { files: [{ name: 'a.jpg', bytes, ...special }] });
      const info = await client.files.info({ file: String(said.message.files[0]?.id) });
      return info.file?.url_private ?? '';
    };
    const plain = await address({});
    const page = await fetch(plain);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const real = await fetch(plain, { headers: { authorization } });
    expect(Buffer.from(await real.arrayBuffer())).toEqual(bytes);
    const moved = await fetch(await address({ redirected: true }), { headers: { authorization } });
    expect(Buffer.from(await moved.arrayBuffer())).toEqual(bytes);
    peer.check();
    const external = await address({ external: true });
    expect(new URL(external).origin).not.toBe(peer.settings.filesUrl);
    await fetch(external, { headers: { authorization } });
    expect(() => peer.check()).toThrow('a token was sent outside Slack');
    expect(peer.fileRequests.map(({ outcome }) => outcome)).toEqual([
      'page',
      'bytes',
      'redirect',
      'bytes',
      'bytes',
    ]);
  });

  it('goes by files.uploadV2 into a thread, where people see it', async () => {
    const { client, peer } = await bots.socket();
    const [ada, channel, bytes] = [await peer.user(), await peer.channel(), await photo()];
    const asked = await ada.post(channel, 'a question');
    await client.files.uploadV2({
      channel_id: channel.id,
      thread_ts: asked.message.ts,
      file: bytes,
      filename: 'a.jpg',
      initial_comment: 'here',
    });
    const [answer] = peer.answers(asked);
    expect(answer?.text).toBe('here');
    expect(answer && peer.picturesOf(answer).map((each) => Buffer.from(each))).toEqual([bytes]);
    peer.check();
  });

  it('tells of people in their language, with their pictures', async () => {
    const { client, peer } = await bots.socket();
    const avatar = await photo(99);
    const ada = await peer.user({ name: 'ada', locale: 'zh-TW', tz: 'Asia/Taipei', admin: true, avatar });
    const { user } = await client.users.info({ user: ada.id, include_locale: true });
    expect(user).toMatchObject({ locale: 'zh-TW', tz_offset: 28_800, is_admin: true, is_owner: false });
    const original = await fetch(user?.profile?.image_original ?? '');
    expect(Buffer.from(await original.arrayBuffer())).toEqual(avatar);
    expect((await client.users.info({ user: ada.id })).user).not.toHaveProperty('locale');
    peer.check();
  });
});
