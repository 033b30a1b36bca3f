import sharp from 'sharp';
import { MockAgent } from 'undici';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import type { Json } from './peer/json.ts';
import type { SeenMessage } from './peer/ledger.ts';
import type { Saying } from './peer/person.ts';
import type { SlackPeer } from './peer/slack-peer.ts';
import { looksLike, useSlackHouses } from './support.ts';

const open = useSlackHouses();

/** Whether an answer shows the paintings of these photos, in their order. */
async function paints(peer: SlackPeer, answer: SeenMessage, photos: readonly Buffer[]): Promise<boolean> {
  const shown = peer.picturesOf(answer);
  if (shown.length !== photos.length) return false;
  const same = await Promise.all(
    photos.map(async (bytes, at) =>
      looksLike(shown[at], await sharp(bytes).autoOrient().negate().toBuffer()),
    ),
  );
  return same.every(Boolean);
}

describe('where the picture comes from', () => {
  it('what is attached goes before whoever is named, and before what was posted', async () => {
    const { peer, answer } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    const bob = await peer.user({ avatar: await photo(140) });
    const attached = await photo(10);
    await ada.post(channel, '', { files: [{ name: 'old.jpg', bytes: await photo(250) }] });
    const asked = await ada.mention(channel, `stylize starry-night <@${bob.id}>`, {
      files: [{ name: 'new.jpg', bytes: attached }],
    });
    expect(await paints(peer, await answer(asked), [attached])).toBe(true);
    peer.check();
  });

  it.each(['mention', 'slash'] as const)('the avatar of whoever is named, by a %s', async (how) => {
    const { peer, answer } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    const avatar = await photo(140);
    const bob = await peer.user({ avatar });
    const asked =
      how === 'mention'
        ? await ada.mention(channel, `stylize starry-night <@${bob.id}>`)
        : await ada.slash(channel, '/stylize', `starry-night <@${bob.id}|bob>`);
    expect(await paints(peer, await answer(asked), [avatar])).toBe(true);
    peer.check();
  });

  it('the picture of the message that is acted on', async () => {
    const { peer, answer } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    const bytes = await photo(60);
    const posted = await ada.post(channel, 'this one', { files: [{ name: 'a.jpg', bytes }] });
    await ada.post(channel, 'not this one', { files: [{ name: 'b.jpg', bytes: await photo(220) }] });
    await ada.shortcut('impasto.stylize', posted.message);
    const modal = await eventually(() => peer.modals(ada).at(-1));
    expect(JSON.stringify(modal.json)).not.toContain('file_input');
    const sent = await ada.submitView(modal);
    const answered = await answer({ ...sent, channel: channel.id });
    expect(answered.threadTs).toBe(posted.message.ts);
    expect(await paints(peer, answered, [bytes])).toBe(true);
    peer.check();
  });

  it('in a thread, the latest of whoever asks, else of anyone, the first message included', async () => {
    const { peer } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    const bob = await peer.user();
    const [mine, his] = [await photo(30), await photo(190)];
    const { message: parent } = await bob.post(channel, '', { files: [{ name: 'b.jpg', bytes: his }] });
    const first = await ada.mention(channel, 'stylize starry-night', { thread: parent });
    const anyones = await eventually(async () => {
      const [found] = peer.answers(first);
      return found !== undefined && (await paints(peer, found, [his])) ? found : undefined;
    });
    await ada.post(channel, '', { thread: parent, files: [{ name: 'a.jpg', bytes: mine }] });
    await bob.post(channel, '', { thread: parent, files: [{ name: 'c.jpg', bytes: await photo(111) }] });
    const second = await ada.mention(channel, 'stylize starry-night', { thread: parent });
    const own = await eventually(() =>
      peer
        .answers(second)
        .find(({ ts, blocks }) => ts !== anyones.ts && JSON.stringify(blocks).includes('slack_file')),
    );
    expect(await paints(peer, own, [mine])).toBe(true);
    peer.check();
  });

  it('in a channel, the latest of whoever asks, else of anyone', async () => {
    const { peer, answer } = await open();
    const channel = await peer.channel();
    const [ada, bob] = [await peer.user(), await peer.user()];
    const [mine, his] = [await photo(30), await photo(190)];
    await ada.post(channel, '', { files: [{ name: 'a.jpg', bytes: mine }] });
    await bob.post(channel, '', { files: [{ name: 'b.jpg', bytes: his }] });
    expect(await paints(peer, await answer(await ada.mention(channel, 'stylize starry-night')), [mine])).toBe(
      true,
    );
    const other = await peer.channel();
    await bob.post(other, '', { files: [{ name: 'b.jpg', bytes: his }] });
    expect(await paints(peer, await answer(await ada.mention(other, 'stylize starry-night')), [his])).toBe(
      true,
    );
    peer.check();
  });

  it('otherwise there is a sentence on how to give one', async () => {
    const { peer, answer } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    const answered = await answer(await ada.mention(channel, 'stylize starry-night'));
    expect(answered.text).toContain('I found no picture.');
    peer.check();
  });
});

describe('several pictures', () => {
  it('are painted as one answer, in order, with their text alternatives', async () => {
    const { peer, answer } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    const photos = [await photo(10), await photo(120), await photo(240)];
    const files = photos.map((bytes, at) => ({ name: `${at}.jpg`, bytes, altText: `Boat number ${at}` }));
    const answered = await answer(await ada.mention(channel, 'stylize starry-night', { files }));
    expect(await paints(peer, answered, photos)).toBe(true);
    for (const at of [0, 1, 2]) expect(JSON.stringify(answered.blocks)).toContain(`Boat number ${at}`);
    peer.check();
  });

  it('are more than fit: the asker is told how many do', async () => {
    const { peer, answer } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    const files = await Promise.all(
      [1, 2, 3, 4, 5].map(async (at) => ({ name: `${at}.jpg`, bytes: await photo(at * 40) })),
    );
    const answered = await answer(await ada.mention(channel, 'stylize starry-night', { files }));
    expect(answered.text).toContain('at most 4 pictures');
    peer.check();
  });

  it('that are partly none do not spoil the others', async () => {
    const { peer, answer } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    const good = await photo(70);
    const broken = (await photo(200)).subarray(0, 200);
    const files = [
      { name: 'broken.jpg', bytes: broken },
      { name: 'good.jpg', bytes: good },
    ];
    const answered = await answer(await ada.mention(channel, 'stylize starry-night', { files }));
    expect(await paints(peer, answered, [good])).toBe(true);
    expect(answered.text).toContain('damaged');
    peer.check();
  });
});

describe('files of every kind', () => {
  it.each([
    ['that lies outside Slack', { external: true }],
    ['that Slack sends on for', { redirected: true }],
    ['that events know by its id alone', { onlyById: true }],
    ['that becomes ready late', { readyAfterMs: 1_500 }],
  ] as const)('one %s is fetched, without the token leaving Slack', async (_, special) => {
    const { peer, answer } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    const bytes = await photo(70);
    const asked = await ada.mention(channel, 'stylize starry-night', {
      files: [{ name: 'a.jpg', bytes, ...special }],
    });
    expect(await paints(peer, await answer(asked), [bytes])).toBe(true);
    const outside = peer.fileRequests.filter(({ host }) => host === 'outside');
    expect(outside.every(({ authorization }) => authorization === undefined)).toBe(true);
    peer.check();
  });

  it('one that is no picture is refused with a sentence', async () => {
    const { peer, answer } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    const asked = await ada.mention(channel, 'stylize starry-night', {
      files: [{ name: 'a.jpg', bytes: Buffer.from('GIF89a but not really a picture at all') }],
    });
    const answered = await answer(asked);
    expect(peer.picturesOf(answered)).toEqual([]);
    expect(answered.text).toMatch(/damaged|no picture/);
    peer.check();
  });
});

describe('an address that somebody chose', () => {
  const given: readonly (readonly [string, (address: string) => Saying])[] = [
    ['in an attachment', (image_url) => ({ attachments: [{ image_url, fallback: 'a boat' }] })],
    ['in a preview’s block', (image_url) => ({ attachments: [{ blocks: [blockOf(image_url)] }] })],
    [
      'for a file that lies elsewhere',
      (external) => ({ files: [{ name: 'a.jpg', bytes: Buffer.from('none'), external }] }),
    ],
  ];

  it.each(given)('%s, and that is Slack’s own, is asked without the token', async (_, saying) => {
    const { peer, answer } = await open();
    const [channel, other] = [await peer.channel(), await peer.channel()];
    const ada = await peer.user();
    const hostile = new URL('chat.postMessage', peer.settings.slackApiUrl);
    hostile.search = new URLSearchParams({ channel: other.id, text: 'I was made to say this' }).toString();
    await answer(await ada.mention(channel, 'stylize starry-night', saying(hostile.href)));
    const asked = peer.calls('chat.postMessage').filter(({ args }) => args.channel === other.id);
    expect(asked.map(({ team, answer: said }) => [team, said?.error])).toEqual([[undefined, 'not_authed']]);
    expect(peer.messages(other)).toEqual([]);
    peer.check();
  });

  it.each(given)('%s, and that is a private file’s, shows nothing of the file', async (_, saying) => {
    const { peer, answer } = await open();
    const [hidden, channel] = [await peer.channel({ isPrivate: true }), await peer.channel()];
    const [ada, bob] = [await peer.user(), await peer.user()];
    const posted = await ada.post(hidden, '', { files: [{ name: 'a.jpg', bytes: await photo(90) }] });
    const address = await eventually(() => {
      const [file] = peer.now(posted.message).files;
      return typeof file?.url_private === 'string' && file.url_private;
    });
    const answered = await answer(await bob.mention(channel, 'stylize starry-night', saying(address)));
    expect(peer.picturesOf(answered)).toEqual([]);
    const downloads = peer.fileRequests.filter(({ method }) => method === 'GET');
    expect(downloads.map(({ authorization, outcome }) => [authorization, outcome])).toEqual([
      [undefined, 'page'],
    ]);
    peer.check();
  });
});

function blockOf(image_url: string): Json {
  return { type: 'image', image_url, alt_text: 'a boat' };
}

describe('a picture that another app shows from a site of its own', () => {
  const site = 'https://pictures.elsewhere.example';
  const attachments = [{ image_url: `${site}/a.png`, from_url: site, fallback: 'a boat' }];

  it.each([
    ['en-US', 'Please attach the picture itself'],
    ['zh-TW', '請直接附上圖片'],
  ])('is not fetched: people are told what to do instead (%s)', async (locale, sentence) => {
    const { peer, answer } = await open();
    const channel = await peer.channel();
    const ada = await peer.user({ locale });
    const asked = await ada.mention(channel, 'stylize starry-night', { attachments });
    expect((await answer(asked)).text).toContain(sentence);
    peer.check();
  });

  it('is painted where it may be fetched, without the token', async () => {
    const outside = new MockAgent();
    outside.disableNetConnect();
    const bytes = await photo(70);
    const asked: unknown[] = [];
    const pool = outside.get(site);
    pool.intercept({ path: '/a.png' }).reply(200, ({ headers }) => {
      asked.push(headers);
      return bytes;
    });
    pool.intercept({ path: '/a.png' }).reply(200, '<!doctype html><p>Come in</p>');
    const { peer, answer } = await open({ outside });
    const channel = await peer.channel();
    const ada = await peer.user();
    const first = await ada.mention(channel, 'stylize starry-night', { attachments });
    expect(await paints(peer, await answer(first), [bytes])).toBe(true);
    expect(asked).toHaveLength(1);
    expect(JSON.stringify(asked)).not.toMatch(/authorization/i);
    const page = await ada.mention(channel, 'stylize great-wave', { attachments });
    expect((await answer(page)).text).toContain('The file is no picture');
    peer.check();
    await outside.close();
  });
});
