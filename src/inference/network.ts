import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { ImpastoError } from '../errors.ts';
import { readNetwork } from '../graph/network-file.ts';
import { servingGraph } from '../graph/networks/serving.ts';
import { type Catalogue, findStyle, readPublished } from './catalogue.ts';
import type { CatalogueEntry } from './catalogue-schema.ts';
import { openSession, type SessionOptions } from './session.ts';

/** A transform network, ready to run. */
export interface TransformNetwork {
  readonly name: string;
  /**
   * Run on one picture: [1, 3, height, width], RGB, 0–255, sides from 16. The painting has the same shape and is
   * neither clipped nor rounded.
   * @throws ImpastoError what loading throws (below); `network-failed` where the run itself fails
   */
  paint(planes: Float32Array, width: number, height: number): Promise<Float32Array>;
}

/** The catalogue's networks behind a bounded number of sessions. */
export interface Networks {
  /**
   * A network by name. Its file is read when it first paints.
   * @throws UserError `style-unknown`
   */
  style(name: string): TransformNetwork;
  /** Wait for what runs, then release every session. The last call. */
  close(): Promise<void>;
}

/** Which networks, where they run, and how many stay open. */
export interface NetworksOptions extends SessionOptions {
  readonly catalogue: Catalogue;
  /** Beyond either limit, the session not used for longest is released first. */
  readonly keep?: {
    readonly sessions: number;
    /**
     * The sum, over open sessions, of the largest picture that each has painted: a session keeps the memory of that
     * run, 560 bytes a pixel at half width.
     */
    readonly pixels: number;
  };
}

/**
 * Some 600 MB at half width; after a larger picture the session is released at once, so that its memory and that of
 * enlarging the painting do not add up. Opening again takes 10 ms, a tenth of painting 256².
 */
const KEEP = { sessions: 8, pixels: 1024 * 1024 };

/** One loaded network; its runs wait for each other, since each takes all threads and much memory. */
interface Slot {
  readonly session: Promise<InferenceSession>;
  /** Settles when the last run does. */
  last: Promise<unknown>;
  /** Of the largest picture. */
  pixels: number;
}

/**
 * Networks are loaded as published, emitted again as serving graphs and kept as open sessions under the published
 * file's hash. Emitting takes milliseconds and the emitter's version can't change while a process lives, so
 * memory is cache enough for graphs: a later process emits its own.
 *
 * Loading throws ImpastoError `network-missing`, `network-changed`, `network-damaged`, `provider-missing`; the next
 * painting tries again.
 */
export function createNetworks(options: NetworksOptions): Networks {
  const releases = new Set<Promise<void>>();
  const { sessions, pixels } = options.keep ?? KEEP;
  const slots = new LRUCache<string, Slot>({
    max: sessions,
    maxSize: pixels,
    sizeCalculation: (slot) => slot.pixels,
    dispose: (slot) => {
      const released = release(slot);
      releases.add(released);
      // A release that failed stays in the set, for `close` to tell.
      released.then(
        () => releases.delete(released),
        () => undefined,
      );
    },
  });

  return {
    style: (name) => {
      const entry = findStyle(options.catalogue, name);
      return {
        name,
        paint: (planes, width, height) => {
          const image = new Tensor('float32', planes, [1, 3, height, width]);
          const slot = slots.get(entry.sha256) ?? newSlot(load(options, entry));
          const painting = settled(slot.last).then(async () => paint(await slot.session, image, name));
          slot.last = painting;
          slot.pixels = Math.max(slot.pixels, width * height);
          // Only now, so that a slot that is pushed out, even at once, is released after this run.
          slots.set(entry.sha256, slot);
          slot.session.catch(() => {
            if (slots.peek(entry.sha256) === slot) slots.delete(entry.sha256);
          });
          return painting;
        },
      };
    },
    close: async () => {
      slots.clear();
      await Promise.all(releases);
    },
  };
}

function newSlot(session: Promise<InferenceSession>): Slot {
  return { session, last: session, pixels: 0 };
}

async function load(options: NetworksOptions, entry: CatalogueEntry): Promise<InferenceSession> {
  const bytes = await readPublished(options.catalogue, entry);
  return openSession(emit(bytes, join(options.catalogue.folder, entry.file)), options);
}

function emit(bytes: Uint8Array, file: string): Uint8Array {
  try {
    return servingGraph(readNetwork(bytes).weights);
  } catch (cause) {
    throw new ImpastoError({
      code: 'network-damaged',
      userMessage: `The network ${file} is damaged. Fetch it again or restore it from the repository.`,
      report: true,
      data: { file },
      cause,
    });
  }
}

async function paint(session: InferenceSession, image: Tensor, name: string): Promise<Float32Array> {
  const { painting } = await session.run({ image }).catch((cause: unknown) => {
    const [, , height = 0, width = 0] = image.dims;
    throw new ImpastoError({
      code: 'network-failed',
      userMessage: `The network ${name} failed on a picture of ${width} × ${height} pixels. Try a smaller one.`,
      report: true,
      publicMessage: true,
      data: { network: name, width, height },
      cause,
    });
  });
  if (!(painting?.data instanceof Float32Array) || painting.dims.join() !== image.dims.join()) {
    throw new TypeError(`${name} has no output “painting” of its input's shape`);
  }
  return painting.data;
}

async function release(slot: Slot): Promise<void> {
  await settled(slot.last);
  const [opened] = await Promise.allSettled([slot.session]);
  if (opened.status === 'fulfilled') await opened.value.release();
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await Promise.allSettled([promise]);
}
