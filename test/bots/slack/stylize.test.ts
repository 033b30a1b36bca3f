import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import { looksLike, useSlackHouses } from './support.ts';

const open = useSlackHouses();

describe.each(['socket', 'http'] as const)('stylize over %s', (mode) => {
  it('paints the photo of a mention, in one message in its thread', async () => {
    const { peer, answer } = await open({ mode });
    const channel = await peer.channel();
    const ada = await peer.user();
    const bytes = await photo();
    const asked = await ada.mention(channel, 'stylize starry-night', { files: [{ name: 'cat.jpg', bytes }] });
    const answered = await answer(asked);
    expect(answered.threadTs).toBe(asked.message.ts);
    expect(answered.text).toContain('The Starry Night, Vincent van Gogh, 1889');
    const [picture] = peer.picturesOf(answered);
    expect(await sharp(picture).metadata()).toMatchObject({ width: 24, height: 16, format: 'png' });
    expect(await looksLike(picture, await sharp(bytes).negate().toBuffer())).toBe(true);
    peer.check();
  });

  it('paints the latest picture of the channel for a slash command, in the channel', async () => {
    const { peer, answer } = await open({ mode });
    const channel = await peer.channel();
    const ada = await peer.user();
    const bytes = await photo();
    await ada.post(channel, 'my cat', { files: [{ name: 'cat.jpg', bytes }] });
    const asked = await ada.slash(channel, '/stylize', 'starry-night');
    expect(asked.error).toBeUndefined();
    const answered = await answer(asked);
    expect(answered.threadTs).toBeUndefined();
    expect(await looksLike(peer.picturesOf(answered)[0], await sharp(bytes).negate().toBuffer())).toBe(true);
    peer.check();
  });

  it('opens a modal with a file input where no picture is at hand, and answers in the channel', async () => {
    const { peer, answer } = await open({ mode });
    const channel = await peer.channel();
    const ada = await peer.user();
    await ada.slash(channel, '/stylize', 'great-wave strength:0.5');
    const modal = await eventually(() => peer.modals(ada).at(-1));
    expect(JSON.stringify(modal.json)).toContain('file_input');
    const bytes = await photo();
    const sent = await ada.submitView(modal, { picture: [{ name: 'cat.jpg', bytes }] });
    const answered = await answer({ ...sent, channel: channel.id });
    expect(answered.text).toContain('The Great Wave');
    expect(peer.picturesOf(answered)).toHaveLength(1);
    peer.check();
  });
});

describe('the one message', () => {
  it('turns from waiting to progress to the picture, with a button to cancel until then', async () => {
    const { peer, answer, startWorker } = await open({ idle: true });
    const channel = await peer.channel();
    const ada = await peer.user();
    const asked = await ada.mention(channel, 'stylize starry-night', {
      files: [{ name: 'cat.jpg', bytes: await photo() }],
    });
    const waiting = await eventually(() =>
      peer.answers(asked).find(({ text }) => text === 'In line, next up.'),
    );
    expect(JSON.stringify(waiting.blocks)).toContain('impasto.cancel.');
    expect(waiting.metadata).toMatchObject({ event_type: 'impasto_request' });
    startWorker();
    const answered = await answer(asked);
    expect(answered.ts).toBe(waiting.ts);
    expect(answered.edits[0]?.text).toBe('Got it.');
    expect(JSON.stringify(answered.blocks)).not.toContain('impasto.cancel.');
    expect(
      answered.edits.slice(0, -1).every(({ text }) => /line|Fetching|Got|Painting|Done/.test(text)),
    ).toBe(true);
    peer.check();
  });

  it('stays where it was asked, in a thread, whatever is said meanwhile', async () => {
    const { peer, answer, startWorker } = await open({ idle: true });
    const channel = await peer.channel();
    const ada = await peer.user();
    const bob = await peer.user();
    const { message: parent } = await bob.post(channel, 'look', {
      files: [{ name: 'boat.jpg', bytes: await photo(30) }],
    });
    const asked = await ada.mention(channel, 'stylize starry-night', { thread: parent });
    await eventually(() => peer.answers(asked).length === 1);
    await bob.post(channel, 'and now for something else', { thread: parent });
    startWorker();
    const answered = await answer(asked);
    expect(answered.threadTs).toBe(parent.ts);
    expect(
      peer
        .messages(channel)
        .map(({ ts }) => ts)
        .indexOf(answered.ts),
    ).toBe(2);
    expect(peer.picturesOf(answered)).toHaveLength(1);
    peer.check();
  });

  it('paints in a direct message without a mention', async () => {
    const { peer } = await open();
    const ada = await peer.user();
    const talk = await peer.direct(ada);
    await ada.post(talk, 'stylize starry night', {
      files: [{ name: 'cat.jpg', bytes: await photo() }],
    });
    const answered = await eventually(() =>
      peer.messages(talk).find(({ byBot, blocks }) => byBot && JSON.stringify(blocks).includes('slack_file')),
    );
    expect(answered.threadTs).toBeUndefined();
    expect(peer.messages(talk).filter(({ byBot }) => byBot)).toHaveLength(1);
    peer.check();
  });
});

describe('a line that cannot be understood', () => {
  it.each([
    ['stylize stary-night', 'did you mean starry-night?'],
    ['stylise starry-night', 'did you mean /stylize?'],
    ['stylize starry-night strength:7', 'strength goes from 0 to 1'],
    ['', 'Attach a picture and write'],
  ])('is answered to the asker alone: %s', async (line, sentence) => {
    const { peer, hint } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    const asked = await ada.mention(channel, line);
    expect((await hint(asked)).text).toContain(sentence);
    expect(peer.messages(channel).filter(({ byBot }) => byBot)).toEqual([]);
    peer.check();
  });

  it('speaks the language of whoever asks', async () => {
    const { peer, hint } = await open();
    const channel = await peer.channel();
    const mei = await peer.user({ locale: 'zh-TW' });
    const asked = await mei.slash(channel, '/impasto', 'nonsense');
    expect((await hint(asked)).text).toMatch(/[\u4e00-\u9fff]/);
    peer.check();
  });

  it('calls nobody by what it repeats', async () => {
    const { peer, hint } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    const asked = await ada.slash(channel, '/stylize', '&lt;!channel&gt; &amp; co');
    const { text, blocks } = await hint(asked);
    expect(text).toContain('&lt;!channel&gt; &amp; co');
    expect(JSON.stringify(blocks)).not.toContain('<!channel>');
    peer.check();
  });
});
