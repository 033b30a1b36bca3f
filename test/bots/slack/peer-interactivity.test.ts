import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import { type Bot, useBots } from './bots.ts';
import type { Json } from './peer/json.ts';

const bots = useBots();

const option = (value: string) => ({ text: { type: 'plain_text' as const, text: value }, value });
const plain = (text: string) => ({ type: 'plain_text' as const, text });

/** A modal that asks for a style and a picture. */
const modal = {
  type: 'modal' as const,
  callback_id: 'stylize',
  title: plain('Stylize'),
  submit: plain('Paint'),
  notify_on_close: true,
  private_metadata: 'place',
  blocks: [
    {
      type: 'input' as const,
      block_id: 'style',
      label: plain('Style'),
      element: {
        type: 'static_select' as const,
        action_id: 'style',
        options: [option('wave'), option('night')],
      },
    },
    {
      type: 'input' as const,
      block_id: 'picture',
      label: plain('Picture'),
      element: { type: 'file_input' as const, action_id: 'picture', filetypes: ['jpg', 'png'], max_files: 2 },
    },
  ],
};

function opensModal({ app }: Bot): void {
  app.command('/stylize', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: modal });
  });
}

describe.each(['socket', 'http'] as const)('interactivity over %s', (mode) => {
  it('opens a modal on a command, takes its file and values, and lets the bot read the file', async () => {
    const bot = await bots[mode]();
    const { app, peer, client } = bot;
    opensModal(bot);
    const seen: Json[] = [];
    app.view('stylize', async ({ ack, view }) => {
      seen.push({ ...view.state.values, place: view.private_metadata });
      await ack();
    });
    const ada = await peer.user();
    const asked = await ada.slash(await peer.channel(), '/stylize', 'night');
    expect(asked.error).toBeUndefined();
    expect(asked.delivery.payload).toMatchObject({ command: '/stylize', text: 'night', user_id: ada.id });
    expect(asked.delivery.payload).not.toHaveProperty('thread_ts');
    await eventually(() => peer.modals(ada).length === 1);
    const bytes = await photo(30);
    await expect(ada.submitView(peer.modal(ada), { style: 'night' })).rejects.toThrow(
      'picture must be filled in',
    );
    const values = { style: 'night', picture: [{ name: 'cat.jpg', bytes }] };
    await ada.submitView(peer.modal(ada), values);
    expect(peer.modals(ada)).toEqual([]);
    expect(seen).toMatchObject([
      { place: 'place', style: { style: { selected_option: { value: 'night' } } }, picture: { picture: {} } },
    ]);
    const id = /"id":"(F[A-Z0-9]+)"/.exec(JSON.stringify(seen))?.[1] ?? '';
    await eventually(async () => (await client.files.info({ file: id })).file?.mimetype === 'image/jpeg');
    expect(Buffer.from(peer.bytesOf(id) ?? [])).toEqual(bytes);
    peer.check();
  });

  it('keeps a refused submission open with its errors, and tells of a closed modal', async () => {
    const bot = await bots[mode]();
    const { app, peer } = bot;
    opensModal(bot);
    app.view('stylize', ({ ack }) => ack({ response_action: 'errors', errors: { style: 'not today' } }));
    app.view({ type: 'view_closed', callback_id: 'stylize' }, ({ ack }) => ack());
    const ada = await peer.user();
    await ada.slash(await peer.channel(), '/stylize');
    await eventually(() => peer.modals(ada).length === 1);
    await ada.submitView(peer.modal(ada), {
      style: 'wave',
      picture: [{ name: 'a.jpg', bytes: await photo() }],
    });
    expect(peer.modal(ada).errors).toEqual({ style: 'not today' });
    const closed = await ada.closeView(peer.modal(ada));
    expect(closed?.error).toBeUndefined();
    expect(bot.heard).toContain('view_closed 0');
    peer.check();
  });

  it('presses buttons, loads options, chooses, and answers by response_url', async () => {
    const { app, peer, client } = await bots[mode]();
    app.action('again', async ({ ack, respond }) => {
      await ack();
      await respond({ text: 'once more', response_type: 'in_channel', replace_original: false });
    });
    app.options('style', ({ ack, payload }) => ack({ options: [option(`${payload.value}-night`)] }));
    const chosen: unknown[] = [];
    app.action('style', async ({ ack, action, respond }) => {
      await ack();
      chosen.push(action);
      await respond({ replace_original: true, text: 'chosen' });
    });
    const channel = await peer.channel();
    const ada = await peer.user();
    const blocks = [
      {
        type: 'actions' as const,
        elements: [
          { type: 'button' as const, action_id: 'again', text: plain('Again'), value: 'r1' },
          {
            type: 'external_select' as const,
            action_id: 'style',
            placeholder: plain('Style'),
            min_query_length: 0,
          },
        ],
      },
    ];
    await client.chat.postMessage({ channel: channel.id, text: 'a painting', blocks });
    const [message] = peer.messages(channel);
    if (message === undefined) throw new Error('nothing was posted');
    const pressed = await ada.press(message, 'again');
    await eventually(() => peer.answers(pressed).length === 1);
    await ada.choose(message, 'style', 'starry-night', 'starry');
    await eventually(() => peer.now(message).text === 'chosen');
    expect(chosen).toMatchObject([{ type: 'external_select', selected_option: { value: 'starry-night' } }]);
    await expect(ada.press(message, 'delete')).rejects.toThrow('there is no delete');
    peer.check();
  });

  it('brings message and global shortcuts, and the home', async () => {
    const { app, peer } = await bots[mode]();
    const shortcuts: string[] = [];
    app.shortcut({ type: 'message_action', callback_id: 'stylize' }, async ({ ack, shortcut }) => {
      await ack();
      shortcuts.push(`${shortcut.message.text} ${shortcut.message.files.length}`);
    });
    app.shortcut({ type: 'shortcut', callback_id: 'everywhere' }, async ({ ack }) => ack());
    app.event('app_home_opened', async ({ event, client }) => {
      const view = { type: 'home' as const, blocks: [{ type: 'header' as const, text: plain('Gallery') }] };
      await client.views.publish({ user_id: event.user, view });
    });
    const channel = await peer.channel();
    const [ada, bob] = [await peer.user(), await peer.user()];
    const said = await bob.post(channel, 'look', { files: [{ name: 'a.jpg', bytes: await photo() }] });
    expect((await ada.shortcut('stylize', said.message)).error).toBeUndefined();
    expect((await ada.shortcut('everywhere')).error).toBeUndefined();
    expect(shortcuts).toEqual(['look 1']);
    await ada.openHome();
    await eventually(() => peer.home(ada)?.json.type === 'home');
    peer.check();
  });

  it('shows operation_timeout where nothing acknowledges, and lets no late trigger open a view', async () => {
    const { app, peer } = await bots[mode]({ clocks: { ackMs: 150, triggerMs: 100 } });
    const errors: unknown[] = [];
    app.command('/late', async ({ body, client }) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      await client.views
        .open({ trigger_id: body.trigger_id, view: modal })
        .catch((error: unknown) => errors.push(error));
    });
    const ada = await peer.user();
    const asked = await ada.slash(await peer.channel(), '/late');
    expect(asked).toMatchObject({ error: 'operation_timeout', ackMs: undefined });
    await eventually(() => errors.length === 1);
    expect(String(errors[0])).toContain('expired_trigger_id');
  });
});

describe('what an interaction lets the bot do', () => {
  it('ends: a trigger after one view, a response_url after five answers', async () => {
    const { app, peer } = await bots.socket();
    const errors: unknown[] = [];
    const failed = (error: unknown) => errors.push(error);
    app.command('/stylize', async ({ ack, body, client, respond }) => {
      await ack('one moment');
      await client.views.open({ trigger_id: body.trigger_id, view: modal });
      await client.views.open({ trigger_id: body.trigger_id, view: modal }).catch(failed);
      for (const text of ['1', '2', '3', '4', '5']) await respond(text);
      await respond('6').catch(failed);
      errors.push('the end');
    });
    const [channel, ada] = [await peer.channel(), await peer.user()];
    const asked = await ada.slash(channel, '/stylize');
    await eventually(() => errors.includes('the end'));
    expect(String(errors[0])).toContain('exchanged_trigger_id');
    const texts = peer.answers(asked).map(({ text }) => text);
    expect(texts).toEqual(['one moment', '1', '2', '3', '4', '5']);
    expect(peer.ephemerals(channel, ada)).toHaveLength(6);
    expect(peer.ephemerals(channel, await peer.user())).toEqual([]);
    peer.check();
  });

  it('stacks three modals and no more, and updates one only as it stands', async () => {
    const { app, peer, client } = await bots.socket();
    const errors: unknown[] = [];
    app.shortcut('open', async ({ ack, body }) => {
      await ack();
      await client.views
        .push({ trigger_id: body.trigger_id, view: modal })
        .catch((error: unknown) => errors.push(error));
    });
    const ada = await peer.user();
    for (let count = 0; count < 4; count += 1) await ada.shortcut('open');
    await eventually(() => errors.length === 1);
    expect(String(errors[0])).toContain('push_limit_reached');
    expect(peer.modals(ada)).toHaveLength(3);
    const { id, json } = peer.modal(ada);
    const update = (hash: unknown) => client.views.update({ view_id: id, hash: String(hash), view: modal });
    await update(json.hash);
    await expect(update(json.hash)).rejects.toThrow('hash_conflict');
    peer.check();
  });
});
