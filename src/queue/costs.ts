import type { Redis } from 'ioredis';
import { keys } from './keys.ts';
import type { ArtefactInfo, Task } from './request.ts';

/** How long jobs take, learnt from those that were done. */
export interface Costs {
  /** Seconds; undefined where nothing like it was done yet. */
  estimate(source: ArtefactInfo, task: Task): Promise<number | undefined>;
  learn(source: ArtefactInfo, task: Task, seconds: number): Promise<void>;
}

/** How much the latest job counts in the mean of those before it. */
const LATEST = 0.3;

/** So many doublings of the size away, another job still tells something. */
const FARTHEST = 4;

const KEPT_SECONDS = 30 * 24 * 3600;

/** KEYS costs; ARGV field, seconds, how much they count, seconds to keep. */
const LEARN = `
local known = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or ARGV[2])
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.4f', known + (ARGV[2] - known) * ARGV[3]))
redis.call('EXPIRE', KEYS[1], ARGV[4])`;

/** Jobs of one kind are alike where their sources are within a factor of two in pixels, all frames counted. */
export function createCosts(redis: Redis): Costs {
  return {
    estimate: async (source, task) => {
      const kind = kindOf(task);
      const own = sizeOf(source);
      const sizes = Array.from({ length: 2 * FARTHEST + 1 }, (_, index) => own + index - FARTHEST);
      const known = await redis.hmget(keys.costs, ...sizes.map((size) => `${kind}:${size}`));
      const nearest = sizes
        .flatMap((size, index) => {
          const seconds = known[index];
          return typeof seconds === 'string' ? [{ size, seconds: Number(seconds) }] : [];
        })
        .sort((a, b) => Math.abs(a.size - own) - Math.abs(b.size - own))[0];
      return nearest && nearest.seconds * 2 ** (own - nearest.size);
    },
    learn: async (source, task, seconds) => {
      const field = `${kindOf(task)}:${sizeOf(source)}`;
      await redis.eval(LEARN, 1, keys.costs, field, seconds, LATEST, KEPT_SECONDS);
    },
  };
}

/** Options that are words change what is done; numbers change how much of it is seen. */
function kindOf({ network, options }: Task): string {
  const words = Object.values(options).filter((value) => typeof value === 'string');
  return [network, ...words.sort()].join(' ');
}

/** Doublings of one pixel. */
function sizeOf({ width, height, frames = 1 }: ArtefactInfo): number {
  return Math.round(Math.log2(Math.max(1, width * height * frames)));
}
