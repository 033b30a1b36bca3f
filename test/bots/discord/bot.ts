import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import { createDiscord } from '../../../src/bots/discord/discord.ts';
import { type DiscordSettings, pictureHosts } from '../../../src/bots/discord/options.ts';
import { createInvoker } from '../../../src/bots/invoke.ts';
import { createLinks } from '../../../src/bots/links.ts';
import { createPresses } from '../../../src/bots/press.ts';
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
import { consumeInference } from '../../../src/queue/inference.ts';
import { consumeIntake } from '../../../src/queue/intake.ts';
import { createLimits } from '../../../src/queue/limits.ts';
import { createPeople } from '../../../src/queue/people.ts';
import { createPlaces } from '../../../src/queue/places.ts';
import { createRequestQueue } from '../../../src/queue/requests.ts';
import { createServerSettings } from '../../../src/queue/server-settings.ts';
import { someStyles } from '../../commands/support.ts';
import { quick } from '../../queue/house.ts';
import type { TestRedis } from '../../queue/support.ts';

/** What a bot is told by its settings. */
export interface BotConfig {
  readonly token: string;
  readonly apiUrl: string;
  readonly cdnUrl: string;
  /** Folder of the previews. */
  readonly previews: string;
  readonly personPerHour?: number;
  readonly serverPerHour?: number;
  readonly maxOpenRequests?: number;
  /** Where results that are too large can be had. */
  readonly publicUrl?: string;
  readonly styles?: readonly StyleInfo[];
  readonly upscalers?: readonly UpscalerInfo[];
  readonly settings?: Partial<DiscordSettings>;
}

/** Something that runs. */
export interface Running {
  readonly ended?: Promise<unknown> | undefined;
  readonly connected?: () => boolean | undefined;
  close(): Promise<void>;
}

/** What seals places and signs links. */
export const SECRET = 'a secret of enough bytes';
const x4: UpscalerInfo = { name: 'x4', factor: 4, emoji: '🔍' };

/** The pictures that all share. */
export function stored(redis: TestRedis): Artefacts {
  return createArtefacts(redis.connect(), { ttlSeconds: 600, budgetBytes: 200_000_000 });
}

/** A bot of its own: it takes events, and its intake and delivery. */
export async function startBot(redis: TestRedis, config: BotConfig): Promise<Running> {
  const { token, apiUrl, cdnUrl, previews, publicUrl, personPerHour = 0, serverPerHour = 0 } = config;
  const { log } = redis;
  const connection = redis.connect('producer');
  const asking = createQueueContext(connection, log, { ...quick, maxOpen: config.maxOpenRequests ?? 500 });
  const serving = createQueueContext(redis.connect(), log, quick);
  const artefacts = stored(redis);
  const places = createPlaces(SECRET);
  const queue = createRequestQueue<CommandRequest>(asking, places);
  const serverSettings = createServerSettings(connection);
  const services = { queue, people: createPeople(asking, artefacts, queue), serverSettings };
  const { styles = someStyles, upscalers = [x4] } = config;
  const invoker = createInvoker({
    platform: 'discord',
    registry: createRegistry({ styles, upscalers }, { keepSeconds: 600 }),
    services,
    limits: createLimits(connection),
    shareLimits: { personPerHour, serverPerHour },
  });
  const adapter = createDiscord({
    token,
    apiUrl,
    cdnUrl,
    queue,
    artefacts,
    redis: connection,
    serverSettings,
    turns: createEditTurns(serving),
    invoker,
    presses: createPresses({ invoker, queue, artefacts }),
    inspect,
    recode,
    fetch: createFetcher({
      hosts: pictureHosts,
      origins: [new URL(cdnUrl).origin],
      bytes: 25_000_000,
      timeoutMs: 5_000,
    }),
    links:
      publicUrl === undefined ? undefined : createLinks({ base: publicUrl, secret: SECRET, seconds: 600 }),
    previews,
    log,
    settings: { progressMs: 50, loginMs: 10_000, ...config.settings },
  });
  await adapter.start();
  const consumers = [
    consumeIntake(serving, 'discord', adapter.intake, { artefacts, places }),
    consumeDelivery(serving, 'discord', adapter.deliver, { places }),
  ];
  return {
    ended: adapter.ended,
    connected: () => adapter.connected?.(),
    close: async () => {
      await adapter.close();
      await Promise.all(consumers.map((consumer) => consumer.close(500)));
      await queue.close();
      await asking.close();
      await serving.close();
    },
  };
}

/** A style whose paintings take ten seconds. */
const SLOW = 'composition';

/** A worker: it paints negatives, and enlarges by repeating pixels. */
export function startWorker(redis: TestRedis): Running {
  const context = createQueueContext(redis.connect(), redis.log, quick);
  const artefacts = stored(redis);
  const consumer = consumeInference(context, painter(artefacts), { artefacts });
  return {
    close: async () => {
      await consumer.close(500);
      await context.close();
    },
  };
}

function painter(artefacts: Artefacts): InferenceHandler {
  return async ({ source, task }, { report, signal }) => {
    const bytes = (await artefacts.get(source.hash))?.bytes;
    for (let done = 0; done < (task.network === SLOW ? 100 : 1); done++) {
      report(done / 100);
      if (task.network === SLOW) await pause(100, undefined, { signal });
    }
    const factor = task.network === x4.name ? x4.factor : 1;
    const { width, height } = { width: source.width * factor, height: source.height * factor };
    const image = sharp(bytes).resize({ width, height, kernel: 'nearest', fit: 'fill' });
    const painted = factor === 1 ? image.negate({ alpha: false }) : image;
    return artefacts.put(await painted.png().toBuffer(), { contentType: 'image/png', width, height });
  };
}

/** Where the styles' previews lie in a folder of the tests. */
export function previewOf(folder: string, { preview }: StyleInfo): string | undefined {
  return preview === undefined ? undefined : join(folder, preview);
}
