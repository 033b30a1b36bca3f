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
   * Take up what processes that died have left, now and whenever one dies. What was kept for so long that Slack takes no
   * answer to it any more is dropped.
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
}

/** Slack waits three seconds, and people less. */
const DURABLE_MS = 500;
/** As long as Slack takes answers by a call's own address. */
const KEPT_MS = 30 * 60_000;
/** Calls that come at once come no farther apart. */
const BURST_MS = 25;
const TAKING_MS = 60_000;
const CALLERS = `${PREFIX}:slack-callers`;

const format = z.object({ at: z.number(), body: z.record(z.string(), z.unknown()) });

const callsOf = (caller: string): string => `${PREFIX}:slack-calls:${caller}`;
const lifeOf = (caller: string): string => `${PREFIX}:slack-caller:${caller}`;

/** Each process keeps its own in a hash, beside a lease that ends with it. */
export function createKeptCalls({ redis, sealer, log, liveMs = 6_000 }: KeptCallsOptions): KeptCalls {
  const own = randomUUID();
  const life = createLease(redis, lifeOf(own), own);
  const waiting = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();

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

  async function attempt(what: string, step: () => Promise<unknown>): Promise<void> {
    try {
      await step();
    } catch (error) {
      log.warn({ err: error }, what);
    }
  }

  async function look(takeUp: (body: object) => Promise<void>): Promise<void> {
    for (const caller of await redis.smembers(CALLERS)) {
      if (caller === own || (await redis.exists(lifeOf(caller))) === 1) continue;
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
    await Promise.all(
      left.map(async ([id, sealed]) => {
        await attempt('A call that was left behind could not be taken up', async () => {
          const { at, body } = format.parse(sealer.open(`call ${id}`, sealed));
          if (Date.now() - at < KEPT_MS) await takeUp(body);
        });
        await redis.hdel(callsOf(caller), id);
      }),
    );
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
      const live = (): Promise<void> =>
        attempt('A process could not say that it lives', () => life.take(liveMs));
      let looking = false;
      const turn = async (): Promise<void> => {
        await live();
        if (looking) return;
        looking = true;
        current = attempt('Calls could not be looked for', () => look(takeUp));
        await current;
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
