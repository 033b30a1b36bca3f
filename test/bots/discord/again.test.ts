import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import type { Posted } from './peer/asked.ts';
import { photo } from './pictures.ts';
import { answersTo, painted, settle } from './reading.ts';
import { useDiscord } from './support.ts';

const MESSAGE = /^GET \/channels\/\d+\/messages\/\d+$/;

const house = useDiscord();

async function posted(): Promise<Posted> {
  const { ada, general } = house();
  return ada.post(general, { files: [{ name: 'boats.png', bytes: await photo() }] });
}

describe('the same emoji again', () => {
  it('paints anew what was deleted', async () => {
    const { ada, general, peer } = house();
    const post = await posted();
    ada.react(post, '🌌');
    const done = await painted(peer, general);
    await settle(house());
    await ada.press(done, 'Delete');
    await eventually(() => peer.message(done).deleted);
    ada.unreact(post, '🌌');
    ada.react(post, '🌌');
    await painted(peer, general);
    await settle(house());
    expect(answersTo(peer, general, post)).toHaveLength(1);
  });

  it('leaves the answer as it is, also when the event is long forgotten', async () => {
    const { ada, bob, general, peer, redis, stopWorker } = house();
    const post = await posted();
    ada.react(post, '🌌');
    const done = await painted(peer, general);
    await settle(house());
    const connection = redis().connect();
    const stale = [...(await connection.keys('*event:*')), ...(await connection.keys('*result:*'))];
    for (const key of stale) await connection.del(key);
    await stopWorker();
    bob.react(post, '🌌');
    await settle(house());
    expect(answersTo(peer, general, post)).toHaveLength(1);
    expect(peer.message(done).files).toHaveLength(1);
  });

  it('asks for what it means now, where it was given another meaning', async () => {
    const { ada, mia, general, peer } = house();
    const post = await posted();
    ada.react(post, '🌌');
    await painted(peer, general);
    await settle(house());
    await (await mia.slash(general, 'impasto-settings', { emoji: '🌌=great-wave' })).answer();
    ada.unreact(post, '🌌');
    ada.react(post, '🌌');
    await eventually(() => answersTo(peer, general, post).some(({ content }) => content.includes('Wave')));
  });
});

describe('the same emoji of many', () => {
  async function looks(post: Posted): Promise<number> {
    const { peer, studio } = house();
    for (let each = 0; each < 30; each++) {
      const person = await peer.user(`fan${each}`);
      await studio.join(person);
      person.react(post, '🌌');
    }
    await settle(house());
    return peer.requests.filter(({ method, path }) => MESSAGE.test(`${method} ${path}`)).length;
  }

  it('looks at the picture once', async () => {
    expect(await looks(await posted())).toBe(1);
  });

  it('looks once at a message without one', async () => {
    const { ada, general } = house();
    expect(await looks(await ada.post(general, { content: 'Look at the stars' }))).toBe(1);
  });
});

describe('an emoji', () => {
  it('where history can’t be read names the permission', async () => {
    const { ada, studio, peer } = house();
    const walls = await studio.channel('walls', { botMayNot: ['ReadMessageHistory'] });
    const post = await ada.post(walls, { files: [{ name: 'boats.png', bytes: await photo() }] });
    ada.react(post, '🌌');
    const hint = await eventually(() => answersTo(peer, walls)[0]);
    expect(hint.content).toContain('Read Message History');
  });

  it('of a server’s own may be animated', async () => {
    const { ada, mia, general, peer } = house();
    const own = 'party:123456789012345678';
    await (await mia.slash(general, 'impasto-settings', { emoji: `<a:${own}>=great-wave` })).answer();
    const post = await posted();
    ada.react(post, `<:${own}>`);
    await eventually(() => answersTo(peer, general, post).some(({ content }) => content.includes('Wave')));
  });

  it('❌ on what others wrote costs no call', async () => {
    const { ada, bob, general, peer } = house();
    const poll = await ada.post(general, { content: 'Who comes?' });
    bob.react(poll, '❌');
    await settle(house());
    const asked = peer.requests.filter(({ method, path }) => MESSAGE.test(`${method} ${path}`));
    expect(asked).toEqual([]);
  });

  it('❌ by a moderator takes away what is not there yet', async () => {
    const { ada, mia, general, peer, startWorker, stopWorker } = house();
    await stopWorker();
    const post = await posted();
    ada.react(post, '🌌');
    const [placeholder] = await eventually(() => {
      const said = answersTo(peer, general, post);
      return said[0]?.controls.length ? said : undefined;
    });
    if (placeholder === undefined) throw new Error('expected a placeholder');
    mia.react(placeholder, '❌');
    await eventually(() => answersTo(peer, general, post)[0]?.content.includes('Cancelled'));
    startWorker();
    await settle(house());
    expect(answersTo(peer, general, post).filter(({ files }) => files.length > 0)).toEqual([]);
  });
});
