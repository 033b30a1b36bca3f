import { App, type Installation, MemoryInstallationStore } from '@slack/bolt';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { addressOf, silent } from './bots.ts';
import { type SlackPeer, startSlackPeer } from './peer/slack-peer.ts';

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A bot for many workspaces, which listens, with the library's own store. */
async function openBot(): Promise<{
  readonly peer: SlackPeer;
  readonly app: App;
  readonly store: MemoryInstallationStore;
  readonly installUrl: string;
}> {
  const peer = await startSlackPeer({ mode: 'http', installed: false });
  closing.push(() => peer.close());
  const { authorizationUrl, clientId, clientSecret, signingSecret, slackApiUrl } = peer.settings;
  const store = new MemoryInstallationStore();
  const app = new App({
    logger: silent,
    signingSecret,
    clientId,
    clientSecret,
    stateSecret: 'a secret',
    scopes: ['chat:write', 'app_mentions:read', 'commands'],
    installationStore: store,
    redirectUri: 'http://127.0.0.1/slack/oauth_redirect',
    clientOptions: { slackApiUrl },
    installerOptions: {
      authorizationUrl,
      clientOptions: { slackApiUrl },
      redirectUriPath: '/slack/oauth_redirect',
    },
  });
  const address = addressOf(await app.start(0));
  peer.moveBot(address);
  closing.push(() => app.stop());
  return { peer, app, store, installUrl: new URL('/slack/install', address).href };
}

describe('the installing of an app by the Slack peer', () => {
  it('gives each workspace a token of its own, and events to both', async () => {
    const { peer, app, store, installUrl } = await openBot();
    app.event('app_mention', async ({ event, say }) => {
      await say({ text: 'hello', thread_ts: event.ts });
    });
    const teams = [peer.team(), await peer.addTeam({ name: 'Sculptors', installed: false })];
    const tokens: (string | undefined)[] = [];
    for (const team of teams) {
      const done = await peer.install(team, installUrl);
      expect(done.status).toBe(200);
      const query = { teamId: team.id, enterpriseId: undefined, isEnterpriseInstall: false };
      const stored: Installation = await store.fetchInstallation(query);
      tokens.push(stored.bot?.token);
      const ada = await peer.user({ team });
      const asked = await ada.mention(await peer.channel({ team }), 'help');
      await eventually(() => peer.answers(asked).length === 1);
    }
    expect(tokens).toEqual(teams.map(({ botToken }) => botToken));
    peer.check();
  });

  it('gives nothing for a code that was used, nor to a workspace without the app', async () => {
    const { peer, installUrl } = await openBot();
    await peer.install(peer.team(), installUrl);
    const [{ args } = { args: {} }] = peer.calls('oauth.v2.access');
    const again = await fetch(`${peer.settings.slackApiUrl}oauth.v2.access`, {
      method: 'POST',
      body: new URLSearchParams(
        Object.entries(args).map(([key, value]): [string, string] => [key, String(value)]),
      ),
    });
    expect(await again.json()).toMatchObject({ ok: false, error: 'invalid_code' });
    const other = await peer.addTeam({ name: 'Sculptors', installed: false });
    const refused = await fetch(`${peer.settings.slackApiUrl}auth.test`, {
      method: 'POST',
      headers: { authorization: `Bearer ${other.botToken}` },
    });
    expect(await refused.json()).toMatchObject({ ok: false, error: 'invalid_auth' });
  });
});
