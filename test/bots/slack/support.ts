import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createInvoker } from '../../../src/bots/invoke.ts';
import type { Recode } from '../../../src/bots/fit.ts';
import { createLinks } from '../../../src/bots/links.ts';
import { PICTURE_HOSTS, type SlackConfig } from '../../../src/bots/slack/config.ts';
import { createSlack, type Slack } from '../../../src/bots/slack/slack.ts';
import { createRegistry } from '../../../src/commands/registry.ts';
import type { CommandRequest } from '../../../src/commands/request.ts';
import type { StyleInfo } from '../../../src/commands/style-info.ts';
import type { UpscalerInfo } from '../../../src/commands/upscaler-info.ts';
import { decode, inspect } from '../../../src/images/decode.ts';
import { createFetcher } from '../../../src/images/fetch.ts';
import { encodeWithin } from '../../../src/images/fit.ts';
import { createArtefacts } from '../../../src/queue/artefacts.ts';
import { createQueueContext } from '../../../src/queue/context.ts';
import type { Artefacts, Consumer, InferenceHandler } from '../../../src/queue/contract.ts';
import { consumeDelivery } from '../../../src/queue/delivery.ts';
import { createEditTurns } from '../../../src/queue/edit-turns.ts';
import { consumeInference } from '../../../src/queue/inference.ts';
import { consumeIntake } from '../../../src/queue/intake.ts';
import { createLimits, type ShareLimits } from '../../../src/queue/limits.ts';
import { createPeople } from '../../../src/queue/people.ts';
import { createPlaces } from '../../../src/queue/places.ts';
import { createRequestQueue } from '../../../src/queue/requests.ts';
import { createSealer } from '../../../src/queue/secrets.ts';
import { createServerSettings } from '../../../src/queue/server-settings.ts';
import { startSweeper } from '../../../src/queue/sweeper.ts';
import { quick } from '../../queue/house.ts';
import { eventually, startTestRedis, type TestRedis, temporaryFolder } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import type { SlackPeerOptions } from './peer/connect.ts';
import type { SeenMessage } from './peer/ledger.ts';
import type { Acted, Said } from './peer/person.ts';
import { type SlackPeer, startSlackPeer } from './peer/slack-peer.ts';
import { SCOPES } from '../../../src/bots/slack/scopes.ts';

/** How a house differs from the plain one. */
export interface HouseOptions extends Partial<SlackPeerOptions> {
  /** Many workspaces, each of which installs the app by itself; one whose token is known from the start otherwise. */
  readonly many?: boolean;
  readonly limits?: Partial<ShareLimits>;
  /** The largest result that is uploaded. */
  readonly resultBytes?: number;
  /** Where links to results begin; no links where it is left out. */
  readonly publicUrl?: string;
  /** Begin without a worker: whatever is asked waits in line. */
  readonly idle?: boolean;
  /** Begin without the bot. */
  readonly asleep?: boolean;
  readonly styles?: readonly StyleInfo[];
}

/** The whole program behind Slack, as far as anybody outside can see and handle it. */
export interface SlackHouse {
  readonly peer: SlackPeer;
  /** Where people begin an installation. */
  readonly installUrl: () => string;
  startBot(): Promise<void>;
  stopBot(): Promise<void>;
  startWorker(): void;
  stopWorker(): Promise<void>;
  /** How many pictures were made. */
  readonly made: () => number;
  /** All that the program logged, and all that it keeps: where tokens must not be. */
  leftBehind(): Promise<string>;
  /** The one answer to something asked, once it is no longer about to change; fails where there are more. */
  answer(asked: Said | Acted): Promise<SeenMessage>;
  /** What the asker alone was told. */
  hint(asked: Said | Acted): Promise<SeenMessage>;
}

/** Names of styles and factors that every house has. */
export const houseStyles: readonly StyleInfo[] = [
  {
    name: 'starry-night',
    emoji: '🌌',
    artwork: { title: 'The Starry Night', artist: 'Vincent van Gogh', year: 1889 },
    preview: 'starry-night.jpg',
  },
  {
    name: 'great-wave',
    emoji: '🌊',
    artwork: { title: 'The Great Wave', artist: 'Hokusai', year: 1831 },
    preview: 'great-wave.jpg',
  },
];
const upscalers: readonly UpscalerInfo[] = [
  { name: 'x4', factor: 4, emoji: '🔍' },
  { name: 'x8', factor: 8, emoji: '🔎' },
];

const SECRET = 'a secret of enough bytes';

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
  let made = 0;
  let worker: Consumer | undefined;
  let bot: Bot | undefined;
  let port = many ? await freePort() : 0;

  async function stopWorker(): Promise<void> {
    await worker?.close(100);
    worker = undefined;
  }
  function startWorker(): void {
    const paint: InferenceHandler = (job) => {
      made += 1;
      return work(job, artefacts);
    };
    worker = consumeInference(context, paint, { artefacts });
  }
  async function stopBot(): Promise<void> {
    await bot?.stop();
    bot = undefined;
  }
  async function startBot(): Promise<void> {
    bot = await openBot(redis, { ...options, mode, many, port, peer, folder });
    if (mode === 'http') port = bot.port();
    if (mode === 'http') peer.moveBot(`http://127.0.0.1:${port}/slack/events`);
  }
  onClose(stopWorker);
  onClose(stopBot);
  if (options.idle !== true) startWorker();
  if (options.asleep !== true) await startBot();

  return {
    peer,
    installUrl: () => `http://127.0.0.1:${port}/slack/install`,
    startBot,
    stopBot,
    startWorker,
    stopWorker,
    made: () => made,
    leftBehind: async () => `${JSON.stringify(redis.log.lines)}\n${await dump(redis)}`,
    answer: async (asked) => {
      const [found, ...others] = await eventually(() => {
        const answers = peer.answers(asked).filter(({ ephemeralTo }) => ephemeralTo === undefined);
        return answers.length > 0 && answers.every((each) => !isOpen(each)) ? answers : undefined;
      }, 15_000);
      await peer.idle();
      if (found === undefined || others.length > 0) throw new Error(`${others.length + 1} answers`);
      return found;
    },
    hint: async (asked) => {
      const [found] = await eventually(() => {
        const hints = peer.answers(asked).filter(({ ephemeralTo }) => ephemeralTo !== undefined);
        return hints.length > 0 ? hints : undefined;
      });
      if (found === undefined) throw new Error('no hint');
      return found;
    },
  };
}

interface Bot {
  readonly port: () => number;
  stop(): Promise<void>;
}

async function openBot(
  redis: TestRedis,
  options: HouseOptions & {
    readonly mode: 'socket' | 'http';
    readonly many: boolean;
    readonly port: number;
    readonly peer: SlackPeer;
    readonly folder: string;
  },
): Promise<Bot> {
  const { peer, mode, many, folder, styles = houseStyles } = options;
  const context = createQueueContext(redis.connect(), redis.log, quick);
  const connection = redis.connect('producer');
  const producer = createQueueContext(connection, redis.log, quick);
  const artefacts = createArtefacts(redis.connect(), { ttlSeconds: 60, budgetBytes: 50_000_000 });
  const places = createPlaces(SECRET);
  const queue = createRequestQueue<CommandRequest>(producer, places);
  const people = createPeople(producer, artefacts, queue);
  const serverSettings = createServerSettings(connection);
  const limits = createLimits(connection);
  const registry = createRegistry({ styles, upscalers }, { grouped: true, keepSeconds: 3600 });
  const shareLimits = { personPerHour: 0, serverPerHour: 0, ...options.limits };
  const services = { queue, people, serverSettings };
  const config = configOf(options, many, mode);
  const slack: Slack = createSlack({
    config,
    queue,
    artefacts,
    redis: connection,
    sealer: createSealer(SECRET, 'slack installation'),
    people,
    serverSettings,
    limits,
    turns: createEditTurns(context),
    invoker: createInvoker({ platform: 'slack', registry, services, limits, shareLimits }),
    inspect,
    recode,
    fetch: createFetcher({
      hosts: PICTURE_HOSTS,
      origins: [...config.unsafeOrigins, ...(await outsideOrigins(peer))],
      bytes: 20_000_000,
      timeoutMs: 5_000,
    }),
    links:
      options.publicUrl === undefined
        ? undefined
        : createLinks({ base: options.publicUrl, secret: SECRET, seconds: 60 }),
    previews: folder,
    log: redis.log,
    progressMs: 50,
    ...(options.resultBytes === undefined ? {} : { resultBytes: options.resultBytes }),
  });
  const consumers = [
    consumeIntake(context, 'slack', slack.intake, { artefacts, places }),
    consumeDelivery(context, 'slack', slack.deliver, { places }),
  ];
  const stop = async (): Promise<void> => {
    await slack.close();
    await Promise.all(consumers.map((consumer) => consumer.close(100)));
    await queue.close();
    await producer.close();
    await context.close();
  };
  try {
    await slack.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { port: () => slack.port ?? 0, stop };
}

function configOf(
  { peer, port }: { readonly peer: SlackPeer; readonly port: number },
  many: boolean,
  mode: 'socket' | 'http',
): SlackConfig {
  const { slackApiUrl, filesUrl, appToken, botToken, signingSecret, clientId, clientSecret } = peer.settings;
  return {
    transport: mode === 'socket' ? { kind: 'socket', appToken } : { kind: 'http', signingSecret },
    tenancy: many
      ? { kind: 'multi', clientId, clientSecret, stateSecret: SECRET, publicUrl: `http://127.0.0.1:${port}` }
      : { kind: 'single', botToken },
    port,
    apiUrl: slackApiUrl,
    unsafeOrigins: [new URL(slackApiUrl).origin, new URL(filesUrl).origin],
  };
}

/** Where the peer keeps people's pictures: a host that is known, and may not have the token. */
async function outsideOrigins({ settings, team }: SlackPeer): Promise<readonly string[]> {
  const response = await fetch(new URL('users.info', settings.slackApiUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${settings.botToken}` },
    body: new URLSearchParams({ user: team().owner.id }),
  });
  const [address] = /https?:[^"]*\/avatars\//.exec(await response.text()) ?? [];
  return address === undefined ? [] : [new URL(address).origin];
}

/** Slack sends people back to an address that is known before anything listens there. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const recode: Recode = async (bytes, limit, formats) => encodeWithin(await decode(bytes), limit, formats);

/** Stands for a worker: another picture of the source for each network, of the size that the network makes. */
async function work(
  { source, task }: Parameters<InferenceHandler>[0],
  artefacts: Artefacts,
): Promise<Awaited<ReturnType<InferenceHandler>>> {
  const stored = await artefacts.get(source.hash);
  const factor = Number(/^x(\d+)$/.exec(task.network)?.[1] ?? 1);
  const { width, height } = { width: source.width * factor, height: source.height * factor };
  const image = sharp(stored?.bytes).autoOrient();
  const painted = factor > 1 ? image.resize(width, height) : paintedAs(task.network, image);
  const strength = Number(task.options.strength ?? 1);
  const bytes = await sharp(await painted.png().toBuffer()).linear(strength, 0).png().toBuffer();
  return artefacts.put(bytes, { contentType: 'image/png', width, height });
}

function paintedAs(network: string, image: Sharp): Sharp {
  return network === 'starry-night' ? image.negate() : image.tint({ r: 0, g: 80, b: 200 });
}

function isOpen({ blocks, text }: SeenMessage): boolean {
  return JSON.stringify(blocks).includes('impasto.cancel.') && text !== '';
}

async function dump(redis: TestRedis): Promise<string> {
  const own = redis.connect();
  const texts: string[] = [];
  for (const key of await own.keys('*')) {
    const copy = await own.dump(key);
    texts.push(`${key} ${copy}`);
    const raw = await own.dumpBuffer(key);
    texts.push(raw?.toString('latin1') ?? '');
    texts.push(JSON.stringify(await own.call(...reader(await own.type(key), key)).catch(() => '')));
  }
  return texts.join('\n');
}

function reader(type: string, key: string): [string, ...string[]] {
  switch (type) {
    case 'hash':
      return ['HGETALL', key];
    case 'list':
      return ['LRANGE', key, '0', '-1'];
    case 'set':
      return ['SMEMBERS', key];
    case 'zset':
      return ['ZRANGE', key, '0', '-1'];
    case 'stream':
      return ['XRANGE', key, '-', '+'];
    default:
      return ['GET', key];
  }
}

/** Whether two pictures show the same, whatever format they came in. */
export async function looksLike(given: Uint8Array | undefined, expected: Uint8Array): Promise<boolean> {
  const pixels = (bytes: Uint8Array): Promise<Buffer> => sharp(bytes).removeAlpha().raw().toBuffer();
  if (given === undefined) return false;
  const [a, b] = await Promise.all([pixels(given), pixels(expected)]);
  return a.length === b.length && a.every((value, at) => Math.abs(value - (b[at] ?? 0)) <= 6);
}
