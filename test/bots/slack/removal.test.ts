import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import type { Said } from './peer/person.ts';
import type { Workspace } from './peer/workspace.ts';
import { type SlackHouse, useSlackHouses } from './support.ts';

const open = useSlackHouses();

async function ask(
  { peer }: SlackHouse,
  team: Workspace = peer.team(),
  style = 'starry-night',
): Promise<Said> {
  const channel = await peer.channel({ team });
  const ada = await peer.user({ team });
  return ada.mention(channel, `stylize ${style}`, { files: [{ name: 'cat.jpg', bytes: await photo() }] });
}

describe('the only workspace', () => {
  it.each(['socket', 'http'] as const)('removes the app: the bot ends, over %s', async (mode) => {
    const house = await open({ mode });
    const end = expect(house.ended()).rejects.toMatchObject({
      code: 'slack-token-refused',
      userMessage: expect.stringMatching(/SLACK_BOT_TOKEN.*removed from the workspace.*start the bot again/s),
    });
    house.peer.uninstall(house.peer.team());
    await end;
  });

  it('takes the token away without a word: the bot ends once Slack refuses it', async () => {
    const house = await open();
    const end = expect(house.ended()).rejects.toMatchObject({ data: { slack: 'token_revoked' } });
    house.peer.revoke(house.peer.team());
    await ask(house);
    await end;
  });

  it('does nothing of that: one odd answer of Slack’s ends nothing', async () => {
    const house = await open();
    house.peer.fault.once('users.info', { error: 'invalid_auth' });
    expect(house.peer.picturesOf(await house.answer(await ask(house)))).toHaveLength(1);
    await eventually(() => house.peer.calls('auth.test').length > 1);
    expect(await Promise.race([house.ended(), Promise.resolve('goes on')])).toBe('goes on');
    house.peer.check();
  });
});

describe('one workspace of many', () => {
  async function two(): Promise<SlackHouse & { readonly painters: Workspace; readonly potters: Workspace }> {
    const house = await open({ mode: 'http', many: true, idle: true });
    const { peer, installUrl } = house;
    const [painters, potters] = [peer.team(), await peer.addTeam({ name: 'Potters', installed: false })];
    for (const team of [painters, potters]) await peer.install(team, installUrl());
    return { ...house, painters, potters };
  }

  it('removes the app: its settings, previews and open requests go, and others go on', async () => {
    const house = await two();
    const { peer, potters, painters, hint, leftBehind } = house;
    for (const team of [potters, painters]) {
      const admin = await peer.user({ team, admin: true });
      const channel = await peer.channel({ team });
      await hint(await admin.slash(channel, '/impasto', 'settings default_style:great-wave'));
      await hint(await admin.slash(channel, '/impasto', 'styles'));
    }
    const [lost, kept] = [await ask(house, potters), await ask(house, painters, 'great-wave')];
    await eventually(() => peer.answers(lost).length + peer.answers(kept).length === 2);
    const about = ({ id }: Workspace): string[] => [
      `slack-installation:${id}`,
      `slack-previews:${id}`,
      `server-settings:slack:${id}`,
    ];
    for (const key of [...about(potters), ...about(painters)]) expect(await leftBehind()).toContain(key);
    peer.uninstall(potters);
    await eventually(async () => {
      const left = await leftBehind();
      return (
        about(potters).every((key) => !left.includes(key)) && left.includes('An answer has lost its place')
      );
    });
    house.startWorker();
    expect(peer.picturesOf(await house.answer(kept))).toHaveLength(1);
    expect(house.made()).toBe(1);
    for (const key of about(painters)) expect(await leftBehind()).toContain(key);
    peer.check();
  });

  it('takes its token away without a word: it is forgotten once Slack refuses it, but for its settings', async () => {
    const house = await two();
    const { peer, potters, painters, hint, leftBehind } = house;
    const admin = await peer.user({ team: potters, admin: true });
    await hint(
      await admin.slash(await peer.channel({ team: potters }), '/impasto', 'settings enabled:on threads:on'),
    );
    const lost = await ask(house, potters);
    await eventually(() => peer.answers(lost).length === 1);
    peer.revoke(potters);
    house.startWorker();
    await eventually(async () => !(await leftBehind()).includes(`slack-installation:${potters.id}`));
    expect(await leftBehind()).toContain(`server-settings:slack:${potters.id}`);
    expect(peer.picturesOf(await house.answer(await ask(house, painters)))).toHaveLength(1);
    await peer.install(potters, house.installUrl());
    expect(peer.picturesOf(await house.answer(await ask(house, potters)))).toHaveLength(1);
  });
});
