import { Redis, type RedisOptions } from 'ioredis';
import { ImpastoError, systemCode } from '../errors.ts';
import type { Log } from './log.ts';

/**
 * Stands before every key. The braces are a hash tag: a cluster keeps all keys of the queue in one slot,
 * where a script may touch several of them at once.
 */
export const PREFIX = '{impasto}';

/**
 * A producer serves a person who waits: its commands fail within about two seconds when Redis is away.
 * A consumer serves the queue: its commands wait for as long as Redis needs to come back.
 */
export type Role = 'producer' | 'consumer';

/**
 * Connect to Redis; the connection is made in the background and made again whenever it breaks.
 * @param url `redis://`, `rediss://`, `redis+unix:///path?db=1`, or the bare path of a unix socket
 * @throws ImpastoError `redis-address-invalid`
 */
export function connect(url: string, role: Role, log: Log): Redis {
  const redis = new Redis({
    ...addressOptions(url),
    replyMapping: 'legacy',
    connectTimeout: 2_000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 8), role === 'producer' ? 400 : 2_000),
    ...(role === 'producer'
      ? { maxRetriesPerRequest: 2, commandTimeout: 5_000 }
      : { maxRetriesPerRequest: null }),
  });
  const address = describeAddress(url);
  let away = false;
  // One line when it goes and one when it is back, however many attempts lie between.
  redis.on('error', (error: Error) => {
    if (!away) log.warn({ address, error: error.message }, 'Redis is away; trying again');
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.warn({ address }, 'Redis is back');
    away = false;
  });
  return redis;
}

/** Another connection like this one, for listening to channels: its commands wait for as long as Redis needs. */
export function connectTwin(redis: Redis): Redis {
  return redis.duplicate({ maxRetriesPerRequest: null, commandTimeout: undefined });
}

/**
 * Wait until Redis answers.
 * @throws ImpastoError `redis-away`, which names the address without its password
 */
export async function reach(redis: Redis): Promise<void> {
  await answered(redis, redis.ping());
}

/**
 * Await a command and name Redis where it could not be reached.
 * @throws ImpastoError `redis-away`; everything else is thrown as it is
 */
export async function answered<T>(redis: Redis, command: Promise<T>): Promise<T> {
  try {
    return await command;
  } catch (error) {
    if (error instanceof ImpastoError || !isUnreachable(redis, error)) throw error;
    throw redisAway(redis, error);
  }
}

/** What is thrown where Redis could not be reached, or takes longer than anybody can wait for. */
export function redisAway(redis: Redis, cause?: unknown): ImpastoError {
  const address = addressOf(redis);
  return new ImpastoError({
    code: 'redis-away',
    userMessage: `Redis at ${address} cannot be reached just now. Try again in a moment.`,
    retryable: true,
    report: true,
    publicMessage: "Impasto can't reach its memory just now. Try again in a moment.",
    data: { address },
    cause,
  });
}

/** The code that Redis puts before its error replies (`OOM`, `LOADING`, …); undefined for any other error. */
export function replyCode(error: unknown): string | undefined {
  return error instanceof Error && error.name === 'ReplyError' ? error.message.split(' ', 1)[0] : undefined;
}

/**
 * The address as it may be shown: without user, password and query. Of one that can't be read, or that holds its
 * password where no password belongs, only the scheme.
 */
export function describeAddress(url: string): string {
  if (url.startsWith('/')) return url;
  if (!URL.canParse(url)) return `${/^[a-z][a-z0-9+.-]*:\/\//i.exec(url)?.[0] ?? ''}…`;
  const { protocol, host, pathname, search, hash } = new URL(url);
  if (protocol !== 'redis+unix:' && `${pathname}${search}${hash}`.includes('@')) return `${protocol}//…`;
  return protocol === 'redis+unix:' ? decodeURIComponent(pathname) : `${protocol}//${host}${pathname}`;
}

/** The address of an open connection, as it may be shown. */
export function addressOf(redis: Redis): string {
  const { path, host, port } = redis.options;
  return path ?? `${host ?? 'localhost'}:${port ?? 6379}`;
}

/** True for an error of a connection, which its own listener tells the log once (`connect`). */
export function tellsOfConnection(redis: Redis, error: unknown): boolean {
  return replyCode(error) === undefined && (redis.status !== 'ready' || systemCode(error) !== undefined);
}

function isUnreachable(redis: Redis, error: unknown): boolean {
  if (replyCode(error) !== undefined) return false;
  if (redis.status !== 'ready') return true;
  // ioredis has one class for a lost connection, and says plain `Error` when a command timed out.
  return (
    error instanceof Error && (error.name === 'MaxRetriesPerRequestError' || error.constructor === Error)
  );
}

function addressOptions(url: string): RedisOptions {
  if (url.startsWith('/')) return { path: url };
  if (!URL.canParse(url)) throw invalidAddress(url);
  const { protocol, hostname, port, pathname, username, password, searchParams } = new URL(url);
  const login: RedisOptions = {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  };
  if (protocol === 'redis+unix:') {
    return { ...login, path: decodeURIComponent(pathname), db: Number(searchParams.get('db') ?? 0) };
  }
  const db = Number(pathname.slice(1));
  if ((protocol !== 'redis:' && protocol !== 'rediss:') || hostname === '' || !Number.isInteger(db)) {
    throw invalidAddress(url);
  }
  // An IPv6 host stands in brackets in an address, and without them everywhere else.
  const host = hostname.replace(/^\[|\]$/g, '');
  return { ...login, host, port: Number(port || 6379), db, ...(protocol === 'rediss:' ? { tls: {} } : {}) };
}

function invalidAddress(url: string): ImpastoError {
  return new ImpastoError({
    code: 'redis-address-invalid',
    userMessage:
      `"${describeAddress(url)}" is no Redis address. ` +
      'Write it in REDIS_URL as redis://host:6379/0, rediss://…, or redis+unix:///path/to/redis.sock.',
  });
}
