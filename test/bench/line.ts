import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openPool } from '../../src/cli/house.ts';
import type { Pool } from '../../src/cli/pool/pool.ts';
import { readConfig } from '../../src/config.ts';
import { createArtefacts } from '../../src/queue/artefacts.ts';
import { createQueueContext } from '../../src/queue/context.ts';
import { consumeDelivery } from '../../src/queue/delivery.ts';
import { consumeIntake } from '../../src/queue/intake.ts';
import { createPlaces } from '../../src/queue/places.ts';
import { startPrivateRedis } from '../../src/queue/private-redis.ts';
import { connect } from '../../src/queue/redis.ts';
import type { Outcome } from '../../src/queue/request.ts';
import { createRequestQueue } from '../../src/queue/requests.ts';
import { createProgram, type Part } from '../cli/program.ts';
import { family } from '../e2e/proc.ts';
import { eventually, memoryLog, redisBinary, temporaryFolder } from '../queue/support.ts';

/** What a picture took, from the wish to the answer, and of that in the worker's child. */
export interface Ride {
  readonly seconds: number;
  readonly inference: number;
}

/** A Redis, worker processes, and a platform that is nobody's; closed by whoever opened it. */
export interface Line {
  /** Ask for a painting of a picture, and wait for it. */
  ask(bytes: Buffer): Promise<Ride>;
  /** Resident bytes of the workers and their children now. */
  residentBytes(): number;
  close(): Promise<void>;
}

const LIMIT_MS = 600_000;
const PLATFORM = 'bench';

/** @param workers processes that paint one picture at a time on one thread */
export async function openLine(models: string, workers: number): Promise<Line> {
  const state = temporaryFolder();
  const log = memoryLog();
  const redis = await startPrivateRedis({
    binary: redisBinary,
    folder: join(state, 'redis'),
    persistence: 'everysec',
    maxMemoryBytes: 1024 ** 3,
    log,
  });
  const settings = {
    HOME: state,
    IMPASTO_STATE: state,
    IMPASTO_MODELS: models,
    REDIS_URL: redis.url,
    WORKERS: '1',
    THREADS: '1',
  };
  const program = createProgram(() => settings);
  const running = Array.from({ length: workers }, () => program.run(['worker']));
  await Promise.all(running.map(waits));
  const config = readConfig(settings);
  const pool: Pool = openPool({ ...config, threads: 1 }, settings, { children: 1, say: () => undefined });
  const connection = connect(redis.url, 'consumer', log);
  const context = createQueueContext(connection, log);
  const artefacts = createArtefacts(connection, { ttlSeconds: 3600, budgetBytes: 700 * 1024 ** 2 });
  const places = createPlaces('a secret of enough bytes');
  const queue = createRequestQueue(context, places);
  const waiting = new Map<string, (outcome: Outcome) => void>();
  const pictures = new Map<string, Buffer>();
  const consumers = [
    consumeIntake(
      context,
      PLATFORM,
      async ({ id }) => {
        const bytes = pictures.get(id) ?? Buffer.alloc(0);
        return [{ source: await artefacts.put(bytes, await pool.inspect(bytes)) }];
      },
      { artefacts, places },
    ),
    consumeDelivery(
      context,
      PLATFORM,
      async ({ id }, _place, outcome) => {
        // As an adapter does, before it sends them on.
        for (const part of outcome.kind === 'pictures' ? outcome.parts : [])
          if (part.kind === 'picture') await artefacts.get(part.artefact.hash);
        waiting.get(id)?.(outcome);
      },
      { places },
    ),
  ];

  return {
    ask: async (bytes) => {
      const id = randomUUID();
      pictures.set(id, bytes);
      const answered = new Promise<Outcome>((settle) => waiting.set(id, settle));
      const began = performance.now();
      await queue.submit(
        {
          id,
          platform: PLATFORM,
          eventKey: id,
          intentKey: id,
          person: { id: 'ada', locale: 'en' },
          source: null,
          task: { network: 'starry-night', options: { strength: 1, keep_colors: false } },
          createdAt: Date.now(),
        },
        null,
        900,
      );
      const outcome = await answered;
      const seconds = (performance.now() - began) / 1000;
      pictures.delete(id);
      waiting.delete(id);
      const [part] = outcome.kind === 'pictures' ? outcome.parts : [];
      if (part?.kind !== 'picture') throw new Error(`not painted: ${JSON.stringify(outcome)}`);
      return { seconds, inference: part.seconds };
    },
    residentBytes: () =>
      running.flatMap(({ pid }) => family(pid)).reduce((sum, { residentBytes }) => sum + residentBytes, 0),
    close: async () => {
      await Promise.all(consumers.map((consumer) => consumer.close(1_000)));
      await queue.close();
      await context.close();
      await pool.close();
      connection.disconnect();
      await program.endAll();
      await redis.stop();
      await rm(state, { recursive: true });
    },
  };
}

/** @throws Error where it ends before, with its last words */
async function waits(worker: Part): Promise<void> {
  const ended = worker.ended().then((code) => {
    throw new Error(`A worker ended with ${code}: ${worker.said()}`);
  });
  await Promise.race([ended, eventually(() => worker.said().includes('The worker waits'), LIMIT_MS)]);
  // It ends when it is told to.
  ended.catch(() => undefined);
}
