import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import type { Posted } from './peer/asked.ts';
import { photo } from './pictures.ts';
import { answersTo } from './reading.ts';
import { useDiscord } from './support.ts';

/** Bob puts an emoji on a picture of Ada's where the bot lacks a permission; what it says. */
async function told(house: ReturnType<ReturnType<typeof useDiscord>>): Promise<Posted> {
  const { ada, bob, studio, peer } = house;
  const walls = await studio.channel('walls', { botMayNot: ['AttachFiles'] });
  const post = await ada.post(walls, { files: [{ name: 'boats.png', bytes: await photo() }] });
  bob.react(post, '🌌');
  return await eventually(() => answersTo(peer, walls, post)[0]);
}

describe('a hint below somebody else’s picture', () => {
  const house = useDiscord({ bot: { settings: { hintShownSeconds: 3, lookMs: 50 } } });

  it('names whom it means without calling them, and goes after a while', async () => {
    const { bob, peer } = house();
    const hint = await told(house());
    expect(hint.content).toContain(`<@${bob.id}>`);
    expect(hint.mentions).toEqual([]);
    await eventually(() => peer.message(hint).deleted);
  });

  it('goes also where Discord was away just then', async () => {
    const { peer } = house();
    peer.fault.times(8, 'DELETE /channels/*/messages/*', { status: 503 });
    const hint = await told(house());
    await eventually(() => peer.message(hint).deleted, 20_000);
  });

  it('goes also where the bot was started anew meanwhile', async () => {
    const { peer, stopBot, startBot } = house();
    const hint = await told(house());
    await stopBot();
    expect(peer.message(hint).deleted).toBe(false);
    await startBot();
    await eventually(() => peer.message(hint).deleted);
  });
});
