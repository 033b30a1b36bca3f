import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { ImpastoError, systemCode } from '../errors.ts';
import { alive, type FolderLock, type Holder, lockFolder, type ProcessMark } from './folder-lock.ts';
import type { Log } from './log.ts';
import { socketPath } from './socket-path.ts';

/** Which Redis to start, where, and how much it may hold. */
export interface PrivateRedisOptions {
  /** Path of `redis-server`, or of another name of the same binary (`redis-check-rdb`, `redis-check-aof`). */
  readonly binary: string;
  /** The name to start it under; the binary decides by it what it is. Default `redis-server`. */
  readonly argv0?: string;
  /** State folder, made where it is missing. It holds the data, and the socket unless its path is too long. */
  readonly folder: string;
  /** `everysec` loses at most the last second, and only to a power cut; `none` keeps nothing (for tests). */
  readonly persistence: 'everysec' | 'none';
  /** Beyond this Redis refuses writes. Default 1 GiB. */
  readonly maxMemoryBytes?: number;
  readonly log: Log;
}

/** A Redis of our own that runs until `stop`. */
export interface PrivateRedis {
  /** For `connect`; also what another process of the same user gives as its `REDIS_URL`. */
  readonly url: string;
  readonly pid: number;
  /** Settles when the server ends, asked or not. */
  readonly exited: Promise<void>;
  /** Save, end the server and give the folder back. Safe to repeat. */
  stop(): Promise<void>;
}

const SHUTDOWN_MS = 15_000;

/**
 * Start a Redis of our own on a unix socket that only this user may open: no port, `noeviction`, data in
 * `folder`. It runs in its own process group, so that Ctrl-C reaches us and not it, and ends with us; should we be killed, it
 * lives on and the next start on the same folder ends it first (it saves) and takes its data over.
 * @throws ImpastoError `redis-missing`, `redis-in-use`, `redis-data-damaged`, `redis-not-started`,
 *   `socket-folder-unsafe`
 */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis> {
  const folder = resolve(options.folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const socket = socketPath(folder);
  const url = `redis+unix://${encodeURI(socket)}`;
  const lock = await takeFolder(folder, url, options.log);
  try {
    return await start(options, folder, socket, url, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function start(
  options: PrivateRedisOptions,
  folder: string,
  socket: string,
  url: string,
  lock: FolderLock,
): Promise<PrivateRedis> {
  rmSync(socket, { force: true });
  const child = spawn(options.binary, serverArguments(options, folder, socket), {
    argv0: options.argv0 ?? 'redis-server',
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // The last lines say why it did not start; while it runs they are nobody's concern.
  const lines: string[] = [];
  for (const output of [child.stdout, child.stderr]) {
    output?.setEncoding('utf8').on('data', (text: string) => {
      lines.push(...text.trimEnd().split('\n'));
      lines.splice(0, lines.length - 5);
    });
  }
  const ended = new Promise<void>((settle) => child.once('exit', () => settle()));
  // Its last words may arrive after its end.
  const silent = new Promise<void>((settle) => child.once('close', () => settle()));
  const failure = new Promise<unknown>((settle) => child.on('error', settle));
  const { pid } = child;
  // Should this process end without `stop`, the server saves and ends as well.
  const endToo = (): void => void child.kill('SIGTERM');
  process.once('exit', endToo);
  child.once('exit', () => process.off('exit', endToo));
  if (pid === undefined) throw missing(options, await failure);
  lock.note(pid);
  if (!(await ready(socket, ended))) {
    await silent;
    throw await whyNot(options, folder, lines);
  }
  let stopping: Promise<void> | undefined;
  child.once('exit', () => {
    if (stopping === undefined) options.log.error({ lines }, 'The private Redis has ended by itself');
  });
  options.log.info({ folder, persistence: options.persistence }, 'A private Redis runs');
  const stop = async (): Promise<void> => {
    await end(child, ended, options.log);
    rmSync(socket, { force: true });
    lock.release();
  };
  return {
    url,
    pid,
    exited: ended,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

function serverArguments(options: PrivateRedisOptions, folder: string, socket: string): string[] {
  const settings: Record<string, string> = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    daemonize: 'no',
    dir: folder,
    save: '',
    appendonly: options.persistence === 'everysec' ? 'yes' : 'no',
    appendfsync: 'everysec',
    maxmemory: String(options.maxMemoryBytes ?? 1024 ** 3),
    'maxmemory-policy': 'noeviction',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

/** Wait until the server has loaded its data and answers; false where it ends before that. */
async function ready(socket: string, ended: Promise<void>): Promise<boolean> {
  const redis = new Redis({ path: socket, maxRetriesPerRequest: null, retryStrategy: () => 20 });
  // Refused connections are what we wait out here.
  const answers = new Promise<boolean>((settle) =>
    redis.on('error', () => undefined).once('ready', () => settle(true)),
  );
  try {
    return await Promise.race([answers, ended.then(() => false)]);
  } finally {
    redis.disconnect();
  }
}

async function takeFolder(folder: string, url: string, log: Log): Promise<FolderLock> {
  const first = lockFolder(folder);
  if (first.held) return first.lock;
  if (first.holder?.redis === undefined || alive(first.holder.owner)) throw inUse(folder, url, first.holder);
  log.info({ redis: first.holder.redis.pid }, 'Ending the Redis that a killed run left behind');
  await endStray(first.holder.redis);
  const second = lockFolder(folder);
  if (second.held) return second.lock;
  throw inUse(folder, url, second.holder);
}

async function endStray(redis: ProcessMark): Promise<void> {
  for (const [signal, ms] of [['SIGTERM', SHUTDOWN_MS] as const, ['SIGKILL', 2_000] as const]) {
    if (!alive(redis)) return;
    process.kill(redis.pid, signal);
    const deadline = Date.now() + ms;
    while (alive(redis) && Date.now() < deadline) await sleep(20);
  }
}

async function end(child: ChildProcess, ended: Promise<void>, log: Log): Promise<void> {
  child.kill('SIGTERM');
  const late = new AbortController();
  const killed = sleep(SHUTDOWN_MS, undefined, { signal: late.signal }).then(
    () => {
      log.error({ pid: child.pid }, 'The private Redis does not end; killing it');
      child.kill('SIGKILL');
    },
    // Aborted: it ended in time.
    () => undefined,
  );
  await ended;
  late.abort();
  await killed;
}

function inUse(folder: string, url: string, holder: Holder | undefined): ImpastoError {
  const who = holder === undefined ? 'Another Impasto' : `Another Impasto (process ${holder.owner.pid})`;
  return new ImpastoError({
    code: 'redis-in-use',
    userMessage: `${who} already runs on the state folder ${folder}. Stop it, join it with REDIS_URL=${url}, or set IMPASTO_STATE to another folder.`,
    data: { folder, url },
  });
}

function missing(options: PrivateRedisOptions, cause: unknown): ImpastoError {
  const none = systemCode(cause) === 'ENOENT' ? 'There is no Redis server' : 'The Redis server cannot be run';
  return new ImpastoError({
    code: 'redis-missing',
    userMessage: `${none} at ${options.binary}. Install redis-server, or name a running one in REDIS_URL.`,
    cause,
  });
}

async function whyNot(options: PrivateRedisOptions, folder: string, lines: string[]): Promise<ImpastoError> {
  if (await damaged(options.binary, folder)) {
    return new ImpastoError({
      code: 'redis-data-damaged',
      userMessage:
        `The data in ${join(folder, 'appendonlydir')} are damaged, so Redis does not start; nothing was changed. ` +
        'Move that folder away to begin with an empty state, or copy it and try redis-check-aof --fix.',
      data: { folder },
    });
  }
  return new ImpastoError({
    code: 'redis-not-started',
    userMessage: `The private Redis in ${folder} did not start. Its last words: ${lines.at(-1) ?? 'none'}`,
    data: { folder, lines: lines.join('\n') },
  });
}

/** Redis's own checker, by its exit code: the same binary under another name. */
async function damaged(binary: string, folder: string): Promise<boolean> {
  const manifest = join(folder, 'appendonlydir', 'appendonly.aof.manifest');
  if (!existsSync(manifest)) return false;
  const checker = spawn(binary, [manifest], { argv0: 'redis-check-aof', stdio: 'ignore' });
  return new Promise((settle, fail) =>
    checker.once('exit', (code) => settle(code !== 0)).once('error', fail),
  );
}
