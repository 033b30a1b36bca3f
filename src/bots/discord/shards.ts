import { type EventEmitter, once } from 'node:events';
import { REST, Routes, type Shard, ShardingManager } from 'discord.js';
import { z } from 'zod';
import { ImpastoError, systemCode } from '../../errors.ts';
import type { Log } from '../../queue/log.ts';
import { troubleOf } from './api-errors.ts';

/** How the processes of several shards are run. */
export interface ShardsOptions {
  readonly token: string;
  readonly apiUrl: string;
  /** `auto`: as many as Discord recommends. */
  readonly shards: number | 'auto';
  /** The program that each shard runs, and its arguments. */
  readonly file: string;
  readonly args: readonly string[];
  /** Variables that no shard shall find: they would name its token once more, beside the one that it is given. */
  readonly without: readonly string[];
  /** Node's own arguments. */
  readonly execArgv?: readonly string[];
  /** How long one shard may take until it hears events. */
  readonly readyMs?: number;
  /** Pause between two starts; Discord lets one in every five seconds. */
  readonly delayMs?: number;
  /** Pause before a shard that has ended is started anew; each time that it ends soon after, the next is twice as long. */
  readonly respawnMs?: number;
  readonly respawnLimitMs?: number;
  readonly log: Log;
}

type Respawning = 'readyMs' | 'respawnMs' | 'respawnLimitMs' | 'log';

/** A shard that has lived that long was well: the next pause is short again. */
const WELL_MS = 10 * 60_000;

/** Processes that share the servers among themselves. */
export interface Shards {
  readonly count: number;
  /** Let each finish what it does, and end. */
  close(): Promise<void>;
}

/** What the library's manager tells the processes that it starts: one shard, or a list. */
const shardList = z.union([z.number().transform((shard) => [shard]), z.array(z.number())]);

/** What the library's manager starts a process with: its own environment, and what it adds. */
const environment = z.record(z.string(), z.unknown());

/**
 * The shards that this process was started for, by the environment that the library's manager sets; undefined where it
 * was started by itself, and serves all. The manager tells a number; a list is taken too, as the library's client does.
 */
export function ownShards(env: Readonly<Record<string, string | undefined>>): readonly number[] | undefined {
  if (env.SHARDING_MANAGER === undefined) return undefined;
  return shardList.parse(JSON.parse(env.SHARDS ?? '[]'));
}

/**
 * Rejects once the process that started this shard is gone: nobody would end it, and whoever starts all anew would have
 * two of it.
 * @throws ImpastoError `discord-shard-alone`
 */
export async function untilAlone(): Promise<never> {
  if (process.connected) await new Promise<void>((gone) => process.once('disconnect', gone));
  // The library tells the process that is gone of each connection that ends, as this one's now will.
  const ipc: EventEmitter = process;
  ipc.on('error', (error) => {
    if (systemCode(error) !== 'ERR_IPC_CHANNEL_CLOSED') throw error;
  });
  throw new ImpastoError({
    code: 'discord-shard-alone',
    userMessage: 'The process that started this shard is gone, so the shard ends too. Start the bot again.',
    report: true,
  });
}

/**
 * Run the bot in one process for each shard, by the library's own manager; what dies is started anew, after a pause that
 * grows.
 * @throws ImpastoError `discord-token-refused`, `discord-away`; `discord-shard-failed` where a shard does not come up: it
 * has said why itself
 */
export async function startShards(options: ShardsOptions): Promise<Shards> {
  const { token, apiUrl, file, args, without, execArgv = [], log } = options;
  const { readyMs = 60_000, delayMs = 5_500, respawnMs = 1_000, respawnLimitMs = 5 * 60_000 } = options;
  const count = options.shards === 'auto' ? await recommended(apiUrl, token) : options.shards;
  const manager = new ShardingManager(file, {
    token,
    totalShards: count,
    // The library would start it anew at once, again and again.
    respawn: false,
    shardArgs: [...args],
    execArgv: [...execArgv],
  });
  const ends: (() => void)[] = [];
  manager.on('shardCreate', (shard) => {
    const inherited = Object.entries(environment.parse(shard.env));
    shard.env = Object.fromEntries(inherited.filter(([name]) => !without.includes(name)));
    ends.push(keepAlive(shard, { readyMs, respawnMs, respawnLimitMs, log }));
  });

  async function close(): Promise<void> {
    for (const end of ends) end();
    await Promise.all(
      manager.shards.map(async ({ process: child }) => {
        if (child === null || child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }),
    );
  }

  try {
    await manager.spawn({ amount: count, delay: delayMs, timeout: readyMs });
  } catch (error) {
    await close();
    throw new ImpastoError({
      code: 'discord-shard-failed',
      userMessage: 'One of the bot’s shards did not start; the lines above say why.',
      report: true,
      cause: error,
    });
  }
  return { count, close };
}

/** Start a shard anew when it ends, once it has come up for the first time. Returns what stops that. */
function keepAlive(
  shard: Shard,
  { readyMs, respawnMs, respawnLimitMs, log }: Required<Pick<ShardsOptions, Respawning>>,
): () => void {
  const about = { shard: shard.id };
  let again = false;
  let begun = Date.now();
  let soon = 0;
  let pausing: NodeJS.Timeout | undefined;
  shard.on('spawn', () => {
    begun = Date.now();
  });
  shard.on('ready', () => {
    again = true;
    log.info(about, 'A shard hears events');
  });
  shard.on('death', (child) => {
    const ended = { ...about, code: 'exitCode' in child ? child.exitCode : null };
    if (!again) return log.info(ended, 'A shard has ended');
    soon = Date.now() - begun < WELL_MS ? soon : 0;
    const pauseMs = Math.min(respawnMs * 2 ** soon, respawnLimitMs);
    soon++;
    log.warn({ ...ended, pauseMs }, 'A shard has ended; it is started anew');
    pausing = setTimeout(() => {
      shard.spawn(readyMs).catch((error: unknown) => {
        log.warn({ ...about, err: error }, 'A shard did not come up');
      });
    }, pauseMs);
  });
  return () => {
    again = false;
    clearTimeout(pausing);
  };
}

async function recommended(apiUrl: string, token: string): Promise<number> {
  try {
    const answer = await new REST({ api: apiUrl }).setToken(token).get(Routes.gatewayBot());
    return z.object({ shards: z.int().min(1) }).parse(answer).shards;
  } catch (error) {
    throw troubleOf(error);
  }
}
