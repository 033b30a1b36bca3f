import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PeerChannel } from '../../bots/discord/peer/places.ts';
import { sampleOf } from '../../observing/support.ts';
import { eventually, temporaryFolder } from '../../queue/support.ts';
import { LIMIT_MS } from '../bots.ts';
import { boats } from '../pictures.ts';
import { ask, type DiscordProgram, oneAnswer, useDiscordProgram } from './house.ts';

/* The bot in two shards, from settings as those that are shipped hand them over. */

const SHARDS = 2;
const program = useDiscordProgram({ started: false, peer: { shards: SHARDS } });
let secrets: string;

beforeAll(() => {
  secrets = temporaryFolder();
});
afterAll(() => rm(secrets, { recursive: true }));

it('runs in shards from a token in a file, answers on each of them, and ends as one', async () => {
  const { bots, peer } = program();
  const [first = 0, ...own] = await freePorts(1 + SHARDS);
  await bots.startWorker();
  await bots.startBot({ ...(await shipped()), METRICS_PORT: String(first) });
  await eventually(() => bots.said().includes(`The bot runs in ${SHARDS} shards.`), LIMIT_MS);
  expect(peer.gateway.identified).toBe(SHARDS);

  for (let shard = 0; shard < SHARDS; shard++) {
    const channel = await channelOn(shard, program());
    const asked = await ask({ ...program(), general: channel }, await boats(40 + shard, 96, 64));
    expect((await oneAnswer(program(), asked)).files).toHaveLength(1);
  }

  expect(await ready(first)).toBe(true);
  expect(await metrics(first)).not.toMatch(/^impasto_redis_up/m);
  for (const port of own) {
    expect(await ready(port)).toBe(true);
    expect(sampleOf(await metrics(port), 'impasto_redis_up')).toBe(1);
  }
  const submitted = 'impasto_submissions_total{platform="discord",network="starry-night",verdict="accepted"}';
  const taken = await Promise.all(own.map(async (port) => sampleOf(await metrics(port), submitted)));
  expect(taken).toEqual(own.map(() => 1));

  expect(await bots.stopBot()).toBe(0);
  for (let shard = 0; shard < SHARDS; shard++) {
    expect(bots.said()).toContain(`"shard":${shard},"code":0,"msg":"A shard has ended"}`);
  }
});

it('ends its shards too where the process that started them is killed', async () => {
  const { bots } = program();
  await bots.startBot(await shipped());
  await eventually(() => bots.said().split('The bot runs in 2 shards.').length === 3, LIMIT_MS);
  await bots.killBotAlone();
  const sentence = 'The process that started this shard is gone';
  expect(bots.said().split(sentence)).toHaveLength(1 + SHARDS);
  expect(bots.said()).not.toContain('The process ends by a defect');
});

/** The token stands in a file, and is set nowhere else. */
async function shipped(): Promise<NodeJS.ProcessEnv> {
  const file = join(secrets, 'discord_token');
  await writeFile(file, `${program().peer.token}\n`);
  return { DISCORD_TOKEN: undefined, DISCORD_TOKEN_FILE: file, DISCORD_SHARDS: 'auto' };
}

/** A channel on a server of that shard: which one a server falls to is told by when it was made. */
async function channelOn(shard: number, { peer, ada }: DiscordProgram): Promise<PeerChannel> {
  return await eventually(async () => {
    const guild = await peer.guild(`of shard ${shard}`);
    if (Number((BigInt(guild.id) >> 22n) % BigInt(SHARDS)) !== shard) return undefined;
    await guild.join(ada);
    return await guild.channel('general');
  }, LIMIT_MS);
}

async function ready(port: number): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
}

async function metrics(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}

/** Ports in a row that nobody listens on. */
async function freePorts(count: number): Promise<readonly number[]> {
  return await eventually(async () => {
    const first = await listenOnce(0);
    const next = Array.from({ length: count - 1 }, (_, index) => (first ?? 0) + 1 + index);
    const ports = [first, ...(await Promise.all(next.map(listenOnce)))];
    const free = ports.filter((port) => port !== undefined);
    return free.length === count ? free : undefined;
  });
}

async function listenOnce(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : undefined;
}
