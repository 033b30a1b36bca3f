import { setMaxListeners } from 'node:events';
import { SCOPES } from '../../src/bots/slack/scopes.ts';
import { gather } from '../bots/discord/company.ts';
import { startDiscordPeer } from '../bots/discord/peer/peer.ts';
import { photo } from '../bots/discord/pictures.ts';
import { freePort } from '../bots/slack/in-process.ts';
import { startSlackPeer } from '../bots/slack/peer/slack-peer.ts';
import { forAll } from '../bots/slack/reading.ts';
import { type Bots, openBots } from '../e2e/bots.ts';
import { discordSettings, slackSettings } from '../e2e/peer-settings.ts';
import { eventually } from '../queue/support.ts';

/*
 * How soon people are told that they were heard, as the platform sees it: 200 commands from 50 people arrive at once, while
 * the one worker is busy and others wait. Run by `npm run bench`; ends by 1 where it takes too long.
 */

const PEOPLE = 50;
const EACH = 4;
const WAITING = 20;
const P99_MS = 1_000;
const MAX_MS = 2_500;

/** Milliseconds of each acknowledgement; infinite where none came in the platform's time. */
type Times = readonly number[];

const everybody = Array.from({ length: PEOPLE }, (_, index) => index);
const large = await photo(1, 1_500, 1_500);

setMaxListeners(2 * PEOPLE * EACH);
const missed = [
  report('Discord', await onDiscord()),
  report('Slack over a socket', await onSlack('socket')),
  report('Slack over HTTP', await onSlack('http')),
];
process.exitCode = missed.some(Boolean) ? 1 : 0;

function report(where: string, times: Times): boolean {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): number =>
    sorted[Math.ceil(part * sorted.length) - 1] ?? Number.POSITIVE_INFINITY;
  const [p50, p99, max] = [at(0.5), at(0.99), at(1)];
  const late = p99 > P99_MS || max > MAX_MS;
  console.log(
    `${where}: ${times.length} commands at once are acknowledged in ${p50} ms (p50), ${p99} ms (p99, at most ${P99_MS}), ` +
      `${max} ms (max, at most ${MAX_MS}): ${late ? 'MISSED' : 'held'}`,
  );
  return late;
}

async function started(bots: Bots): Promise<void> {
  await Promise.all([bots.startBot(), bots.startWorker()]);
}

async function onDiscord(): Promise<Times> {
  const peer = await startDiscordPeer();
  const bots = await openBots('discord', () => discordSettings(peer));
  try {
    await started(bots);
    const { studio, general, bob } = await gather(peer, await photo());
    const style = 'starry-night';
    for (let nth = 0; nth < WAITING; nth++) {
      const bytes = nth === 0 ? large : await photo(nth, 640, 640);
      const asked = await bob.slash(general, 'stylize', { style, picture: { name: 'a.png', bytes } });
      await asked.answer(({ content }) => content !== '', 60_000);
    }
    const people = await Promise.all(everybody.map((nth) => peer.user(`person${nth}`)));
    for (const person of people) await studio.join(person);
    const photos = await Promise.all(Array.from({ length: EACH }, (_, nth) => photo(nth * 50, 64, 64)));
    const all = await Promise.all(
      people.flatMap((person) =>
        photos.map((bytes) => person.slash(general, 'stylize', { style, picture: { name: 'b.png', bytes } })),
      ),
    );
    return await Promise.all(all.map((asked) => asked.acknowledged().catch(() => Number.POSITIVE_INFINITY)));
  } finally {
    await bots.close();
    await peer.close();
  }
}

async function onSlack(mode: 'socket' | 'http'): Promise<Times> {
  const peer = await startSlackPeer({ mode, scopes: [...SCOPES.keys()] });
  const port = await freePort();
  const bots = await openBots('slack', () => slackSettings(peer, mode, port));
  if (mode === 'http') peer.moveBot(`http://127.0.0.1:${port}/slack/events`);
  try {
    await started(bots);
    const bob = await peer.user();
    const channel = await peer.channel();
    for (let nth = 0; nth < WAITING; nth++) {
      const bytes = nth === 0 ? large : await photo(nth, 640, 640);
      const asked = await bob.mention(channel, 'stylize starry-night', { files: [{ name: 'a.png', bytes }] });
      await eventually(() => forAll(peer, asked).length > 0, 60_000);
    }
    const people = [];
    for (const nth of everybody) {
      const person = await peer.user();
      await person.post(channel, '', { files: [{ name: 'b.png', bytes: await photo(nth, 64, 64) }] });
      people.push(person);
    }
    await peer.idle();
    const all = await Promise.all(
      people.flatMap((person) =>
        Array.from({ length: EACH }, (_, nth) =>
          person.slash(channel, '/stylize', `starry-night strength:0.${nth + 2}`),
        ),
      ),
    );
    return all.map(({ ackMs }) => ackMs ?? Number.POSITIVE_INFINITY);
  } finally {
    await bots.close();
    await peer.close();
  }
}
