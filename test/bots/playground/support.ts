import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import {
  createPlayground,
  type Playground,
  type PlaygroundOptions,
} from '../../../src/bots/playground/playground.ts';
import type { CommandRequest } from '../../../src/commands/request.ts';
import { inspect } from '../../../src/images/decode.ts';
import { createArtefacts } from '../../../src/queue/artefacts.ts';
import { createQueueContext } from '../../../src/queue/context.ts';
import type { Artefacts, InferenceHandler, RequestQueue } from '../../../src/queue/contract.ts';
import { consumeDelivery } from '../../../src/queue/delivery.ts';
import { consumeInference } from '../../../src/queue/inference.ts';
import { consumeIntake } from '../../../src/queue/intake.ts';
import { createPeople } from '../../../src/queue/people.ts';
import { createPlaces } from '../../../src/queue/places.ts';
import { PREFIX } from '../../../src/queue/redis.ts';
import type { ArtefactInfo } from '../../../src/queue/request.ts';
import { createRequestQueue } from '../../../src/queue/requests.ts';
import { createServerSettings } from '../../../src/queue/server-settings.ts';
import { someStyles, someUpscalers } from '../../commands/support.ts';
import { quick } from '../../queue/house.ts';
import { type TestRedis, temporaryFolder } from '../../queue/support.ts';

/** A small JPEG; other colours are other pictures. */
export function photo(red = 200): Promise<Buffer> {
  return sharp({ create: { width: 24, height: 16, channels: 3, background: { r: red, g: 90, b: 30 } } })
    .jpeg()
    .toBuffer();
}

/** Stands for a worker's painting: the picture's negative, of the same size. */
export async function paintNegative(source: ArtefactInfo, artefacts: Artefacts): Promise<ArtefactInfo> {
  const stored = await artefacts.get(source.hash);
  const bytes = await sharp(stored?.bytes).negate().png().toBuffer();
  return artefacts.put(bytes, { contentType: 'image/png', width: source.width, height: source.height });
}

export interface PlaygroundHouse {
  readonly playground: Playground;
  readonly queue: RequestQueue<CommandRequest>;
  readonly artefacts: Artefacts;
  /** Start taking jobs; until then everything waits. */
  work(paint?: InferenceHandler): void;
  /** Another process of the same playground; `close` ends it too. */
  another(change?: Partial<PlaygroundOptions>): Promise<Playground>;
  close(): Promise<void>;
}

/**
 * A playground that listens, with a real queue behind it.
 * @param change what is other than in the plain house, which has no real page
 */
export async function openPlayground(
  redis: TestRedis,
  change: Partial<PlaygroundOptions> = {},
): Promise<PlaygroundHouse> {
  const context = createQueueContext(redis.connect(), redis.log, quick);
  const artefacts = createArtefacts(redis.connect(), { ttlSeconds: 60, budgetBytes: 50_000_000 });
  const places = createPlaces('a secret of enough bytes');
  const queue = createRequestQueue<CommandRequest>(context, places);
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'page'));
  writeFileSync(join(folder, 'page', 'index.html'), '<!doctype html><title>Impasto</title>');
  writeFileSync(join(folder, 'page', 'main.js'), 'export {};');
  writeFileSync(join(folder, 'boats.jpg'), await photo(10));
  writeFileSync(join(folder, 'starry-night.jpg'), await photo(20));
  const closing: (() => Promise<void>)[] = [];

  async function another(further: Partial<PlaygroundOptions> = {}): Promise<Playground> {
    const playground = createPlayground({
      queue,
      artefacts,
      redis: redis.connect('producer'),
      prefix: PREFIX,
      inspect,
      styles: someStyles,
      upscalers: someUpscalers,
      services: {
        people: createPeople(context, artefacts, queue),
        serverSettings: createServerSettings(redis.connect('producer')),
      },
      keepSeconds: 3600,
      previews: folder,
      assetsFolder: join(folder, 'page'),
      samples: [{ name: 'boats', title: 'Boats', file: join(folder, 'boats.jpg') }],
      port: 0,
      log: redis.log,
      ...change,
      ...further,
    });
    await playground.start();
    closing.push(() => playground.close());
    return playground;
  }
  const playground = await another();

  return {
    playground,
    queue,
    artefacts,
    another,
    work: (paint = (job) => paintNegative(job.source, artefacts)) => {
      const { intake, deliver } = playground;
      const consumers = [
        consumeIntake(context, 'playground', intake, { artefacts, places }),
        consumeInference(context, paint, { artefacts }),
        consumeDelivery(context, 'playground', deliver, { places }),
      ];
      closing.unshift(async () => {
        await Promise.all(consumers.map((consumer) => consumer.close(100)));
      });
    },
    close: async () => {
      for (const close of closing) await close();
      await queue.close();
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
