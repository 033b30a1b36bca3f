import { describe, expect, it } from 'vitest';
import { SCOPES } from '../../../src/bots/slack/scopes.ts';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import { type SlackHouse, useSlackHouses } from './support.ts';

const open = useSlackHouses();

describe('at the start', () => {
  it.each(['files:read', 'reactions:read', 'users:read'])('a missing scope is named: %s', async (missing) => {
    const scopes = [...SCOPES.keys()].filter((scope) => scope !== missing);
    await expect(open({ scopes })).rejects.toMatchObject({
      code: 'slack-scopes-missing',
      userMessage: expect.stringContaining(`${missing} (`),
    });
  });

  it('an uninstalled app is named by the setting that holds its token', async () => {
    await expect(open({ installed: false })).rejects.toMatchObject({
      code: 'slack-token-refused',
      userMessage: expect.stringContaining('SLACK_BOT_TOKEN'),
    });
  });

  it('an app token that opens no socket is named by its setting and its scope', async () => {
    const house = await open({ asleep: true });
    house.peer.fault.always('apps.connections.open', { error: 'invalid_auth' });
    await expect(house.startBot()).rejects.toMatchObject({
      code: 'slack-app-token-refused',
      userMessage: expect.stringMatching(/SLACK_APP_TOKEN.*connections:write/),
    });
  });

  it('a Slack that is away is an error that may pass', async () => {
    const house = await open({ asleep: true });
    house.peer.fault.always('auth.test', { status: 503 });
    await expect(house.startBot()).rejects.toMatchObject({ code: 'slack-away', retryable: true });
  });

  it('over HTTP the request URL is verified, and nobody is heard without a signature', async () => {
    const house = await open({ mode: 'http' });
    expect(await house.peer.verifyUrl()).toBe(true);
    const address = house.installUrl().replace('install', 'events');
    const forged = await fetch(address, { method: 'POST', body: '{"type":"event_callback"}' });
    expect(forged.status).toBe(401);
  });
});

describe('a bot that has started', () => {
  it.each(['socket', 'http'] as const)('knows whether events reach it: %s', async (mode) => {
    const { peer, connected } = await open({ mode });
    expect(connected()).toBe(true);
    if (mode === 'socket') {
      peer.dropSocket();
      await eventually(() => connected() === false);
      await eventually(() => connected());
    }
  });
});

describe('many workspaces', () => {
  it('install the app by OAuth, are answered each with its own token, and are forgotten with it', async () => {
    const { peer, installUrl, answer, leftBehind } = await open({ mode: 'http', many: true });
    const [painters, potters] = [peer.team(), await peer.addTeam({ name: 'Potters', installed: false })];
    for (const team of [painters, potters]) {
      const page = await peer.install(team, installUrl());
      expect(page.status).toBe(200);
    }
    for (const team of [painters, potters]) {
      const channel = await peer.channel({ team });
      const ada = await peer.user({ team });
      const asked = await ada.mention(channel, 'stylize starry-night', {
        files: [{ name: 'cat.jpg', bytes: await photo() }],
      });
      expect(peer.picturesOf(await answer(asked))).toHaveLength(1);
    }
    const left = await leftBehind();
    expect(left).toContain(`slack-installation:${potters.id}`);
    for (const { botToken } of [painters, potters]) expect(left).not.toContain(botToken);
    expect(left).not.toContain(peer.settings.clientSecret);
    peer.uninstall(potters);
    await eventually(async () => !(await leftBehind()).includes(`slack-installation:${potters.id}`));
    expect(await leftBehind()).toContain(`slack-installation:${painters.id}`);
    peer.check();
  });

  it('install it by the same page where events come by a socket', async () => {
    const { peer, installUrl, answer } = await open({ many: true });
    expect((await peer.install(peer.team(), installUrl())).status).toBe(200);
    const channel = await peer.channel();
    const ada = await peer.user();
    const asked = await ada.mention(channel, 'stylize starry-night', {
      files: [{ name: 'cat.jpg', bytes: await photo() }],
    });
    expect(peer.picturesOf(await answer(asked))).toHaveLength(1);
    peer.check();
  });

  it.each(['/impasto', '/impasto/'])(
    'are sent back below the path that a proxy serves the app at: %s',
    async (publicPath) => {
      const { installUrl } = await open({ many: true, publicPath });
      const page = await (await fetch(installUrl())).text();
      const [, href = ''] = /href="(https:[^"]+authorize[^"]+)"/.exec(page) ?? [];
      const back = new URL(href.replaceAll('&amp;', '&')).searchParams.get('redirect_uri');
      expect(back).toBe(installUrl().replace('/slack/install', '/impasto/slack/oauth_redirect'));
    },
  );

  it('an installation outlives the bot', async () => {
    const house = await open({ mode: 'http', many: true });
    const { peer } = house;
    await peer.install(peer.team(), house.installUrl());
    await house.stopBot();
    await house.startBot();
    const channel = await peer.channel();
    const ada = await peer.user();
    const asked = await ada.mention(channel, 'stylize starry-night', {
      files: [{ name: 'cat.jpg', bytes: await photo() }],
    });
    expect(peer.picturesOf(await house.answer(asked))).toHaveLength(1);
    peer.check();
  });
});

describe.each(['socket', 'http'] as const)('many workspaces, and Redis away, over %s', (mode) => {
  /** One that this process has not heard of yet. */
  async function unknown(): Promise<SlackHouse> {
    const house = await open({ mode, many: true });
    await house.peer.install(house.peer.team(), house.installUrl());
    await house.stopBot();
    await house.startBot();
    return house;
  }

  it('an event comes again until it is heard', async () => {
    const house = await unknown();
    const { peer } = house;
    const channel = await peer.channel();
    const ada = await peer.user();
    const goOn = house.pauseRedis();
    const asked = await ada.mention(channel, 'stylize starry-night', {
      files: [{ name: 'cat.jpg', bytes: await photo() }],
    });
    await eventually(() => peer.deliveries.some(({ attempts }) => attempts.some(({ failure }) => failure)));
    goOn();
    expect(peer.picturesOf(await house.answer(asked))).toHaveLength(1);
    expect((await asked.delivered).every(({ acked }) => acked)).toBe(true);
    expect(house.made()).toBe(1);
    peer.check();
  });

  it('whoever gave a command is told', async () => {
    const house = await unknown();
    const channel = await house.peer.channel();
    const ada = await house.peer.user();
    house.pauseRedis();
    const asked = await ada.slash(channel, '/stylize', 'starry-night');
    expect(asked.error).toBeUndefined();
    expect((await house.hint(asked)).text).toContain('Try again in a moment');
    house.peer.check();
  });

  it('a form that is sent stays open with what was filled in', async () => {
    const house = await open({ mode, many: true });
    const { peer } = house;
    await peer.install(peer.team(), house.installUrl());
    const channel = await peer.channel();
    const ada = await peer.user();
    await ada.slash(channel, '/stylize', 'great-wave');
    const form = await eventually(() => peer.modals(ada).at(-1));
    await house.stopBot();
    await house.startBot();
    const goOn = house.pauseRedis();
    const filled = { picture: [{ name: 'cat.jpg', bytes: await photo() }] };
    expect((await ada.submitView(form, filled)).error).toBeUndefined();
    expect(JSON.stringify(peer.modal(ada).errors)).toContain('Try again in a moment');
    goOn();
    const sent = await ada.submitView(peer.modal(ada), filled);
    expect(peer.picturesOf(await house.answer({ ...sent, channel: channel.id }))).toHaveLength(1);
    peer.check();
  });

  it('one that was heard of lately is served all the same', async () => {
    const house = await open({ mode, many: true });
    const { peer } = house;
    await peer.install(peer.team(), house.installUrl());
    const channel = await peer.channel();
    const ada = await peer.user();
    await house.hint(await ada.slash(channel, '/impasto', 'help'));
    const goOn = house.pauseRedis();
    const asked = await ada.mention(channel, 'stylize starry-night', {
      files: [{ name: 'cat.jpg', bytes: await photo() }],
    });
    const [delivery] = await asked.delivered;
    expect(delivery?.attempts).toHaveLength(1);
    goOn();
    peer.check();
  });
});

it('a workspace that has removed the app is not asked for its events again', async () => {
  const { peer, installUrl, leftBehind, hint } = await open({ mode: 'http', many: true });
  const team = await peer.addTeam({ name: 'Potters' });
  expect((await peer.install(peer.team(), installUrl())).status).toBe(200);
  const channel = await peer.channel({ team });
  const ada = await peer.user({ team });
  const asked = await ada.mention(channel, 'stylize starry-night');
  expect((await asked.delivered).every(({ attempts }) => attempts.length === 1)).toBe(true);
  await eventually(async () => (await leftBehind()).includes('for nobody who has the app'));
  expect((await hint(await ada.slash(channel, '/stylize', 'starry-night'))).text).toContain(
    'no longer installed',
  );
  peer.check();
});
