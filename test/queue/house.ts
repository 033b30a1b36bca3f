import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createArtefacts } from '../../src/queue/artefacts.ts';
import { createQueueContext, type QueueContext } from '../../src/queue/context.ts';
import type {
  Artefacts,
  Consumer,
  DeliveryHandler,
  InferenceHandler,
  IntakeHandler,
  RequestQueue,
} from '../../src/queue/contract.ts';
import { consumeDelivery } from '../../src/queue/delivery.ts';
import { consumeInference } from '../../src/queue/inference.ts';
import { consumeIntake } from '../../src/queue/intake.ts';
import type { Observer } from '../../src/queue/observer.ts';
import { createPlaces, type Places } from '../../src/queue/places.ts';
import type { ArtefactInfo, Outcome, PictureOutcome, QueuedRequest } from '../../src/queue/request.ts';
import { createRequestQueue } from '../../src/queue/requests.ts';
import type { QueueSettings } from '../../src/queue/settings.ts';
import { type Sweeper, startSweeper } from '../../src/queue/sweeper.ts';
import { startTestRedis, type TestRedis } from './support.ts';

/** Everything faster than in a house where people live. */
export const quick: Partial<QueueSettings> = {
  backoffMs: 20,
  backoffLimitMs: 60,
  lockMs: 400,
  stalledMs: 200,
  progressMs: 30,
  watchMs: 60,
  abortMs: 200,
  sweepMs: 60_000,
  editLeaseMs: 300,
  editorMs: 500,
  editMs: 5_000,
  editLookMs: 10,
};

export interface Delivered {
  readonly request: QueuedRequest;
  readonly place: unknown;
  readonly outcome: Outcome;
}

export interface Handlers {
  readonly intake?: IntakeHandler;
  readonly inference?: InferenceHandler;
  readonly delivery?: DeliveryHandler;
}

/** Bots and worker in one: what each hands to the queue, and what came out of it. */
export interface House {
  readonly context: QueueContext;
  readonly queue: RequestQueue;
  readonly artefacts: Artefacts;
  readonly places: Places;
  readonly sweeper: Sweeper;
  readonly delivered: Delivered[];
  /** How often inference really ran. */
  readonly runs: () => number;
  /** Start consumers of these kinds; unnamed handlers do what is plain. */
  open(kinds?: readonly ('intake' | 'inference' | 'delivery')[], platforms?: readonly string[]): void;
  /** End the consumers only. */
  rest(graceMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** Builds houses for the tests of one file; they are closed after each test. */
export interface Builder {
  readonly redis: () => TestRedis;
  house(handlers?: Handlers, settings?: Partial<QueueSettings>, observer?: Observer): House;
}

/** One Redis for the tests of a `describe`, empty before each. */
export function useHouses(): Builder {
  let redis: TestRedis | undefined;
  let houses: House[] = [];
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
    for (const house of houses) await house.close();
    houses = [];
  });
  return {
    redis: started,
    house: (handlers, settings, observer) => {
      const made = createHouse(started(), handlers, settings, observer);
      houses.push(made);
      return made;
    },
  };
}

function createHouse(
  redis: TestRedis,
  handlers: Handlers = {},
  settings: Partial<QueueSettings> = {},
  observer?: Observer,
): House {
  const context = createQueueContext(redis.connect(), redis.log, { ...quick, ...settings }, observer);
  const artefacts = createArtefacts(redis.connect(), { ttlSeconds: 60, budgetBytes: 1_000_000 });
  const places = createPlaces('a secret of enough bytes');
  const queue = createRequestQueue(context, places);
  const sweeper = startSweeper(context, artefacts);
  const delivered: Delivered[] = [];
  let consumers: Consumer[] = [];
  let runs = 0;

  const intake: IntakeHandler =
    handlers.intake ??
    (async ({ source }) => [{ source: await artefacts.put(Buffer.from(String(source)), picture) }]);
  const inference: InferenceHandler =
    handlers.inference ??
    (async ({ source, task }) =>
      artefacts.put(
        Buffer.from(`${source.hash} as ${task.network} ${JSON.stringify(task.options)}`),
        picture,
      ));
  const delivery: DeliveryHandler = async (request, place, outcome) => {
    const reason = await handlers.delivery?.(request, place, outcome);
    delivered.push({ request, place, outcome });
    return reason;
  };

  return {
    context,
    queue,
    artefacts,
    places,
    sweeper,
    delivered,
    runs: () => runs,
    open: (kinds = ['intake', 'inference', 'delivery'], platforms = ['playground']) => {
      if (kinds.includes('inference')) {
        const counted: InferenceHandler = (job, tools) => {
          runs++;
          return inference(job, tools);
        };
        consumers.push(consumeInference(context, counted, { artefacts }));
      }
      for (const platform of platforms) {
        if (kinds.includes('intake')) {
          consumers.push(consumeIntake(context, platform, intake, { artefacts, places }));
        }
        if (kinds.includes('delivery')) {
          consumers.push(consumeDelivery(context, platform, delivery, { places }));
        }
      }
    },
    rest: async (graceMs = 1_000) => {
      await Promise.all(consumers.map((consumer) => consumer.close(graceMs)));
      consumers = [];
    },
    close: async () => {
      await Promise.all(consumers.map((consumer) => consumer.close(100)));
      await queue.close();
      await sweeper.close();
      await context.close();
    },
  };
}

export const picture: Omit<ArtefactInfo, 'hash' | 'bytes'> = {
  contentType: 'image/png',
  width: 4,
  height: 3,
};

/** A request by Ada; the ids are new each time, so only what a test gives twice is the same twice. */
export function aRequest(changes: Partial<QueuedRequest> = {}): QueuedRequest {
  return {
    id: randomUUID(),
    platform: 'playground',
    eventKey: randomUUID(),
    intentKey: randomUUID(),
    person: { id: 'ada', locale: 'en' },
    source: 'a photo',
    task: { network: 'starry-night', options: { strength: 1, keep_colors: false } },
    createdAt: Date.now(),
    ...changes,
  };
}

/** The one picture of an outcome. */
export function onlyPicture(outcome: Outcome | undefined): PictureOutcome {
  const parts = outcome?.kind === 'pictures' ? outcome.parts : [];
  const [part] = parts;
  if (part?.kind !== 'picture' || parts.length > 1) {
    throw new Error(`expected one picture but found ${JSON.stringify(outcome)}`);
  }
  return part;
}

/** A promise and its keys, for handlers that wait until the test lets them go on. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function aGate(): Gate {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((settle) => {
    open = settle;
  });
  return { opened, open: () => open() };
}

export function anOpenGate(): Gate {
  return { opened: Promise.resolve(), open: () => undefined };
}

/** Waits as a good handler does: until the gate opens, or throws once the signal aborts. */
export async function through(gate: Gate, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<never>((_, fail) =>
    signal.addEventListener('abort', () => fail(signal.reason), { once: true }),
  );
  await Promise.race([gate.opened, aborted]);
}
