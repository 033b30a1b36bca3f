import { once } from 'node:events';
import { REST, Routes, ShardingManager } from 'discord.js';
import { z } from 'zod';
import { ImpastoError } from '../../errors.ts';
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
  /** Node's own arguments. */
  readonly execArgv?: readonly string[];
  /** How long one shard may take until it hears events. */
  readonly readyMs?: number;
  /** Pause between two starts; Discord lets one in every five seconds. */
  readonly delayMs?: number;
  readonly log: Log;
}

/** Processes that share the servers among themselves. */
export interface Shards {
  readonly count: number;
  /** Let each finish what it does, and end. */
  close(): Promise<void>;
}

/** What the library's manager tells the processes that it starts: one shard, or a list. */
const shardList = z.union([z.number().transform((shard) => [shard]), z.array(z.number())]);

/**
 * The shards that this process was started for, by the environment that the library's manager sets; undefined where it
 * was started by itself, and serves all. The manager tells a number; a list is taken too, as the library's client does.
 */
export function ownShards(env: Readonly<Record<string, string | undefined>>): readonly number[] | undefined {
  if (env.SHARDING_MANAGER === undefined) return undefined;
  return shardList.parse(JSON.parse(env.SHARDS ?? '[]'));
}

/**
 * Run the bot in one process for each shard, by the library's own manager, which starts anew what dies.
 * @throws ImpastoError `discord-token-refused`, `discord-away`; `discord-shard-failed` where a shard does not come up: it
 * has said why itself
 */
export async function startShards(options: ShardsOptions): Promise<Shards> {
  const { token, apiUrl, file, args, execArgv = [], readyMs = 60_000, delayMs = 5_500, log } = options;
  const count = options.shards === 'auto' ? await recommended(apiUrl, token) : options.shards;
  const manager = new ShardingManager(file, {
    token,
    totalShards: count,
    respawn: true,
    shardArgs: [...args],
    execArgv: [...execArgv],
  });
  manager.on('shardCreate', (shard) => {
    // The manager itself throws where one does not come up; without a listener the event would end the program first.
    shard.on('error', (error) => log.warn({ shard: shard.id, err: error }, 'A shard did not come up'));
    shard.on('death', () => {
      if (manager.respawn) log.warn({ shard: shard.id }, 'A shard has ended; it is started anew');
      else log.info({ shard: shard.id }, 'A shard has ended');
    });
    shard.on('ready', () => log.info({ shard: shard.id }, 'A shard hears events'));
  });

  async function close(): Promise<void> {
    manager.respawn = false;
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

async function recommended(apiUrl: string, token: string): Promise<number> {
  try {
    const answer = await new REST({ api: apiUrl }).setToken(token).get(Routes.gatewayBot());
    return z.object({ shards: z.int().min(1) }).parse(answer).shards;
  } catch (error) {
    throw troubleOf(error);
  }
}
