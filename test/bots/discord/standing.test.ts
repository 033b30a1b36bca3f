import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { keys } from '../../../src/queue/keys.ts';
import { eventually, statesIn } from '../../queue/support.ts';
import type { Asked } from './peer/asked.ts';
import { photo } from './pictures.ts';
import { answersTo, settle } from './reading.ts';
import { useDiscord } from './support.ts';

const CALLBACK = 'POST /interactions/:id/:token/callback';

/** After that an acknowledgement is waited for no longer. */
const ACKNOWLEDGED_BY_MS = 10_000;

const house = useDiscord();

async function ask(red = 200): Promise<Asked> {
  const { ada, general } = house();
  const picture = { name: 'boats.png', bytes: await photo(red) };
  return ada.slash(general, 'stylize', { style: 'starry-night', picture });
}

describe('a painting', () => {
  it('stands whatever becomes of the acknowledgement of a button below it', async () => {
    const { bob, peer } = house();
    const done = await (await ask()).answer(({ files }) => files.length === 1);
    peer.fault.once(CALLBACK, { broken: 'afterwards' });
    const pressed = await bob.press(done, 'Delete');
    await eventually(() => pressed.visible().some(({ ephemeral }) => ephemeral));
    expect(peer.message(done)).toMatchObject({ deleted: false, files: [{}] });
  });

  it('that is ready before Discord has taken the acknowledgement still becomes the one answer', async () => {
    const { peer } = house();
    await (await ask(50)).answer(({ files }) => files.length === 1);
    peer.fault.once(CALLBACK, { delayMs: 1_000 });
    const again = await ask(50);
    await eventually(() => again.visible().some(({ files }) => files.length === 1), 15_000);
    await settle(house());
    expect(again.visible()).toHaveLength(1);
    expect(again.visible()[0]?.loading).toBe(false);
  });

  it('of what was never acknowledged is not posted: Discord has told who asked that it failed', async () => {
    const { general, peer, redis, stopWorker, startWorker } = house();
    await stopWorker();
    peer.fault.always(CALLBACK, { status: 500 });
    const asked = await ask();
    await expect(asked.acknowledged()).rejects.toThrow('was not acknowledged');
    expect(await redis().connect().zcard(keys.open)).toBe(1);
    peer.fault.clear();
    await pause(ACKNOWLEDGED_BY_MS);
    startWorker();
    await eventually(async () => (await redis().connect().zcard(keys.open)) === 0, 40_000);
    expect(answersTo(peer, general)).toEqual([]);
    expect(await statesIn(redis())).toEqual(['unposted']);
  }, 60_000);

  it('of what was never acknowledged is posted all the same where it was asked for again meanwhile', async () => {
    const { ada, bob, general, peer, redis, stopWorker, startWorker } = house();
    const askFor = (): Promise<Asked> =>
      bob.slash(general, 'stylize', { style: 'starry-night', avatar: ada });
    await stopWorker();
    peer.fault.always(CALLBACK, { status: 500 });
    await expect((await askFor()).acknowledged()).rejects.toThrow('was not acknowledged');
    peer.fault.clear();
    await (await askFor()).answer(({ content }) => content.includes('already'));
    await pause(ACKNOWLEDGED_BY_MS);
    startWorker();
    await eventually(async () => (await redis().connect().zcard(keys.open)) === 0, 40_000);
    expect(answersTo(peer, general).filter(({ files }) => files.length === 1)).toHaveLength(1);
  }, 60_000);
});

describe('whoever Discord tells to wait', () => {
  it('has a request that is stored already', async () => {
    const { redis } = house();
    await redis().connect().client('PAUSE', 150, 'ALL');
    const asked = await ask();
    await asked.acknowledged();
    expect(await redis().connect().zcard(keys.open)).toBe(1);
  });
});

describe('who asked is never left waiting', () => {
  it('where previews can’t be read', async () => {
    const { ada, general, log, stopBot, startBot } = house();
    await stopBot();
    await startBot({ previews: '/nowhere' });
    const said = await (await ada.slash(general, 'styles')).answer(({ loading }) => !loading);
    expect(said.embeds).toHaveLength(3);
    expect(said.files).toEqual([]);
    expect(log).toContainEqual(expect.objectContaining({ message: 'A preview cannot be read' }));
  });

  it('where Discord refuses what is to be shown', async () => {
    const { ada, general, peer } = house();
    peer.fault.once('PATCH /webhooks/:app/:token/messages/@original', { status: 400 });
    const said = await (await ada.slash(general, 'styles')).answer(({ loading }) => !loading);
    expect(said.content).toMatch(/[0-9a-f]{8}/);
  });

  it('where the bot ends while it answers', async () => {
    const { ada, general, peer, stopBot } = house();
    peer.fault.once(CALLBACK, { delayMs: 700 });
    const before = peer.requests.length;
    const asked = await ada.slash(general, 'help');
    await eventually(() => peer.requests.length > before);
    await stopBot();
    expect(asked.visible().map(({ loading }) => loading)).toEqual([false]);
  });
});
