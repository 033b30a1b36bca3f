import { describe, expect, it } from 'vitest';
import type { Posted } from '../../bots/discord/peer/asked.ts';
import { settle } from '../../bots/discord/reading.ts';
import { boats, driftingBoats, expectEnlarged, expectPaintedAnimation, expectPainting } from '../pictures.ts';
import { answerOf, oneAnswer, useDiscordProgram } from './house.ts';

const program = useDiscordProgram();

describe('/stylize', () => {
  it('is one message in the thread where it was asked: in line, two before it, painted', async () => {
    const { ada, bob, mia, bots, general, peer } = program();
    const thread = await general.thread('paintings', ada);
    bots.hold();
    // Of each person one picture at a time has its turn.
    for (const [nth, person] of [bob, mia].entries()) {
      const picture = { name: 'theirs.png', bytes: await boats(nth + 1) };
      const asked = await person.slash(general, 'stylize', { style: 'great-wave', picture });
      await answerOf(asked, ({ content }) => content.includes('In line'));
    }
    const bytes = await boats();
    const values = { style: 'starry-night', picture: { name: 'boats.png', bytes } };
    const asked = await ada.slash(thread, 'stylize', values);
    expect(await asked.acknowledged()).toBeLessThan(3_000);
    const waiting = await answerOf(asked, ({ content }) => content.includes('2 before you'));
    bots.goOn();
    const done = await answerOf(asked);
    await expectPainting(peer.bytesOf(done.files[0]), bytes);
    expect(done).toMatchObject({ id: waiting.id, channelId: thread.id });
    expect(done.content).toContain('The Starry Night, Vincent van Gogh, 1889');
    expect(asked.visible()).toHaveLength(1);
    await settle(program());
  });

  it('takes strength and colours, suggests styles, and names the one that was meant', async () => {
    const { ada, general, peer } = program();
    const bytes = await boats(10);
    const picture = { name: 'boats.png', bytes };
    const values = { style: 'starry-night', strength: 0.5, keep_colors: true, picture };
    const weak = await answerOf(await ada.slash(general, 'stylize', values));
    const strong = await answerOf(await ada.slash(general, 'stylize', { style: 'starry-night', picture }));
    await expectPainting(peer.bytesOf(strong.files[0]), bytes);
    expect(peer.bytesOf(weak.files[0])).not.toEqual(peer.bytesOf(strong.files[0]));
    const suggested = await ada.autocomplete(general, 'stylize', { style: 'stary-nigth' }, 'style');
    expect(suggested.map(({ value }) => value)).toContain('starry-night');
    const asked = await ada.slash(general, 'stylize', { style: 'stary-night', picture });
    const hint = await answerOf(asked, ({ ephemeral }) => ephemeral);
    expect(hint.content).toContain('did you mean starry-night?');
  });

  it('paints every frame of an animation, as WebP or as GIF', async () => {
    const { ada, general, peer } = program();
    const bytes = await driftingBoats();
    const values = { style: 'starry-night', picture: { name: 'boats.gif', bytes } };
    const webp = await answerOf(await ada.slash(general, 'stylize', values));
    await expectPaintedAnimation(peer.bytesOf(webp.files[0]), bytes, 'webp');
    const gif = await answerOf(await ada.slash(general, 'stylize', { ...values, animation: 'gif' }));
    await expectPaintedAnimation(peer.bytesOf(gif.files[0]), bytes, 'gif');
  });

  it('tells how far it is, and is cancelled while it runs and while it waits', async () => {
    const { ada, bob, bots, general } = program();
    const picture = { name: 'long.gif', bytes: await driftingBoats(5, 1200, 900) };
    const running = await ada.slash(general, 'stylize', { style: 'starry-night', picture });
    const message = await answerOf(running, ({ content }) => /^Painting, \d+ %/.test(content));
    const small = { name: 'small.png', bytes: await boats(11) };
    const waiting = await bob.slash(general, 'stylize', { style: 'starry-night', picture: small });
    const line = await answerOf(waiting, ({ content }) => content.includes('In line'));
    const refused = await bob.press(message, 'Cancel');
    const hint = await answerOf(refused, ({ ephemeral }) => ephemeral);
    expect(hint.content).toContain('Only the person who asked');
    await bob.press(line, 'Cancel');
    await ada.press(message, 'Cancel');
    for (const asked of [running, waiting]) {
      await answerOf(asked, ({ content }) => content === 'Cancelled.');
    }
    await settle(program());
    for (const asked of [running, waiting]) {
      const public_ = asked.visible().filter(({ ephemeral }) => !ephemeral);
      expect(public_.map(({ content }) => content)).toContain('Cancelled.');
    }
    expect(bots.said()).not.toMatch(/"level":50/);
  });

  it('says what is wrong with a file that is no picture, with an id for the log', async () => {
    const { ada, bots, general } = program();
    const picture = { name: 'boats.png', bytes: Buffer.from('no picture at all') };
    const asked = await ada.slash(general, 'stylize', { style: 'starry-night', picture });
    const said = await answerOf(asked, ({ content }) => content.includes('no picture'));
    const [, incident = 'none'] = /incident ([0-9a-f]{8})/.exec(said.content) ?? [];
    expect(bots.said()).toContain(incident);
    expect(asked.visible()).toHaveLength(1);
  });
});

describe('/upscale', () => {
  it('makes the picture four times larger, and states both sizes', async () => {
    const { ada, general, peer } = program();
    const bytes = await boats(12, 60, 40);
    const picture = { name: 'small.png', bytes };
    const done = await answerOf(await ada.slash(general, 'upscale', { factor: 'x4', picture }));
    await expectEnlarged(peer.bytesOf(done.files[0]), bytes, 4);
    for (const size of ['60 × 40', '240 × 160']) expect(done.content).toContain(size);
  });
});

describe('the picture', () => {
  it('is somebody’s avatar, where one is named', async () => {
    const { ada, avatar, bob, general, peer } = program();
    const asked = await bob.slash(general, 'stylize', { style: 'starry-night', avatar: ada });
    const done = await oneAnswer(program(), asked);
    await expectPainting(peer.bytesOf(done.files[0]), avatar);
  });

  it('is the asker’s latest, then anyone’s, else there is a sentence', async () => {
    const { ada, bob, general, mia, peer } = program();
    const nothing = await ada.slash(general, 'stylize', { style: 'starry-night' });
    const said = await answerOf(nothing, ({ content }) => content.includes('no picture'));
    expect(said.content).toContain('Stylize…');
    const [hers, his] = [await boats(13), await boats(14)];
    await ada.post(general, { files: [{ name: 'hers.png', bytes: hers }] });
    await bob.post(general, { files: [{ name: 'his.png', bytes: his }] });
    for (const [person, bytes] of [
      [ada, hers],
      [mia, his],
    ] as const) {
      const done = await answerOf(await person.slash(general, 'stylize', { style: 'starry-night' }));
      await expectPainting(peer.bytesOf(done.files[0]), bytes);
    }
  });

  it('is what the message holds, replies to, passes on or shows, by “Stylize…” and a picker with previews', async () => {
    const { ada, bob, general, peer, studio } = program();
    const held = await bob.post(general, { files: [{ name: 'his.png', bytes: await boats(15) }] });
    const elsewhere = await studio.channel('elsewhere');
    const far = await ada.post(elsewhere, { files: [{ name: 'far.png', bytes: await boats(16) }] });
    const url = peer.external('seen.png', await boats(17));
    const seen = { url: 'https://example.com/seen', image: { url, proxy_url: url } };
    const wave = peer.sticker('wave', await boats(18));
    const messages: readonly (readonly [Posted, number])[] = [
      [held, 15],
      [await ada.post(general, { content: 'this', replyTo: held }), 15],
      [await ada.post(general, { forward: far }), 16],
      [await ada.post(general, { content: 'https://example.com/seen', embeds: [seen] }), 17],
      [await ada.post(general, { stickers: [wave] }), 18],
    ];
    for (const [message, nth] of messages) {
      const menu = await ada.messageCommand('Stylize…', message);
      const picker = await answerOf(menu, ({ controls }) => controls.length > 0);
      expect(picker.ephemeral).toBe(true);
      expect(picker.files.map(({ name }) => name)).toContain('starry-night.jpg');
      const asked = await ada.select(picker, picker.controls[0]?.custom_id ?? '', ['starry-night']);
      const done = await answerOf(asked, ({ files, ephemeral }) => files.length > 0 && !ephemeral);
      await expectPainting(peer.bytesOf(done.files[0]), await boats(nth));
    }
  });

  it('is enlarged by “Upscale” on its message', async () => {
    const { ada, bob, general, peer } = program();
    const bytes = await boats(19);
    const post = await bob.post(general, { files: [{ name: 'small.png', bytes }] });
    const done = await answerOf(await ada.messageCommand('Upscale', post));
    await expectEnlarged(peer.bytesOf(done.files[0]), bytes, 4);
  });

  it('is several: all of them, as one answer', async () => {
    const { ada, general, peer } = program();
    const [first, second, third] = [await boats(20), await boats(21), await boats(22)];
    const asked = await ada.slash(general, 'stylize', {
      style: 'starry-night',
      picture: { name: 'a.png', bytes: first },
      picture2: { name: 'b.png', bytes: second },
      picture3: { name: 'c.png', bytes: third },
    });
    const done = await oneAnswer(program(), asked);
    expect(done.files).toHaveLength(3);
    for (const [at, bytes] of [first, second, third].entries()) {
      await expectPainting(peer.bytesOf(done.files[at]), bytes);
    }
  });
});
