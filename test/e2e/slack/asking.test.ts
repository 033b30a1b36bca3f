import { describe, expect, it } from 'vitest';
import { element, forAll } from '../../bots/slack/reading.ts';
import { eventually } from '../../queue/support.ts';
import { LIMIT_MS } from '../bots.ts';
import { boats, driftingBoats, expectEnlarged, expectPaintedAnimation, expectPainting } from '../pictures.ts';
import { answerOf, ask, expectOne, hintOf, saying, useSlackProgram } from './house.ts';

describe.each(['socket', 'http'] as const)('over %s', (mode) => {
  const program = useSlackProgram(mode);

  it('stylize is one message in the thread where it was asked: in line, two before it, painted', async () => {
    const { ada, bob, mia, bots, channel, peer } = program();
    const { message: thread } = await bob.post(channel, 'look');
    bots.hold();
    // Of each person one picture at a time has its turn.
    for (const [nth, person] of [bob, mia].entries()) {
      await saying(program(), await ask(program(), await boats(nth + 1), 'great-wave', person), /^In line/);
    }
    const bytes = await boats();
    const files = [{ name: 'boats.png', bytes }];
    const asked = await ada.mention(channel, 'stylize starry-night', { thread, files });
    const waiting = await saying(program(), asked, /2 before you/);
    bots.goOn();
    const done = await expectOne(program(), asked, bytes);
    expect(done).toMatchObject({ ts: waiting.ts, threadTs: thread.ts });
    expect(done.text).toContain('The Starry Night, Vincent van Gogh, 1889');
    await eventually(() => peer.messages(channel).filter(({ byBot }) => byBot).length === 3, LIMIT_MS);
  });

  it('/stylize without a picture at hand opens a modal, and /upscale states both sizes', async () => {
    const { ada, channel, peer } = program();
    const bytes = await boats(3);
    const asked = await ada.slash(channel, '/stylize', 'great-wave');
    expect(asked.error).toBeUndefined();
    const modal = await eventually(() => peer.modals(ada).at(-1), LIMIT_MS);
    const sent = await ada.submitView(modal, { picture: [{ name: 'boats.png', bytes }] });
    await expectOne(program(), { ...sent, channel: channel.id }, bytes);
    const other = await peer.channel();
    await ada.post(other, '', { files: [{ name: 'small.png', bytes: await boats(4, 60, 40) }] });
    const large = await answerOf(program(), await ada.slash(other, '/upscale', 'x4'));
    await expectEnlarged(peer.picturesOf(large)[0], await boats(4, 60, 40), 4);
    for (const size of ['60 × 40', '240 × 160']) expect(large.text).toContain(size);
  });

  it('paints every frame of an animation, as GIF', async () => {
    const { ada, channel, peer } = program();
    const bytes = await driftingBoats();
    const files = [{ name: 'boats.gif', bytes }];
    const asked = await ada.mention(channel, 'stylize starry-night', { files });
    const done = await answerOf(program(), asked);
    await expectPaintedAnimation(peer.picturesOf(done)[0], bytes, 'gif');
    expect(done.text).not.toContain('larger than');
  });

  it('tells how far it is, and is cancelled while it runs and while it waits', async () => {
    const { ada, bob } = program();
    const running = await ask(program(), await driftingBoats(5, 1200, 900));
    const message = await saying(program(), running, /^Painting, \d+ %/);
    const waiting = await ask(program(), await boats(5), 'starry-night', bob);
    const line = await saying(program(), waiting, /^In line/);
    const refused = await bob.press(message, element(message, 'cancel'));
    expect((await hintOf(program(), refused)).text).toContain('Only the person who asked');
    await bob.press(line, element(line, 'cancel'));
    await ada.press(message, element(message, 'cancel'));
    for (const asked of [running, waiting]) {
      expect((await answerOf(program(), asked)).text).toBe('Cancelled.');
    }
  });
});

describe('the picture', () => {
  const program = useSlackProgram('socket');

  it('is somebody’s avatar, where one is named', async () => {
    const { ada, avatar, bob, channel } = program();
    await expectOne(program(), await bob.mention(channel, `stylize starry-night <@${ada.id}>`), avatar);
  });

  it('is the asker’s latest, then anyone’s, else there is a sentence', async () => {
    const { ada, bob, channel, mia, peer } = program();
    const nothing = await answerOf(program(), await ada.mention(channel, 'stylize starry-night'));
    expect(nothing.text).toContain('I found no picture');
    const other = await peer.channel();
    const [hers, his] = [await boats(10), await boats(11)];
    await ada.post(other, '', { files: [{ name: 'a.png', bytes: hers }] });
    await bob.post(other, '', { files: [{ name: 'b.png', bytes: his }] });
    await expectOne(program(), await ada.mention(other, 'stylize starry-night'), hers);
    await expectOne(program(), await mia.mention(other, 'stylize starry-night'), his);
  });

  it('is what the message holds or passes on, by the shortcuts and a picker with previews', async () => {
    const { ada, bob, channel, peer } = program();
    const bytes = await boats(12);
    const held = await bob.post(channel, 'this', { files: [{ name: 'a.png', bytes }] });
    const other = await peer.channel();
    const shared = await bob.post(other, '', { forward: held.message });
    for (const { message } of [held, shared]) {
      await ada.shortcut('impasto.stylize', message);
      const modal = await eventually(() => peer.modals(ada).at(-1), LIMIT_MS);
      const sent = await ada.submitView(modal);
      await expectOne(program(), { ...sent, channel: message.channel }, bytes);
    }
    const third = await peer.channel();
    const small = await bob.post(third, '', { files: [{ name: 'a.png', bytes: await boats(13) }] });
    const acted = await ada.shortcut('impasto.upscale', small.message);
    const [modal] = peer.modals(ada);
    const sent = modal === undefined ? acted : await ada.submitView(modal);
    const large = await answerOf(program(), { ...sent, channel: third.id });
    await expectEnlarged(peer.picturesOf(large)[0], await boats(13), 4);
  });

  it('is several: all of them, as one answer, with their text alternatives', async () => {
    const { ada, channel, peer } = program();
    const photos = [await boats(14), await boats(15), await boats(16)];
    const files = photos.map((bytes, at) => ({ name: `${at}.png`, bytes, altText: `Boat number ${at}` }));
    const done = await answerOf(program(), await ada.mention(channel, 'stylize starry-night', { files }));
    expect(peer.picturesOf(done)).toHaveLength(3);
    for (const [at, photo] of photos.entries()) {
      await expectPainting(peer.picturesOf(done)[at], photo);
      expect(JSON.stringify(done.blocks)).toContain(`Boat number ${at}`);
    }
  });

  it('that is none is said, with an id for the log; so is a style that was nearly meant', async () => {
    const { bots, channel, ada, peer } = program();
    const said = await answerOf(program(), await ask(program(), Buffer.from('GIF89a but not really one')));
    const [, incident = 'none'] = /incident ([0-9a-f]{8})/.exec(said.text) ?? [];
    expect(bots.said()).toContain(incident);
    const near = await ada.mention(channel, 'stylize stary-night');
    expect((await hintOf(program(), near)).text).toContain('did you mean starry-night?');
    expect(forAll(peer, near)).toEqual([]);
  });

  it('is painted weaker, and in its own colours, where that is asked', async () => {
    const { ada, channel, peer } = program();
    const bytes = await boats(17);
    const files = [{ name: 'a.png', bytes }];
    const strong = await answerOf(program(), await ada.mention(channel, 'stylize starry-night', { files }));
    const options = 'stylize starry-night strength:0.5 keep_colors:yes';
    const weak = await answerOf(program(), await ada.mention(channel, options, { files }));
    expect(peer.picturesOf(weak)[0]).not.toEqual(peer.picturesOf(strong)[0]);
  });
});
