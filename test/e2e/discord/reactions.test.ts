import { describe, expect, it } from 'vitest';
import { answersTo, painted, settle } from '../../bots/discord/reading.ts';
import { eventually } from '../../queue/support.ts';
import { LIMIT_MS } from '../bots.ts';
import { boats, expectEnlarged, expectPainting } from '../pictures.ts';
import { answerOf, ask, useDiscordProgram } from './house.ts';

const program = useDiscordProgram();

describe('an emoji on a picture', () => {
  it('from ten people makes one painting that replies to it; another on the painting paints that', async () => {
    const { ada, general, peer, studio } = program();
    const bytes = await boats();
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes }] });
    for (let each = 0; each < 10; each++) {
      const fan = await peer.user(`fan${each}`);
      await studio.join(fan);
      fan.react(post, '🌌');
    }
    const painting = await painted(peer, general, LIMIT_MS);
    peer.redeliver('MESSAGE_REACTION_ADD');
    await expectPainting(peer.bytesOf(painting.files[0]), bytes);
    await settle(program());
    expect(answersTo(peer, general, post).map(({ id }) => id)).toEqual([painting.id]);
    ada.react(painting, '🌊');
    const again = await eventually(
      () => answersTo(peer, general, painting).find(({ files }) => files.length > 0),
      LIMIT_MS,
    );
    expect(again.content).toContain('Wave');
    await expectPainting(peer.bytesOf(again.files[0]), peer.bytesOf(painting.files[0]));
  });

  it('enlarges, by the catalogue’s own emoji', async () => {
    const { bob, general, peer } = program();
    const bytes = await boats(1);
    const post = await bob.post(general, { files: [{ name: 'small.png', bytes }] });
    bob.react(post, '🔍');
    const large = await painted(peer, general, LIMIT_MS);
    expect(large.replyTo).toBe(post.id);
    await expectEnlarged(peer.bytesOf(large.files[0]), bytes, 4);
  });

  it('means what the server’s map says, and is answered in a thread where the server wants it', async () => {
    const { ada, general, mia, peer } = program();
    const values = { emoji: '🎨=great-wave 🌌=off', threads: true };
    await answerOf(await mia.slash(general, 'impasto-settings', values), ({ loading }) => !loading);
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes: await boats(2) }] });
    ada.react(post, '🌌');
    ada.react(post, '🎨');
    const id = await eventually(() => peer.message(post).threadId, LIMIT_MS);
    expect((await painted(peer, { id }, LIMIT_MS)).content).toContain('Wave');
    await settle(program());
    expect(answersTo(peer, general)).toEqual([]);
    expect(answersTo(peer, { id })).toHaveLength(1);
  });

  it('❌ takes an answer away for whoever asked or a moderator, and for nobody else', async () => {
    const { ada, bob, mia, peer } = program();
    for (const [nth, remover] of [ada, mia].entries()) {
      const done = await answerOf(await ask(program(), await boats(3 + nth)));
      bob.react(done, '❌');
      await settle(program());
      expect(peer.message(done).deleted).toBe(false);
      remover.react(done, '❌');
      await eventually(() => peer.message(done).deleted, LIMIT_MS);
    }
  });
});
