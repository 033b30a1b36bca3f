import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kill } from 'node:process';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { SCOPES } from '../../../src/bots/slack/scopes.ts';
import { createArtefacts } from '../../../src/queue/artefacts.ts';
import { createQueueContext } from '../../../src/queue/context.ts';
import type { Consumer, InferenceHandler } from '../../../src/queue/contract.ts';
import { consumeInference } from '../../../src/queue/inference.ts';
import type { Task } from '../../../src/queue/request.ts';
import { startSweeper } from '../../../src/queue/sweeper.ts';
import { quick } from '../../queue/house.ts';
import { startTestRedis, type TestRedis, temporaryFolder } from '../../queue/support.ts';
import { storedIn } from '../../secrecy.ts';
import { photo } from '../playground/support.ts';
import { type Bot, freePort, type HouseOptions, openBot, work } from './in-process.ts';
import type { SeenMessage } from './peer/ledger.ts';
import type { Acted, Said } from './peer/person.ts';
import { type SlackPeer, startSlackPeer } from './peer/slack-peer.ts';
import { finalAnswer, hintTo } from './reading.ts';

/** The whole program behind Slack, as far as anybody outside can see and handle it. */
export interface SlackHouse {
  readonly peer: SlackPeer;
  /** Where people begin an installation. */
  readonly installUrl: () => string;
  /** Where Slack brings what has happened, over HTTP. */
  readonly eventsUrl: () => string;
  /** A further one, where one runs already; what is left out is as in the house. */
  startBot(changes?: Pick<HouseOptions, 'secrets'>): Promise<void>;
  /** Whether the bot says that events reach it. */
  connected(): boolean | undefined;
  /** All of them. */
  stopBot(): Promise<void>;
  /** Rejects where a bot can't go on. */
  ended(): Promise<never>;
  startWorker(): void;
  stopWorker(): Promise<void>;
  /** How many pictures were made. */
  readonly made: () => number;
  /** What was asked of the worker, in order. */
  readonly tasks: () => readonly Task[];
  /** Let Redis answer nobody, until what is returned is called. */
  pauseRedis(): () => void;
  /** All that the program logged, and all that it keeps: where tokens must not be. */
  leftBehind(): Promise<string>;
  /** Let nobody be able to read any more what the first workspace's managers have set. */
  damageSettings(): Promise<void>;
  readonly redis: TestRedis;
  /** The one answer to something asked, once it is no longer about to change; fails where there are more. */
  answer(asked: Said | Acted): Promise<SeenMessage>;
  /** What the asker alone was told. */
  hint(asked: Said | Acted): Promise<SeenMessage>;
}

/** One Redis for the tests of a file; the houses are closed after each test. */
export function useSlackHouses(): (options?: HouseOptions) => Promise<SlackHouse> {
  let redis: TestRedis | undefined;
  let closing: (() => Promise<void>)[] = [];
  const started = (): TestRedis => {
    if (redis === undefined) throw new Error('Redis is started before the first test');
    return redis;
  };
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterAll(() => started().close());
  beforeEach(async () => {
    started().log.lines.length = 0;
    await started().clear();
  });
  afterEach(async () => {
    for (const close of closing.toReversed()) await close();
    closing = [];
  });
  return (options = {}) => openHouse(started(), options, (close) => closing.push(close));
}

async function openHouse(
  redis: TestRedis,
  options: HouseOptions,
  onClose: (close: () => Promise<void>) => void,
): Promise<SlackHouse> {
  const { mode = 'socket', many = false } = options;
  const peer = await startSlackPeer({
    mode,
    scopes: [...SCOPES.keys()],
    installed: !many,
    ...options,
  });
  onClose(() => peer.close());
  const folder = temporaryFolder();
  onClose(async () => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'starry-night.jpg'), await photo(20));
  writeFileSync(join(folder, 'great-wave.jpg'), await photo(90));

  const context = createQueueContext(redis.connect(), redis.log, quick);
  const artefacts = createArtefacts(redis.connect(), { ttlSeconds: 60, budgetBytes: 50_000_000 });
  const sweeper = startSweeper(context, artefacts);
  onClose(async () => {
    await sweeper.close();
    await context.close();
  });
  const tasks: Task[] = [];
  let worker: Consumer | undefined;
  let bots: readonly Bot[] = [];
  let port = many ? await freePort() : 0;

  const eventsUrl = (): string => `http://127.0.0.1:${port}/slack/events`;

  async function stopWorker(): Promise<void> {
    await worker?.close(100);
    worker = undefined;
  }
  function startWorker(): void {
    const paint: InferenceHandler = (job) => {
      tasks.push(job.task);
      return work(job, artefacts);
    };
    worker = consumeInference(context, paint, { artefacts });
  }
  async function stopBot(): Promise<void> {
    await Promise.all(bots.map((bot) => bot.stop()));
    bots = [];
  }
  async function startBot(changes: Pick<HouseOptions, 'secrets'> = {}): Promise<void> {
    const bot = await openBot(redis, { ...options, ...changes, mode, many, port, peer, folder });
    bots = [...bots, bot];
    if (mode === 'http') port = bot.port();
    if (mode === 'http') peer.moveBot(eventsUrl());
  }
  onClose(stopWorker);
  onClose(stopBot);
  if (options.idle !== true) startWorker();
  if (options.asleep !== true) await startBot();

  return {
    peer,
    installUrl: () => `http://127.0.0.1:${port}/slack/install`,
    eventsUrl,
    startBot,
    connected: () => bots.at(-1)?.connected(),
    stopBot,
    ended: () => Promise.race(bots.map((bot) => bot.ended)),
    startWorker,
    stopWorker,
    made: () => tasks.length,
    tasks: () => tasks,
    pauseRedis: () => {
      kill(redis.pid, 'SIGSTOP');
      const goOn = (): void => {
        kill(redis.pid, 'SIGCONT');
      };
      onClose(async () => goOn());
      return goOn;
    },
    redis,
    leftBehind: async () => `${JSON.stringify(redis.log.lines)}\n${await storedIn(redis.url)}`,
    damageSettings: async () => {
      await redis.connect().set(`{impasto}:server-settings:slack:${peer.team().id}`, '{');
    },
    answer: (asked) => finalAnswer(peer, asked),
    hint: (asked) => hintTo(peer, asked),
  };
}

/** Whether two pictures show the same, whatever format they came in. */
export async function looksLike(given: Uint8Array | undefined, expected: Uint8Array): Promise<boolean> {
  const pixels = (bytes: Uint8Array): Promise<Buffer> => sharp(bytes).removeAlpha().raw().toBuffer();
  if (given === undefined) return false;
  const [a, b] = await Promise.all([pixels(given), pixels(expected)]);
  return a.length === b.length && a.every((value, at) => Math.abs(value - (b[at] ?? 0)) <= 6);
}
