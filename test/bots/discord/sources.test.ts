import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import type { Posted } from './peer/asked.ts';
import type { Ref } from './peer/people.ts';
import { decoded, paints, photo } from './pictures.ts';
import { answersTo, painted, settle } from './reading.ts';
import type { DiscordHouse } from './support.ts';
import { useDiscord } from './support.ts';

const house = useDiscord();

/** `/stylize` without a picture, and what comes of it. */
async function latest({ ada, peer }: DiscordHouse, channel: Ref): Promise<Uint8Array> {
  const asked = await ada.slash(channel, 'stylize', { style: 'starry-night' });
  const done = await asked.answer(({ files }) => files.length === 1);
  return peer.bytesOf(done.files[0]);
}

/** “Stylize…” in a message's menu, a style chosen, and what comes of it. */
async function throughMenu({ ada, peer }: DiscordHouse, message: Posted): Promise<Posted> {
  const menu = await ada.messageCommand('Stylize…', message);
  const picker = await menu.answer(({ controls }) => controls.length > 0);
  const asked = await ada.select(picker, picker.controls[0]?.custom_id ?? '', ['starry-night']);
  const done = await asked.answer(({ files }) => files.length > 0);
  expect(peer.message(done).channelId).toBe(message.channelId);
  return done;
}

describe('without a picture attached', () => {
  it('takes the avatar of whoever is named', async () => {
    const { ada, bob, general, peer, avatar } = house();
    const asked = await bob.slash(general, 'stylize', { style: 'starry-night', avatar: ada });
    const done = await asked.answer(({ files }) => files.length === 1);
    expect(await paints(peer.bytesOf(done.files[0]), avatar)).toBe(true);
    expect(done.files[0]?.description).toContain('ada');
  });

  it('takes the asker’s latest picture, though others posted later', async () => {
    const { ada, bob, general } = house();
    await ada.post(general, { files: [{ name: 'old.png', bytes: await photo(1, 10, 10) }] });
    await ada.post(general, { files: [{ name: 'mine.png', bytes: await photo(1, 11, 11) }] });
    await ada.post(general, { content: 'words' });
    await bob.post(general, { files: [{ name: 'his.png', bytes: await photo(1, 12, 12) }] });
    expect(await decoded(await latest(house(), general))).toMatchObject({ width: 11 });
  });

  it('takes no word about a picture for a picture', async () => {
    const { ada, bob, general } = house();
    const old = await bob.post(general, { files: [{ name: 'his.png', bytes: await photo(1, 12, 12) }] });
    await ada.post(general, { files: [{ name: 'mine.png', bytes: await photo(1, 11, 11) }] });
    await ada.post(general, { content: 'how nice', replyTo: old });
    expect(await decoded(await latest(house(), general))).toMatchObject({ width: 11 });
  });

  it('else takes anyone’s', async () => {
    const { bob, general } = house();
    await bob.post(general, { files: [{ name: 'his.png', bytes: await photo(1, 12, 12) }] });
    expect(await decoded(await latest(house(), general))).toMatchObject({ width: 12 });
  });

  it('looks in the thread in which it is asked', async () => {
    const { ada, general } = house();
    await ada.post(general, { files: [{ name: 'outside.png', bytes: await photo(1, 10, 10) }] });
    const thread = await general.thread('inside', ada);
    await ada.post(thread, { files: [{ name: 'inside.png', bytes: await photo(1, 14, 14) }] });
    expect(await decoded(await latest(house(), thread))).toMatchObject({ width: 14 });
  });

  it('looks fifty messages back', async () => {
    const { ada, bob, general } = house();
    await ada.post(general, { files: [{ name: 'far.png', bytes: await photo(1, 10, 10) }] });
    for (let each = 0; each < 60; each++) await bob.post(general, { content: `${each}` });
    const asked = await ada.slash(general, 'stylize', { style: 'starry-night' });
    const said = await asked.answer(({ loading, content }) => !loading && content.includes('no picture'));
    expect(said.content).toContain('Stylize…');
  });
});

describe('“Stylize…” on a message', () => {
  it('takes strength and colours from the picker as well', async () => {
    const { ada, bob, general, peer } = house();
    const post = await bob.post(general, { files: [{ name: 'boats.png', bytes: await photo() }] });
    const menu = await ada.messageCommand('Stylize…', post);
    const picker = await menu.answer(({ controls }) => controls.length === 3);
    const [style, strength, colours] = picker.controls.map(({ custom_id: id }) => id ?? '');
    await ada.select(picker, strength ?? '', ['0.5']);
    await ada.select(picker, colours ?? '', ['keep_colors']);
    await settle(house());
    const asked = await ada.select(picker, style ?? '', ['great-wave']);
    const done = await asked.answer(({ files }) => files.length === 1);
    expect(peer.message(done).content).toContain('The Great Wave');
    expect(await house().stored()).toMatch(/strength\W+0\.5\W+keep_colors\W+true/);
  });

  it('takes a strength that is typed', async () => {
    const { bob, general, peer, stored } = house();
    const mei = await peer.user('mei', { locale: 'zh-TW' });
    await house().studio.join(mei);
    const post = await bob.post(general, { files: [{ name: 'boats.png', bytes: await photo() }] });
    const menu = await mei.messageCommand('Stylize…', post);
    const picker = await menu.answer(({ controls }) => controls.length === 3);
    const [style, strength] = picker.controls.map(({ custom_id: id }) => id ?? '');
    const form = await mei.select(picker, strength ?? '', ['other']);
    expect((await form.form()).title).toBe('濃淡');
    const wrong = await mei.submitForm(form, { strength: '7' });
    expect((await wrong.answer(({ ephemeral, id }) => ephemeral && id !== picker.id)).content).toContain(
      '0 到 1',
    );
    const again = await mei.select(picker, strength ?? '', ['other']);
    const set = await mei.submitForm(again, { strength: '0,65' });
    expect((await set.answer(({ id }) => id !== picker.id)).content).toBe('畫風 65%');
    expect(peer.message(picker).controls).toHaveLength(3);
    const asked = await mei.select(picker, style ?? '', ['great-wave']);
    await asked.answer(({ files }) => files.length === 1);
    expect(await stored()).toMatch(/strength\W+0\.65/);
  });

  it('shows the styles with previews, for the asker alone, and paints what is in the message', async () => {
    const { ada, bob, general, peer } = house();
    const bytes = await photo();
    const post = await bob.post(general, { files: [{ name: 'boats.png', bytes }] });
    const menu = await ada.messageCommand('Stylize…', post);
    const picker = await menu.answer(({ controls }) => controls.length > 0);
    expect(picker.ephemeral).toBe(true);
    expect(picker.embeds).toHaveLength(3);
    expect(picker.files.map(({ name }) => name)).toEqual(['starry-night.jpg']);
    expect(picker.controls[0]?.options?.map(({ value }) => value)).toEqual([
      'starry-night',
      'great-wave',
      'composition',
    ]);
    const asked = await ada.select(picker, picker.controls[0]?.custom_id ?? '', ['great-wave']);
    const done = await asked.answer(({ files }) => files.length === 1);
    expect(await paints(peer.bytesOf(done.files[0]), bytes)).toBe(true);
    expect(done.content).toContain('The Great Wave');
    expect(done.ephemeral).toBe(false);
  });

  it('takes the pictures of what is forwarded', async () => {
    const { ada, general, studio } = house();
    const elsewhere = await studio.channel('elsewhere');
    const first = await ada.post(elsewhere, { files: [{ name: 'far.png', bytes: await photo(1, 13, 13) }] });
    const post = await ada.post(general, { forward: first });
    const done = await throughMenu(house(), post);
    expect(await decoded(house().peer.bytesOf(done.files[0]))).toMatchObject({ width: 13 });
  });

  it('takes the picture of the message that it replies to', async () => {
    const { ada, bob, general, peer } = house();
    const first = await bob.post(general, { files: [{ name: 'his.png', bytes: await photo(1, 15, 15) }] });
    const post = await ada.post(general, { content: 'this one', replyTo: first });
    const done = await throughMenu(house(), post);
    expect(await decoded(peer.bytesOf(done.files[0]))).toMatchObject({ width: 15 });
  });

  it('takes what an embed shows', async () => {
    const { ada, bob, general, peer } = house();
    const held = await bob.post(general, { files: [{ name: 'seen.png', bytes: await photo(1, 16, 16) }] });
    const url = held.files[0] === undefined ? '' : peer.linkTo(held.files[0]);
    const post = await bob.post(general, {
      content: 'https://example.com/seen',
      embeds: [
        { url: 'https://example.com/seen', image: { url: 'https://example.com/a.png', proxy_url: url } },
      ],
    });
    ada.react(post, '🌌');
    const answer = await painted(peer, general);
    expect(answer.replyTo).toBe(post.id);
    expect(await decoded(peer.bytesOf(answer.files[0]))).toMatchObject({ width: 16 });
  });

  it('takes stickers, and says of those that move as drawings that they can’t be read', async () => {
    const { ada, general, peer } = house();
    const drawn = peer.sticker('wave', await photo(1, 17, 17));
    const done = await throughMenu(house(), await ada.post(general, { stickers: [drawn] }));
    expect(await decoded(peer.bytesOf(done.files[0]))).toMatchObject({ width: 17 });
    const moving = await ada.post(general, { stickers: [{ ...drawn, format_type: 3 }] });
    ada.react(moving, '🌌');
    const refused = await eventually(() =>
      answersTo(peer, general, moving).find(({ content }) => content.includes('Lottie')),
    );
    expect(refused.files).toEqual([]);
  });

  it('says at once where the message holds no picture', async () => {
    const { ada, general } = house();
    const post = await ada.post(general, { content: 'words' });
    const asked = await ada.messageCommand('Stylize…', post);
    expect((await asked.answer()).content).toContain('no picture');
    expect(asked.visible()).toHaveLength(1);
  });

  it('takes at most four', async () => {
    const { ada, general } = house();
    const files = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (n) => ({ name: `${n}.png`, bytes: await photo(n * 40) })),
    );
    const done = await throughMenu(house(), await ada.post(general, { files }));
    expect(done.files).toHaveLength(4);
  });
});

describe('“Upscale” on a message', () => {
  it('begins at once where there is one factor', async () => {
    const { ada, bob, general, peer } = house();
    const post = await bob.post(general, { files: [{ name: 'small.png', bytes: await photo(1, 10, 10) }] });
    const asked = await ada.messageCommand('Upscale', post);
    const done = await asked.answer(({ files }) => files.length === 1);
    expect(await decoded(peer.bytesOf(done.files[0]))).toMatchObject({ width: 40, height: 40 });
  });
});

describe('links that have expired', () => {
  it('are asked for anew, of the message', async () => {
    const { ada, general, peer } = house();
    const bytes = await photo();
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes }] });
    const menu = await ada.messageCommand('Stylize…', post);
    const picker = await menu.answer(({ controls }) => controls.length > 0);
    peer.expireLinks();
    const asked = await ada.select(picker, picker.controls[0]?.custom_id ?? '', ['starry-night']);
    const done = await asked.answer(({ files }) => files.length === 1);
    expect(await paints(peer.bytesOf(done.files[0]), bytes)).toBe(true);
  });

  it('end in a sentence where the message is gone too', async () => {
    const { ada, general, peer } = house();
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes: await photo() }] });
    const menu = await ada.messageCommand('Stylize…', post);
    const picker = await menu.answer(({ controls }) => controls.length > 0);
    ada.remove(post);
    peer.expireLinks();
    peer.fault.once('POST /attachments/refresh-urls', { status: 404 });
    const asked = await ada.select(picker, picker.controls[0]?.custom_id ?? '', ['starry-night']);
    const said = await asked.answer(({ content }) => content.includes('expired'));
    expect(said.files).toEqual([]);
  });
});

describe('care', () => {
  it('hides the painting of what was hidden, and tells what its photo showed', async () => {
    const { ada, general, peer } = house();
    const file = { name: 'secret.png', bytes: await photo(), spoiler: true, description: 'two boats' };
    const post = await ada.post(general, { files: [file] });
    ada.react(post, '🌌');
    const [painting] = (await painted(peer, general)).files;
    expect(painting?.name).toMatch(/^SPOILER_/);
    expect(painting?.description).toContain('two boats');
  });

  it('hides the painting of a picture whose address was hidden, and of no other', async () => {
    const { ada, bob, general, peer } = house();
    const addresses = ['https://example.com/hidden', 'https://example.com/open'] as const;
    const embeds = await Promise.all(
      addresses.map(async (url, at) => {
        const proxy = peer.external(`${at}.png`, await photo(at * 99));
        return { url, thumbnail: { url: `${url}.png`, proxy_url: proxy } };
      }),
    );
    const post = await bob.post(general, {
      content: `||see ${addresses[0]}|| and ${addresses[1]}`,
      embeds,
    });
    const done = await throughMenu(house(), post);
    expect(done.files.map(({ name }) => name.startsWith('SPOILER_'))).toEqual([true, false]);
    ada.react(post, '🌊');
    const answer = await eventually(() =>
      answersTo(peer, general, post).find(({ files }) => files.length > 0),
    );
    expect(answer.files.map(({ name }) => name.startsWith('SPOILER_'))).toEqual([true, false]);
  });

  it('answers what comes from an age-restricted channel in such a one only', async () => {
    const { ada, general, studio, peer } = house();
    const adults = await studio.channel('adults', { nsfw: true });
    const others = await studio.channel('others', { nsfw: true });
    const first = await ada.post(adults, { files: [{ name: 'a.png', bytes: await photo() }] });
    const inside = await ada.post(others, { forward: first });
    ada.react(inside, '🌌');
    await painted(peer, others);
    const outside = await ada.post(general, { forward: first });
    ada.react(outside, '🌌');
    const refused = await eventually(() =>
      answersTo(peer, general).find(({ content }) => content.includes('age-restricted')),
    );
    await settle(house());
    expect(refused.files).toEqual([]);
    expect(answersTo(peer, general)).toHaveLength(1);
  });
});
