import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { decoded, paints, photo } from './pictures.ts';
import { answersTo, painted, settle } from './reading.ts';
import { useDiscord } from './support.ts';

const house = useDiscord();

describe('an emoji on a picture', () => {
  it('asks for the style of that emoji, and the answer replies to the picture', async () => {
    const { ada, bob, general, peer } = house();
    const bytes = await photo();
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes }] });
    bob.react(post, '🌌');
    const answer = await painted(peer, general);
    expect(answer.replyTo).toBe(post.id);
    expect(await paints(peer.bytesOf(answer.files[0]), bytes)).toBe(true);
    expect(answer.content).toContain('The Starry Night');
    expect(answer.mentions).toEqual([]);
  });

  it('asks for a larger picture', async () => {
    const { ada, general, peer } = house();
    const post = await ada.post(general, { files: [{ name: 'small.png', bytes: await photo(9, 12, 8) }] });
    ada.react(post, '🔍');
    const answer = await painted(peer, general);
    expect(await decoded(peer.bytesOf(answer.files[0]))).toMatchObject({ width: 48, height: 32 });
  });

  it('makes one picture when ten people put it there', async () => {
    const { ada, general, peer, studio } = house();
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes: await photo() }] });
    for (let each = 0; each < 10; each++) {
      const person = await peer.user(`fan${each}`);
      await studio.join(person);
      person.react(post, '🌌');
    }
    await painted(peer, general);
    peer.redeliver('MESSAGE_REACTION_ADD');
    await settle(house());
    expect(answersTo(peer, general, post)).toHaveLength(1);
  });

  it('makes one picture also for whoever comes once it is there', async () => {
    const { ada, bob, general, peer } = house();
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes: await photo() }] });
    ada.react(post, '🌌');
    await painted(peer, general);
    bob.react(post, '🌌');
    bob.react(post, '🌊');
    await eventually(
      () => answersTo(peer, general, post).filter(({ files }) => files.length > 0).length === 2,
    );
    await settle(house());
    expect(answersTo(peer, general, post)).toHaveLength(2);
  });

  it('works on the bot’s own pictures', async () => {
    const { ada, general, peer } = house();
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes: await photo() }] });
    ada.react(post, '🌌');
    const first = await painted(peer, general);
    ada.react(first, '🌊');
    const second = await eventually(() =>
      answersTo(peer, general, first).find(({ files }) => files.length > 0),
    );
    expect(second.content).toContain('The Great Wave');
  });

  it('asks for all pictures of a message', async () => {
    const { ada, general, peer } = house();
    const files = await Promise.all(
      [1, 2, 3].map(async (n) => ({ name: `${n}.png`, bytes: await photo(n * 60) })),
    );
    const post = await ada.post(general, { files });
    ada.react(post, '🌌');
    expect((await painted(peer, general)).files).toHaveLength(3);
  });

  it('works in a direct message', async () => {
    const { ada, peer } = house();
    const direct = peer.direct(ada);
    const post = await ada.post(direct, { files: [{ name: 'boats.png', bytes: await photo() }] });
    ada.react(post, '🌌');
    expect((await painted(peer, direct)).replyTo).toBe(post.id);
  });

  it('is passed over where it asks for nothing, or where there is no picture', async () => {
    const { ada, general, peer } = house();
    const words = await ada.post(general, { content: 'look at the stars' });
    ada.react(words, '🌌');
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes: await photo() }] });
    ada.react(post, '👍');
    ada.react(post, '🚫');
    await settle(house());
    expect(answersTo(peer, general)).toEqual([]);
  });

  it('asks again for what came to nothing', async () => {
    const { ada, bob, general, peer } = house();
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes: Buffer.from('none') }] });
    ada.react(post, '🌌');
    await eventually(() =>
      answersTo(peer, general, post).find(({ content }) => content.includes('incident')),
    );
    await settle(house());
    bob.react(post, '🌌');
    await eventually(() => answersTo(peer, general, post).length === 2);
  });

  it('is answered in a thread made on the message where the server wants it so', async () => {
    const { ada, mia, general, peer } = house();
    await (await mia.slash(general, 'impasto-settings', { threads: true })).answer();
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes: await photo() }] });
    ada.react(post, '🌌');
    const thread = await eventually(() => peer.message(post).threadId);
    await painted(peer, { id: thread });
    expect(answersTo(peer, general)).toEqual([]);
  });

  it('asks for what the server’s own map says', async () => {
    const { ada, mia, general, peer } = house();
    await (await mia.slash(general, 'impasto-settings', { emoji: '🎨=great-wave 🌌=off' })).answer();
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes: await photo() }] });
    ada.react(post, '🌌');
    ada.react(post, '🎨');
    expect((await painted(peer, general)).content).toContain('The Great Wave');
    await settle(house());
    expect(answersTo(peer, general)).toHaveLength(1);
  });

  it('is told in the server’s language', async () => {
    const { ada, peer } = house();
    const taipei = await peer.guild('taipei', { locale: 'zh-TW' });
    const lobby = await taipei.channel('lobby');
    await taipei.join(ada);
    const post = await ada.post(lobby, { files: [{ name: 'boats.png', bytes: await photo() }] });
    ada.react(post, '🌌');
    expect((await painted(peer, lobby)).content).toMatch(/[\u4e00-\u9fff]/);
  });
});

describe('❌ on an answer', () => {
  it('takes it away for whoever asked and for moderators, and for nobody else', async () => {
    const { ada, bob, mia, general, peer } = house();
    for (const remover of [ada, mia]) {
      const picture = { name: 'boats.png', bytes: await photo() };
      const asked = await ada.slash(general, 'stylize', { style: 'starry-night', picture });
      const done = await asked.answer(({ files }) => files.length === 1);
      bob.react(done, '❌');
      await settle(house());
      expect(peer.message(done).deleted).toBe(false);
      remover.react(done, '❌');
      await eventually(() => peer.message(done).deleted);
    }
  });

  it('takes away what says that it failed, too, for whoever put the emoji', async () => {
    const { ada, bob, general, peer } = house();
    const post = await bob.post(general, { files: [{ name: 'boats.png', bytes: Buffer.from('none') }] });
    ada.react(post, '🌌');
    const failure = await eventually(() =>
      answersTo(peer, general, post).find(({ content }) => content.includes('incident')),
    );
    bob.react(failure, '❌');
    await settle(house());
    expect(peer.message(failure).deleted).toBe(false);
    ada.react(failure, '❌');
    await eventually(() => peer.message(failure).deleted);
  });

  it('leaves other people’s messages alone', async () => {
    const { ada, mia, general, peer } = house();
    const post = await ada.post(general, { content: 'mine' });
    mia.react(post, '❌');
    await settle(house());
    expect(peer.message(post).deleted).toBe(false);
  });
});
