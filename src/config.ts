import { existsSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UserError } from './errors.ts';

/** Every setting, validated; what each means stands in its help line below. Folders are absolute. */
export interface Config {
  readonly redisUrl?: string | undefined;
  readonly redisBinary: string;
  readonly redisArgv0: string;
  readonly state: string;
  readonly secret?: string | undefined;
  readonly models: string;
  readonly data?: string | undefined;
  readonly provider: 'cpu' | 'cuda' | 'webgpu';
  readonly providerFallback: boolean;
  readonly workers: number;
  readonly threads: number;
  readonly jobSeconds: number;
  readonly childMegabytes: number;
  readonly childJobs: number;
  readonly workingSize: number;
  readonly pictureMegabytes: number;
  readonly pictureMegapixels: number;
  readonly pictureSide: number;
  readonly artefactHours: number;
  readonly artefactMegabytes: number;
  readonly maxOpenRequests: number;
  readonly host: string;
  readonly port: number;
  readonly allowedHosts: readonly string[];
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
}

/** Variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One row of the table of all settings. */
export interface SettingRow {
  readonly variable: string;
  /** As it would be written in the environment; a secret is not shown. */
  readonly value: string;
  /** True where somebody has set it. */
  readonly set: boolean;
  readonly help: string;
}

interface About {
  readonly variable: string;
  /** What a value must be, for the sentence about one that is not. */
  readonly expected: string;
  readonly help: string;
}

const about = z.registry<About>();
const cores = availableParallelism();
const packageFolder = fileURLToPath(new URL('..', import.meta.url));

const DATA_BESIDE = join(packageFolder, '..', 'shared', 'data');

const text = z.string();
const folder = text.transform((path) => resolve(path));
const whole = (min: number, max: number): z.ZodType<number, string> =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(min).max(max));
const switched = z.enum(['on', 'off']).transform((value) => value === 'on');
const list = text.transform((value) => value.split(',').map((part) => part.trim().toLowerCase()));

/** The variable, what it expects and its help, beside what reads it. Defaults are written as in the environment. */
const schema = z.object({
  redisUrl: text.optional().register(about, {
    variable: 'REDIS_URL',
    expected: 'an address such as redis://host:6379/0 or redis+unix:///path/to/redis.sock',
    help: 'the Redis to use; without one, “up” starts its own in the state folder',
  }),
  redisBinary: text.prefault('redis-server').register(about, {
    variable: 'IMPASTO_REDIS_BINARY',
    expected: 'a program’s name or path',
    help: 'the program that “up” starts as its own Redis',
  }),
  redisArgv0: text.prefault('redis-server').register(about, {
    variable: 'IMPASTO_REDIS_ARGV0',
    expected: 'a program’s name',
    help: 'the name to start it under, where the same binary has several',
  }),
  state: folder.prefault(join(homedir(), '.local', 'state', 'impasto')).register(about, {
    variable: 'IMPASTO_STATE',
    expected: 'a folder',
    help: 'where the program keeps its Redis, its secret and its trainings',
  }),
  secret: text.min(16).optional().register(about, {
    variable: 'IMPASTO_SECRET',
    expected: '16 characters or more',
    help: 'encrypts what is needed to answer; made in the state folder where it is not set',
  }),
  models: folder.prefault(join(packageFolder, 'models')).register(about, {
    variable: 'IMPASTO_MODELS',
    expected: 'a folder',
    help: 'the folder of the catalogue and its networks',
  }),
  data: folder.optional().register(about, {
    variable: 'IMPASTO_DATA',
    expected: 'a folder',
    help: 'artworks and the loss network, for evaluation; without it, ../shared/data beside the program if there is one',
  }),
  provider: z.enum(['cpu', 'cuda', 'webgpu']).prefault('cpu').register(about, {
    variable: 'PROVIDER',
    expected: 'cpu, cuda or webgpu',
    help: 'where networks run',
  }),
  providerFallback: switched.prefault('on').register(about, {
    variable: 'PROVIDER_FALLBACK',
    expected: 'on or off',
    help: 'take the cpu where the provider cannot start, and say so; off refuses instead',
  }),
  workers: whole(1, 256)
    .prefault(String(Math.ceil(cores / 4)))
    .register(about, {
      variable: 'WORKERS',
      expected: 'a whole number from 1 to 256',
      help: 'pictures painted at once, each in a process of its own',
    }),
  threads: whole(1, 256).optional().register(about, {
    variable: 'THREADS',
    expected: 'a whole number from 1 to 256',
    help: 'threads of each of these; fewer are faster where the machine is busy',
  }),
  jobSeconds: whole(1, 86_400).prefault('300').register(about, {
    variable: 'JOB_SECONDS',
    expected: 'a whole number from 1 to 86400',
    help: 'a picture that takes longer is given up',
  }),
  childMegabytes: whole(128, 1_048_576).prefault('2048').register(about, {
    variable: 'CHILD_MEGABYTES',
    expected: 'a whole number from 128 to 1048576',
    help: 'a painting process that holds more memory after a picture is replaced',
  }),
  childJobs: whole(1, 1_000_000).prefault('200').register(about, {
    variable: 'CHILD_JOBS',
    expected: 'a whole number from 1 to 1000000',
    help: 'a painting process is replaced after so many pictures',
  }),
  workingSize: whole(256, 8192).prefault('1536').register(about, {
    variable: 'WORKING_SIZE',
    expected: 'a whole number from 256 to 8192',
    help: 'long side, in pixels, at which large pictures are painted',
  }),
  pictureMegabytes: whole(1, 512).prefault('25').register(about, {
    variable: 'PICTURE_MEGABYTES',
    expected: 'a whole number from 1 to 512',
    help: 'the largest file that is taken',
  }),
  pictureMegapixels: whole(1, 268).prefault('50').register(about, {
    variable: 'PICTURE_MEGAPIXELS',
    expected: 'a whole number from 1 to 268',
    help: 'the largest picture that is taken',
  }),
  pictureSide: whole(16, 65_535).prefault('16384').register(about, {
    variable: 'PICTURE_SIDE',
    expected: 'a whole number from 16 to 65535',
    help: 'the longest side, in pixels, that is taken',
  }),
  artefactHours: whole(1, 8760).prefault('24').register(about, {
    variable: 'ARTEFACT_HOURS',
    expected: 'a whole number from 1 to 8760',
    help: 'how long pictures are kept after they were last needed',
  }),
  artefactMegabytes: whole(16, 1_048_576).prefault('512').register(about, {
    variable: 'ARTEFACT_MEGABYTES',
    expected: 'a whole number from 16 to 1048576',
    help: 'room for all kept pictures together; Redis needs two thirds more',
  }),
  maxOpenRequests: whole(1, 100_000).prefault('500').register(about, {
    variable: 'MAX_OPEN_REQUESTS',
    expected: 'a whole number from 1 to 100000',
    help: 'more requests than this at a time are refused',
  }),
  host: text.prefault('127.0.0.1').register(about, {
    variable: 'HOST',
    expected: 'an address',
    help: 'where the playground listens',
  }),
  port: whole(0, 65_535).prefault('4700').register(about, {
    variable: 'PORT',
    expected: 'a whole number from 0 to 65535',
    help: 'where the playground listens; 0 takes any free port',
  }),
  allowedHosts: list.optional().register(about, {
    variable: 'ALLOWED_HOSTS',
    expected: 'names joined by commas',
    help: 'further names that the playground answers to, without port',
  }),
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .prefault('warn')
    .register(about, {
      variable: 'LOG_LEVEL',
      expected: 'trace, debug, info, warn, error, fatal or silent',
      help: 'what is logged, as lines of JSON on stderr',
    }),
});

/**
 * Read all settings. An empty variable counts as one that is not set.
 * @throws UserError `setting-invalid`, naming the variable, what it holds and what is expected
 */
export function readConfig(env: Environment): Config {
  const given = Object.fromEntries(
    rows().map(({ key, variable }) => [key, env[variable]?.trim() || undefined]),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const { variable, expected } = aboutKey(String(parsed.error.issues[0]?.path[0]));
    throw invalid(variable, shown(variable, env[variable]), expected);
  }
  const { threads = Math.max(1, Math.floor(cores / parsed.data.workers)), ...rest } = parsed.data;
  const { workers } = rest;
  if (workers * threads > cores) {
    const [first, other] = env.THREADS ? ['THREADS', `WORKERS=${workers}`] : ['WORKERS', 'THREADS=1'];
    const value = first === 'THREADS' ? threads : workers;
    throw invalid(first, String(value), `no more than the machine’s ${cores} cores together with ${other}`);
  }
  const data = rest.data ?? (existsSync(DATA_BESIDE) ? DATA_BESIDE : undefined);
  return { ...rest, data, threads, allowedHosts: rest.allowedHosts ?? [] };
}

/** All settings as they stand. @throws UserError `setting-invalid` */
export function settingRows(env: Environment): readonly SettingRow[] {
  const config: Readonly<Record<string, unknown>> = { ...readConfig(env) };
  return rows().map(({ key, variable, help }) => {
    const set = Boolean(env[variable]?.trim());
    return {
      variable,
      value: shown(variable, set ? env[variable]?.trim() : written(config[key])),
      set,
      help,
    };
  });
}

/**
 * The environment for processes that handle strangers' bytes: without our own settings, secret included, for what they
 * need of those is handed to them. Two allocator arenas keep glibc from holding on to memory.
 */
export function childEnvironment(env: Environment): Record<string, string> {
  const own = new Set(rows().map(({ variable }) => variable));
  const others = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || own.has(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(others), MALLOC_ARENA_MAX: '2' };
}

function rows(): readonly (About & { readonly key: string })[] {
  return Object.keys(schema.shape).map((key) => ({ key, ...aboutKey(key) }));
}

function aboutKey(key: string): About {
  const field = Object.entries(schema.shape).find(([name]) => name === key)?.[1];
  const found = field && about.get(field);
  if (!found) throw new TypeError(`nothing is known about the setting ${key}`);
  return found;
}

function invalid(variable: string, received: string, expected: string): UserError {
  return new UserError('setting-invalid', `${variable} is ${received}, but should be ${expected}.`, {
    data: { variable, received, expected },
  });
}

function written(value: unknown): string {
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value ?? '');
}

/** A secret only by its length; a Redis address without its login, which ends at the last `@`. */
function shown(variable: string, value: string = ''): string {
  if (variable === 'IMPASTO_SECRET' && value !== '') return `(${value.length} characters)`;
  if (variable !== 'REDIS_URL' || value.startsWith('/')) return value;
  return value.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@');
}
