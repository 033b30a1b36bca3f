import { afterEach, describe, expect, it } from 'vitest';
import { gather } from '../bots/discord/company.ts';
import { settle } from '../bots/discord/reading.ts';
import { finalAnswer, hintTo } from '../bots/slack/reading.ts';
import { openTown, type Town } from '../chaos/town.ts';
import { findings, findingsIn, watchCommands } from '../secrecy.ts';
import { LIMIT_MS } from './bots.ts';
import { boats, expectPainting } from './pictures.ts';

/* Both bots and a worker as their processes, which log all that they can. */

let town: Town | undefined;

afterEach(async () => {
  await town?.close();
  town = undefined;
});

const LETTER = Buffer.from('Dear Impasto, '.repeat(99));

async function askOnDiscord({ discord }: Town): Promise<void> {
  const company = await gather(discord, await boats(40));
  const { ada, bob, general, avatar: photo } = company;
  const message = 'PATCH /webhooks/:app/:token/messages/@original';
  discord.fault.times(2, message, { status: 500 });
  const asked = await ada.slash(general, 'stylize', {
    style: 'starry-night',
    picture: { name: 'boats.png', bytes: photo },
  });
  const done = await asked.answer(({ files }) => files.length > 0, LIMIT_MS);
  await expectPainting(discord.bytesOf(done.files[0]), photo);
  const refused = await bob.slash(general, 'stylize', {
    style: 'starry-night',
    picture: { name: 'letter.png', bytes: LETTER },
  });
  await refused.answer(({ content }) => content.includes('no picture'), LIMIT_MS);
  const unknown = await bob.slash(general, 'stylize', { style: 'no-such-style' });
  await unknown.answer(({ content }) => content.includes('no-such-style'), LIMIT_MS);
  await settle({ ...company, peer: discord });
}

async function askOnSlack({ slack }: Town): Promise<void> {
  const [channel, ada, bob] = [await slack.channel(), await slack.user(), await slack.user()];
  const photo = await boats(7);
  slack.fault.once('files.download', { status: 500 });
  const files = [{ name: 'boats.png', bytes: photo }];
  const asked = await ada.mention(channel, 'stylize starry-night', { files });
  const done = await finalAnswer(slack, asked, LIMIT_MS);
  await expectPainting(slack.picturesOf(done)[0], photo);
  const letter = [{ name: 'letter.png', bytes: LETTER }];
  const refused = await bob.mention(channel, 'stylize starry-night', { files: letter });
  expect((await finalAnswer(slack, refused, LIMIT_MS)).text).toContain('no picture');
  slack.fault.once('chat.update', { error: 'something_new' });
  const other = [{ name: 'other.png', bytes: await boats(8) }];
  await finalAnswer(slack, await bob.mention(channel, 'stylize starry-night', { files: other }), LIMIT_MS);
  const hint = await hintTo(slack, await bob.slash(channel, '/stylize', 'no-such-style'), LIMIT_MS);
  expect(hint.text).toContain('no-such-style');
  const image_url = `${slack.settings.slackApiUrl}auth.test`;
  const led = await ada.mention(channel, 'stylize starry-night', { attachments: [{ image_url }] });
  expect((await finalAnswer(slack, led, LIMIT_MS)).text).toContain('no picture');
}

/** All that a Discord was sent, but for what it itself wants as the key to an answer: paths, and one header. */
function sentTo({ discord }: Town): string {
  return JSON.stringify(
    discord.requests.map(({ query, headers: { authorization: _, ...headers }, body, files }) => [
      query,
      headers,
      body,
      [...files].map(([field, { name }]) => [field, name]),
    ]),
  );
}

describe.each(['http', 'socket'] as const)('with Slack over %s', (mode) => {
  it('no secret is in any log, in Redis, in what Redis is given or in what the platforms are sent', async () => {
    town = await openTown(1, { LOG_LEVEL: 'trace' }, mode);
    const { house, discord, slack, secrets } = town;
    const commands = await watchCommands(house.redisUrl());
    await askOnDiscord(town);
    await askOnSlack(town);
    expect(await findingsIn(house.redisUrl(), secrets)).toEqual([]);
    expect(await findingsIn(house.redisUrl(), { 'a style': 'starry-night' }), 'all is looked at').not.toEqual(
      [],
    );
    commands.end();
    const texts = {
      'what the processes said': house.said(),
      'what Redis is given': commands.seen(),
      'what Discord is sent': sentTo(town),
      'the calls to Slack': JSON.stringify(slack.requests.map(({ args, headers }) => [args, headers])),
      'the files for Slack': JSON.stringify(slack.fileRequests.map(({ path, headers }) => [path, headers])),
    };
    expect(house.said(), 'they tell of what went wrong').toContain('something_new');
    for (const text of Object.values(texts)) expect(text).toMatch(/starry-night|impasto|upload/);
    expect(findings(texts, secrets)).toEqual([]);
    const given = {
      'what Discord is asked at': JSON.stringify(discord.requests.map(({ path }) => path)),
      'what Slack brings': JSON.stringify(slack.deliveries.map(({ payload }) => payload)),
    };
    expect(findings(given, secrets), 'the bots were given them').toEqual(
      expect.arrayContaining([
        'what Discord is asked at holds a token of an interaction (plain)',
        'what Slack brings holds an address to answer at (plain)',
      ]),
    );
    discord.check();
    slack.check();
  });
});
