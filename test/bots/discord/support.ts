import { rmSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { someStyles } from '../../commands/support.ts';
import { type LogLine, startTestRedis, type TestRedis, temporaryFolder } from '../../queue/support.ts';
import { storedIn } from '../../secrecy.ts';
import { type BotConfig, previewOf, type Running, startBot, startWorker } from './bot.ts';
import { type Company, gather } from './company.ts';
import type { DiscordPeer, PeerOptions } from './peer/api.ts';
import { startDiscordPeer } from './peer/peer.ts';
import { photo } from './pictures.ts';

/** A Discord with a bot, a server and people in it; nothing of the bot's insides. */
export interface DiscordHouse extends Company {
  readonly peer: DiscordPeer;
  /** What the bot and the worker told their log. */
  readonly log: readonly LogLine[];
  startBot(change?: Partial<BotConfig>): Promise<Running>;
  /** End every bot that runs. */
  stopBot(): Promise<void>;
  /** Let what waits in line be painted. */
  startWorker(): void;
  stopWorker(): Promise<void>;
  /** Everything that Redis holds, as text. */
  stored(): Promise<string>;
  redis(): TestRedis;
}

/** What is other than in the plain house, where a bot and a worker run. */
export interface HouseOptions {
  readonly peer?: PeerOptions;
  readonly bot?: Partial<BotConfig>;
  /** False: the test starts it. */
  readonly started?: boolean;
}

/** A house that is new to each test of a file. Each ends with the peer content with all that it was asked. */
export function useDiscord(options: HouseOptions = {}): () => DiscordHouse {
  let redis: TestRedis | undefined;
  let house: (DiscordHouse & Running) | undefined;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterAll(() => redis?.close());
  beforeEach(async () => {
    const { log, clear } = present(redis);
    log.lines.length = 0;
    await clear();
    house = await open(present(redis), options);
  });
  afterEach(async () => {
    await present(house).close();
    present(house).peer.check();
  });
  return () => present(house);
}

function present<T>(thing: T | undefined): T {
  if (thing === undefined) throw new Error('the house opens before the first test');
  return thing;
}

async function open(
  redis: TestRedis,
  { peer: about = {}, bot: config = {}, started = true }: HouseOptions,
): Promise<DiscordHouse & Running> {
  const peer = await startDiscordPeer(about);
  const previews = temporaryFolder();
  for (const style of someStyles) {
    const file = previewOf(previews, style);
    if (file !== undefined) writeFileSync(file, await photo(20));
  }
  const company = await gather(peer, await photo(77, 32, 32));
  let bots: Running[] = [];
  let worker: Running | undefined;

  const house: DiscordHouse & Running = {
    peer,
    ...company,
    log: redis.log.lines,
    redis: () => redis,
    startBot: async (change = {}) => {
      const { token, apiUrl, cdnUrl } = peer;
      const bot = await startBot(redis, { token, apiUrl, cdnUrl, previews, ...config, ...change });
      bots.push(bot);
      return bot;
    },
    stopBot: async () => {
      const all = bots;
      bots = [];
      for (const bot of all) await bot.close();
    },
    startWorker: () => {
      worker ??= startWorker(redis);
    },
    stopWorker: async () => {
      await worker?.close();
      worker = undefined;
    },
    stored: () => storedIn(redis.url),
    close: async () => {
      await house.stopBot();
      await house.stopWorker();
      await peer.close();
      rmSync(previews, { recursive: true, force: true });
    },
  };
  if (!started) return house;
  await house.startBot();
  house.startWorker();
  return house;
}
