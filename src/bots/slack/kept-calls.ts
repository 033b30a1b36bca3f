import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { createLease } from '../../queue/lease.ts';
import type { Log } from '../../queue/log.ts';
import { PREFIX } from '../../queue/redis.ts';
import type { Sealer } from '../../queue/secrets.ts';
import { toJson } from './where.ts';
import { within } from './within.ts';

/** Something that Slack has brought and never brings again, kept. */
export interface KeptCall {
  /** Settles once it is durable, or where that takes too long or can't be: Slack is not kept waiting. */
  readonly durable: Promise<void>;
  /** It has been seen to. */
  done(): Promise<void>;
}

/** Commands, presses and forms, from before they are acknowledged until they have been seen to. */
export interface KeptCalls {
  keep(body: object): KeptCall;
  /** Settles once none is waiting to be acknowledged, or after a moment where there are always some. */
  quiet(): Promise<void>;
  /**
   * Take up what processes that died have left, now and whenever one dies. What can't be taken up stays, for this or
   * another process to try again; what was kept for so long that Slack takes no answer to it any more is dropped.
   */
  start(takeUp: (body: object) => Promise<void>): Promise<void>;
  /** What is not done by now is left to others. */
  close(): Promise<void>;
}

/** What kept calls are made from. */
export interface KeptCallsOptions {
  readonly redis: Redis;
  /** They hold addresses by which anybody may answer. */
  readonly sealer: Sealer;
  readonly log: Log;
  /** How long a process that says nothing is still held to live. */
  readonly liveMs?: number;
  readonly againMs?: number;
}

/** Slack waits three seconds, and people less. */
const DURABLE_MS = 500;
/** As long as Slack takes answers by a call's own address. */
const KEPT_MS = 30 * 60_000;
/** Calls that come at once come no farther apart. */
const BURST_MS = 25;
const TAKING_MS = 60_000;
/** Before this process looks again at what it could not take up. */
const AGAIN_MS = 15_000;
const CALLERS = `${PREFIX}:slack-callers`;

const format = z.object({ at: z.number(), body: z.record(z.string(), z.unknown()) });

const callsOf = (caller: string): string => `${PREFIX}:slack-calls:${caller}`;
const lifeOf = (caller: string): string => `${PREFIX}:slack-caller:${caller}`;

/** Each process keeps its own in a hash, beside a lease that ends with it. */
export function createKeptCalls(options: KeptCallsOptions): KeptCalls {
  const { redis, sealer, log, liveMs = 6_000, againMs = AGAIN_MS } = options;
  const own = randomUUID();
  const life = createLease(redis, lifeOf(own), own);
  const waiting = new Set<Promise<void>>();
  /** Callers some of whose calls could not be taken up, and when to try again. */
  const later = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<unknown> = Promise.resolve();

  async function write(id: string, body: object): Promise<void> {
    const sealed = sealer.seal(`call ${id}`, toJson({ at: Date.now(), body }));
    const replies = await redis
      .multi()
      .sadd(CALLERS, own)
      .hset(callsOf(own), id, sealed)
      .pexpire(callsOf(own), KEPT_MS)
      .exec();
    for (const [error] of replies ?? []) if (error !== null) throw error;
  }

  function keep(body: object): KeptCall {
    const id = randomUUID();
    const written = write(id, body).catch((error: unknown) => {
      log.warn({ err: error }, 'A call of Slack’s is acknowledged though it could not be kept');
    });
    const durable = within(written, DURABLE_MS).finally(() => waiting.delete(durable));
    waiting.add(durable);
    return {
      durable,
      done: async () => {
        await written;
        await attempt('A call that was seen to is still kept', () => redis.hdel(callsOf(own), id));
      },
    };
  }

  /** True where it succeeded. */
  async function attempt(what: string, step: () => Promise<unknown>): Promise<boolean> {
    try {
      await step();
      return true;
    } catch (error) {
      log.warn({ err: error }, what);
      return false;
    }
  }

  async function look(takeUp: (body: object) => Promise<void>): Promise<void> {
    const callers = await redis.smembers(CALLERS);
    for (const caller of later.keys()) if (!callers.includes(caller)) later.delete(caller);
    for (const caller of callers) {
      if (caller === own || Date.now() < (later.get(caller) ?? 0)) continue;
      if ((await redis.exists(lifeOf(caller))) === 1) continue;
      const lease = createLease(redis, `${lifeOf(caller)}:taking`);
      if (!(await lease.take(TAKING_MS))) continue;
      try {
        await inherit(caller, takeUp);
      } finally {
        await lease.release();
      }
    }
  }

  async function inherit(caller: string, takeUp: (body: object) => Promise<void>): Promise<void> {
    const left = Object.entries(await redis.hgetallBuffer(callsOf(caller)));
    if (left.length > 0) log.info({ calls: left.length }, 'Calls that a process left behind are taken up');
    const taken = await Promise.all(
      left.map(async ([id, sealed]) => {
        const done = await attempt('A call that was left behind could not be taken up', async () => {
          const { at, body } = format.parse(sealer.open(`call ${id}`, sealed));
          if (Date.now() - at < KEPT_MS) await takeUp(body);
        });
        // Another process may have the secret, and the hash expires.
        if (done) await redis.hdel(callsOf(caller), id);
        return done;
      }),
    );
    if (taken.includes(false)) return void later.set(caller, Date.now() + againMs);
    later.delete(caller);
    await redis.srem(CALLERS, caller);
  }

  async function allDurable(): Promise<void> {
    do {
      await Promise.all(waiting);
      await pause(BURST_MS);
    } while (waiting.size > 0);
  }

  return {
    keep,
    quiet: () => within(allDurable(), DURABLE_MS),
    start: async (takeUp) => {
      const live = (): Promise<boolean> =>
        attempt('A process could not say that it lives', () => life.take(liveMs));
      let looking = false;
      const turn = async (): Promise<void> => {
        await live();
        if (looking) return;
        looking = true;
        const looked = attempt('Calls could not be looked for', () => look(takeUp));
        current = looked;
        await looked;
        looking = false;
      };
      await live();
      void turn();
      timer = setInterval(() => void turn(), liveMs / 3);
    },
    close: async () => {
      clearInterval(timer);
      await current;
      await attempt('The end of a process is left to be noticed', async () => {
        if ((await redis.exists(callsOf(own))) === 0) await redis.srem(CALLERS, own);
        await life.release();
      });
    },
  };
}
