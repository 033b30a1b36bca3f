import { describe, expect, it } from 'vitest';
import { element, forAll, further } from '../../bots/slack/reading.ts';
import { eventually } from '../../queue/support.ts';
import { LIMIT_MS } from '../bots.ts';
import { boats, expectEnlarged, expectPainting } from '../pictures.ts';
import { answerOf, ask, expectOne, hintOf, useSlackProgram } from './house.ts';

const program = useSlackProgram('socket');

describe('an emoji on a picture', () => {
  it('from ten people makes one painting below it; another on the painting paints that', async () => {
    const { ada, channel, peer } = program();
    const bytes = await boats();
    const { message } = await ada.post(channel, '', { files: [{ name: 'a.png', bytes }] });
    const asked = await Promise.all(
      Array.from({ length: 10 }, async () => (await peer.user()).react(message, 'milky_way')),
    );
    const [first] = asked;
    if (first === undefined) throw new Error('nobody reacted');
    const painting = await expectOne(program(), first, bytes);
    expect(painting.threadTs).toBe(message.ts);
    const again = await further(peer, await ada.react(painting, 'ocean'), painting, LIMIT_MS);
    expect(again.text).toContain('Wave');
    await expectPainting(peer.picturesOf(again)[0], peer.picturesOf(painting)[0] ?? bytes);
    expect(forAll(peer, first)).toHaveLength(2);
  });

  it('enlarges; means what the workspace’s map says', async () => {
    const { ada, channel, mia, peer } = program();
    const bytes = await boats(1);
    const posted = await ada.post(channel, '', { files: [{ name: 'a.png', bytes }] });
    const large = await answerOf(program(), await ada.react(posted.message, 'mag'));
    await expectEnlarged(peer.picturesOf(large)[0], bytes, 4);
    const other = await peer.channel();
    await hintOf(program(), await mia.slash(other, '/impasto', 'settings emoji::fire:=great-wave :mag:=off'));
    const second = await ada.post(other, '', { files: [{ name: 'b.png', bytes: await boats(2) }] });
    await (await ada.react(second.message, 'mag')).delivered;
    expect((await answerOf(program(), await ada.react(second.message, 'fire'))).text).toContain('Wave');
  });

  it('❌ takes an answer away for whoever asked or manages the workspace, and for nobody else', async () => {
    const { ada, bob, mia, channel, peer } = program();
    await bob.post(channel, 'I am here, too');
    for (const [nth, remover] of [ada, mia].entries()) {
      const done = await answerOf(program(), await ask(program(), await boats(3 + nth)));
      await (await bob.react(done, 'x')).delivered;
      expect(peer.now(done).deletedAt).toBeUndefined();
      await remover.react(done, 'x');
      await eventually(() => peer.now(done).deletedAt !== undefined, LIMIT_MS);
    }
  });
});

describe('a button', () => {
  it('paints the photo in another style and another strength, and enlarges the painting', async () => {
    const { ada, bob, peer } = program();
    const bytes = await boats(10);
    const asked = await ask(program(), bytes);
    const done = await answerOf(program(), asked);
    await bob.choose(done, element(done, 'restyle'), 'great-wave');
    const other = await further(peer, asked, done, LIMIT_MS);
    expect(other.text).toContain('Wave');
    await expectPainting(peer.picturesOf(other)[0], bytes);
    const seen = [done.ts, other.ts];
    const next = async () => {
      const found = await eventually(
        () =>
          forAll(peer, asked).find(
            ({ ts, blocks }) => !seen.includes(ts) && JSON.stringify(blocks).includes('slack_file'),
          ),
        LIMIT_MS,
      );
      seen.push(found.ts);
      return found;
    };
    await ada.choose(done, element(done, 'strength'), '0.25');
    expect(peer.picturesOf(await next())[0]).not.toEqual(peer.picturesOf(done)[0]);
    await ada.press(done, element(done, 'upscale'));
    await expectEnlarged(peer.picturesOf(await next())[0], peer.picturesOf(done)[0] ?? bytes, 4);
  });

  it('makes one job of a double click', async () => {
    const { ada, bots, peer } = program();
    const asked = await ask(program(), await boats(11));
    const done = await answerOf(program(), asked);
    bots.hold();
    const id = element(done, 'restyle');
    await Promise.all([ada.choose(done, id, 'great-wave'), ada.choose(done, id, 'great-wave')]);
    await peer.idle();
    bots.goOn();
    await further(peer, asked, done, LIMIT_MS);
    await peer.idle();
    expect(forAll(peer, asked)).toHaveLength(2);
  });

  it('deletes for whoever asked, or those who manage the workspace', async () => {
    const { ada, bob, mia, channel, peer } = program();
    await bob.post(channel, 'I am here, too');
    for (const [nth, remover] of [ada, mia].entries()) {
      const done = await answerOf(program(), await ask(program(), await boats(12 + nth)));
      const refused = await hintOf(program(), await bob.press(done, element(done, 'delete')));
      expect(refused.text).toContain('Only the person who asked');
      await remover.press(done, element(done, 'delete'));
      await eventually(() => peer.now(done).deletedAt !== undefined, LIMIT_MS);
    }
  });
});
