import { once } from 'node:events';
import { createServer } from 'node:net';
import sharp, { type Sharp } from 'sharp';
import type { Dispatcher } from 'undici';
import { createInvoker } from '../../../src/bots/invoke.ts';
import { createLinks } from '../../../src/bots/links.ts';
import { PICTURE_HOSTS, type SlackConfig } from '../../../src/bots/slack/config.ts';
import { createSlack, type Slack } from '../../../src/bots/slack/slack.ts';
import { createRegistry } from '../../../src/commands/registry.ts';
import type { CommandRequest } from '../../../src/commands/request.ts';
import type { StyleInfo } from '../../../src/commands/style-info.ts';
import type { UpscalerInfo } from '../../../src/commands/upscaler-info.ts';
import { inspect } from '../../../src/images/decode.ts';
import { createFetcher } from '../../../src/images/fetch.ts';
import { recode } from '../../../src/images/recode.ts';
import { createArtefacts } from '../../../src/queue/artefacts.ts';
import { createQueueContext } from '../../../src/queue/context.ts';
import type { Artefacts, InferenceHandler } from '../../../src/queue/contract.ts';
import { consumeDelivery } from '../../../src/queue/delivery.ts';
import { createEditTurns } from '../../../src/queue/edit-turns.ts';
import { consumeIntake } from '../../../src/queue/intake.ts';
import { createLimits, type ShareLimits } from '../../../src/queue/limits.ts';
import { createPeople } from '../../../src/queue/people.ts';
import { createPlaces } from '../../../src/queue/places.ts';
import { createRequestQueue } from '../../../src/queue/requests.ts';
import { createSealer } from '../../../src/queue/secrets.ts';
import { createServerSettings } from '../../../src/queue/server-settings.ts';
import { someStyles } from '../../commands/support.ts';
import { quick } from '../../queue/house.ts';
import type { TestRedis } from '../../queue/support.ts';
import type { SlackPeerOptions } from './peer/connect.ts';
import type { SlackPeer } from './peer/slack-peer.ts';

/** How a house differs from the plain one. */
export interface HouseOptions extends Partial<SlackPeerOptions> {
  /** Many workspaces, each of which installs the app by itself; one whose token is known from the start otherwise. */
  readonly many?: boolean;
  readonly limits?: Partial<ShareLimits>;
  /** The largest result that is uploaded. */
  readonly resultBytes?: number;
  /** Where links to results begin; no links where it is left out. */
  readonly publicUrl?: string;
  /** Below which a proxy serves the app where workspaces install it. */
  readonly publicPath?: string;
  /** Begin without a worker: whatever is asked waits in line. */
  readonly idle?: boolean;
  /** Begin without the bot. */
  readonly asleep?: boolean;
  readonly styles?: readonly StyleInfo[];
  /** Under which the bot seals; the first is its current one. */
  readonly secrets?: readonly [string, ...(readonly string[])];
  /** By what hosts are reached that are none of Slack's; refused where it is left out. */
  readonly outside?: Dispatcher;
}

/** Names of styles and factors that every house has. */
export const houseStyles: readonly StyleInfo[] = someStyles
  .slice(0, 2)
  .map((style) => ({ ...style, preview: `${style.name}.jpg` }));
const upscalers: readonly UpscalerInfo[] = [
  { name: 'x4', factor: 4, emoji: '🔍' },
  { name: 'x8', factor: 8, emoji: '🔎' },
];

/** Under which bots seal where a test names no other. */
export const SECRET = 'a secret of enough bytes';

/** The bot's process, as far as a house handles it. */
export interface Bot {
  readonly port: () => number;
  /** Rejects where the bot can't go on. */
  readonly ended: Promise<never>;
  readonly connected: () => boolean | undefined;
  stop(): Promise<void>;
}

/** Start a bot before the peer; throws what its start throws. */
export async function openBot(
  redis: TestRedis,
  options: HouseOptions & {
    readonly mode: 'socket' | 'http';
    readonly many: boolean;
    readonly port: number;
    readonly peer: SlackPeer;
    readonly folder: string;
  },
): Promise<Bot> {
  const { peer, mode, many, folder, styles = houseStyles, secrets = [SECRET] } = options;
  const [secret, ...older] = secrets;
  const context = createQueueContext(redis.connect(), redis.log, quick);
  const connection = redis.connect('producer');
  const producer = createQueueContext(connection, redis.log, quick);
  const artefacts = createArtefacts(redis.connect(), { ttlSeconds: 60, budgetBytes: 50_000_000 });
  const places = createPlaces(secret, older);
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
    sealer: createSealer(secret, 'slack installation', older),
    people,
    serverSettings,
    limits,
    turns: createEditTurns(context),
    invoker: createInvoker({ platform: 'slack', registry, services, limits, shareLimits }),
    inspect,
    recode,
    fetch: createFetcher({
      hosts: PICTURE_HOSTS,
      origins: [...config.unsafeOrigins, new URL(peer.settings.outsideUrl).origin],
      outside: options.outside !== undefined,
      agent: options.outside,
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
    resultBytes: options.resultBytes ?? 20_000_000,
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
  return {
    port: () => slack.port ?? 0,
    connected: () => slack.connected?.(),
    ended: slack.ended,
    stop,
  };
}

function configOf(
  options: HouseOptions & { readonly peer: SlackPeer; readonly port: number },
  many: boolean,
  mode: 'socket' | 'http',
): SlackConfig {
  const { peer, port } = options;
  const { slackApiUrl, filesUrl, appToken, botToken, signingSecret, clientId, clientSecret } = peer.settings;
  return {
    transport: mode === 'socket' ? { kind: 'socket', appToken } : { kind: 'http', signingSecret },
    tenancy: many
      ? {
          kind: 'multi',
          clientId,
          clientSecret,
          stateSecret: SECRET,
          publicUrl: `http://127.0.0.1:${port}${options.publicPath ?? ''}`,
        }
      : { kind: 'single', botToken },
    host: '127.0.0.1',
    port,
    apiUrl: slackApiUrl,
    unsafeOrigins: [new URL(slackApiUrl).origin, new URL(filesUrl).origin],
  };
}

/** Slack sends people back to an address that is known before anything listens there. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Stands for a worker: another picture of the source for each network, of the size that the network makes. */
export async function work(
  { source, task }: Parameters<InferenceHandler>[0],
  artefacts: Artefacts,
): Promise<Awaited<ReturnType<InferenceHandler>>> {
  const stored = await artefacts.get(source.hash);
  const factor = Number(/^x(\d+)$/.exec(task.network)?.[1] ?? 1);
  const { width, height } = { width: source.width * factor, height: source.height * factor };
  const image = sharp(stored?.bytes).autoOrient();
  const painted = factor > 1 ? image.resize(width, height) : paintedAs(task.network, image);
  const strength = Number(task.options.strength ?? 1);
  const bytes = await sharp(await painted.png().toBuffer())
    .linear(strength, 0)
    .png()
    .toBuffer();
  return artefacts.put(bytes, { contentType: 'image/png', width, height });
}

function paintedAs(network: string, image: Sharp): Sharp {
  return network === 'starry-night' ? image.negate() : image.tint({ r: 0, g: 80, b: 200 });
}
