import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { About, Field, Fields } from './config/fields.ts';
import { type PlatformSettings, platformFields } from './config/platforms.ts';
import { type ProgramSettings, programFields } from './config/program.ts';
import { UserError } from './errors.ts';

/** Every setting as it is read. */
type Settings = ProgramSettings & PlatformSettings;

/** Every setting, validated, with what follows from others filled in. */
export interface Config extends Omit<Settings, 'redisUrl' | 'secret' | 'data' | 'threads' | 'allowedHosts'> {
  readonly redisUrl?: string | undefined;
  readonly secret?: string | undefined;
  readonly data?: string | undefined;
  readonly threads: number;
  readonly allowedHosts: readonly string[];
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

const fields: Fields<Settings> = { ...programFields, ...platformFields };

const DATA_BESIDE = join(fileURLToPath(new URL('..', import.meta.url)), '..', 'shared', 'data');

/**
 * Read all settings. An empty variable counts as one that is not set.
 * @throws UserError `setting-invalid`, naming the variable, what it holds and what is expected
 */
export function readConfig(env: Environment): Config {
  const given = readAll(env);
  const cores = availableParallelism();
  const { workers } = given;
  const threads = given.threads ?? Math.max(1, Math.floor(cores / workers));
  if (workers * threads > cores) {
    const [first, other] = env.THREADS ? ['THREADS', `WORKERS=${workers}`] : ['WORKERS', 'THREADS=1'];
    const value = first === 'THREADS' ? threads : workers;
    throw invalid(first, String(value), `no more than the machine’s ${cores} cores together with ${other}`);
  }
  const data = given.data ?? (existsSync(DATA_BESIDE) ? DATA_BESIDE : undefined);
  return { ...given, data, threads, allowedHosts: given.allowedHosts ?? [] };
}

/** All settings as they stand. @throws UserError `setting-invalid` */
export function settingRows(env: Environment): readonly SettingRow[] {
  const config: Readonly<Record<string, unknown>> = { ...readConfig(env) };
  return Object.entries<Field<unknown>>(fields).map(([key, { about }]) => {
    const value = env[about.variable]?.trim() || undefined;
    return {
      variable: about.variable,
      value: shown(about, value ?? written(config[key])),
      set: value !== undefined,
      help: about.help,
    };
  });
}

/**
 * The environment for processes that handle strangers' bytes: without our own settings, secrets included, for what they
 * need of those is handed to them. Two allocator arenas keep glibc from holding on to memory.
 */
export function childEnvironment(env: Environment): Record<string, string> {
  const own = new Set(Object.values<Field<unknown>>(fields).map(({ about }) => about.variable));
  const others = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || own.has(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(others), MALLOC_ARENA_MAX: '2' };
}

function readAll(env: Environment): Settings {
  const settings: { -readonly [Key in keyof Settings]?: Settings[Key] } = {};
  // One key at a time, so that each value keeps its own type.
  const readOne = <Key extends keyof Settings>(key: Key): void => {
    const { value, about }: Field<Settings[Key]> = fields[key];
    const given = env[about.variable]?.trim() || undefined;
    const parsed = value.safeParse(given);
    if (!parsed.success) throw invalid(about.variable, shown(about, given), about.expected);
    settings[key] = parsed.data;
  };
  for (const key of Object.keys(fields)) if (isKey(key)) readOne(key);
  if (!isWhole(settings)) throw new TypeError('a setting was not read');
  return settings;
}

function isKey(key: string): key is keyof Settings {
  return key in fields;
}

function isWhole(settings: Partial<Settings>): settings is Settings {
  return Object.keys(fields).every((key) => key in settings);
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
function shown({ variable, secret = false }: About, value: string = ''): string {
  if (secret && value !== '') return `(${value.length} characters)`;
  if (variable !== 'REDIS_URL' || value.startsWith('/')) return value;
  return value.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@');
}
