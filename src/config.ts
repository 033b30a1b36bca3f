import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type About, type Field, type Fields, fileVariable } from './config/fields.ts';
import { type ObservingSettings, observingFields } from './config/observing.ts';
import { type PlatformSettings, platformFields } from './config/platforms.ts';
import { type ProgramSettings, programFields } from './config/program.ts';
import { systemCode, UserError } from './errors.ts';

/** Every setting as it is read. */
type Settings = ProgramSettings & PlatformSettings & ObservingSettings;

type Completed =
  | 'redisUrl'
  | 'secret'
  | 'olderSecrets'
  | 'data'
  | 'threads'
  | 'allowedHosts'
  | 'tracesHeaders';

/** Every setting, validated, with what follows from others filled in. */
export interface Config extends Omit<Settings, Completed> {
  readonly redisUrl?: string | undefined;
  readonly secret?: string | undefined;
  readonly olderSecrets: readonly string[];
  readonly data?: string | undefined;
  readonly threads: number;
  readonly allowedHosts: readonly string[];
  readonly tracesHeaders: Readonly<Record<string, string>>;
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
  /** How its default is told, wherever the program runs. */
  readonly byDefault: string;
  /** The variable that may name a file in its place; undefined for what is no secret. */
  readonly file: string | undefined;
}

const fields: Fields<Settings> = { ...programFields, ...platformFields, ...observingFields };

const DATA_BESIDE = join(fileURLToPath(new URL('..', import.meta.url)), '..', 'shared', 'data');

/**
 * Read all settings. An empty variable counts as one that is not set. A secret may stand in the file that its variable
 * with `_FILE` behind names; blanks around it, such as the last line's end, are no part of it.
 * @throws UserError `setting-invalid`, naming the variable, what it holds and what is expected; `setting-twice`,
 * `setting-file-unreadable`, `setting-file-empty`
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
  const { allowedHosts = [], olderSecrets = [], tracesHeaders = {} } = given;
  return { ...given, data, threads, allowedHosts, olderSecrets, tracesHeaders };
}

/** All settings as they stand. @throws UserError what `readConfig` throws */
export function settingRows(env: Environment): readonly SettingRow[] {
  const config: Readonly<Record<string, unknown>> = { ...readConfig(env) };
  const defaults: Readonly<Record<string, unknown>> = { ...readConfig({}) };
  return Object.entries<Field<unknown>>(fields).map(([key, { about }]) => {
    const value = givenOf(about, env);
    return {
      variable: about.variable,
      value: shown(about, value ?? written(config[key])),
      set: value !== undefined,
      help: about.help,
      byDefault: about.byDefault ?? written(defaults[key]),
      file: fileVariable(about),
    };
  });
}

/**
 * The environment for processes that handle strangers' bytes: without our own settings, secrets included, for what they
 * need of those is handed to them. Two allocator arenas keep glibc from holding on to memory.
 */
export function childEnvironment(env: Environment): Record<string, string> {
  const own = new Set(Object.values<Field<unknown>>(fields).flatMap(({ about }) => variablesOf(about)));
  const others = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || own.has(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(others), MALLOC_ARENA_MAX: '2' };
}

/** Everything among the settings that opens doors, for whoever keeps it out of sight. */
export function secretsOf(config: Config): readonly string[] {
  const values: Readonly<Record<string, unknown>> = { ...config };
  return Object.entries<Field<unknown>>(fields).flatMap(([key, { about }]) => {
    const value = values[key];
    if (about.secret === undefined || value === undefined) return [];
    if (about.secret === 'login') return passwordsOf(String(value));
    if (typeof value === 'object' && value !== null) return Object.values(value).map(String);
    return [String(value)];
  });
}

/** The password in an address, as it stands there and as it is meant. */
export function passwordsOf(address: string): readonly string[] {
  if (!URL.canParse(address)) return [];
  const { password } = new URL(address);
  return password === '' ? [] : [password, decodeURIComponent(password)];
}

function readAll(env: Environment): Settings {
  const settings: { -readonly [Key in keyof Settings]?: Settings[Key] } = {};
  // One key at a time, so that each value keeps its own type.
  const readOne = <Key extends keyof Settings>(key: Key): void => {
    const { value, about }: Field<Settings[Key]> = fields[key];
    const given = givenOf(about, env);
    const parsed = value.safeParse(given);
    if (!parsed.success) throw invalid(about.variable, shown(about, given), about.expected);
    settings[key] = parsed.data;
  };
  for (const key of Object.keys(fields)) if (isKey(key)) readOne(key);
  if (!isWhole(settings)) throw new TypeError('a setting was not read');
  return settings;
}

/** What somebody has set, in the environment or in a file. */
function givenOf(about: About, env: Environment): string | undefined {
  const { variable } = about;
  const value = env[variable]?.trim() || undefined;
  const named = fileVariable(about);
  const file = named === undefined ? undefined : env[named]?.trim() || undefined;
  if (named === undefined || file === undefined) return value;
  if (value !== undefined) {
    const sentence = `${variable} and ${named} are both set. Set only one of them.`;
    throw new UserError('setting-twice', sentence, { data: { variable, named } });
  }
  try {
    const content = readFileSync(file, 'utf8').trim();
    if (content !== '') return content;
  } catch (cause) {
    const reason = systemCode(cause) ?? '';
    const sentence = `${named} is ${file}, which can’t be read (${reason}). Correct the path or its permissions.`;
    throw new UserError('setting-file-unreadable', sentence, {
      data: { variable, named, file, reason },
      cause,
    });
  }
  const sentence = `${named} is ${file}, which is empty. Write the value of ${variable} into it.`;
  throw new UserError('setting-file-empty', sentence, { data: { variable, named, file } });
}

function variablesOf(about: About): readonly string[] {
  const file = fileVariable(about);
  return file === undefined ? [about.variable] : [about.variable, file];
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
  if (typeof value === 'object' && value !== null) return Object.values(value).join(',');
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value ?? '');
}

/** A secret only by its length; a Redis address without its login, which ends at the last `@`. */
function shown({ secret }: About, value: string = ''): string {
  if (secret === 'all' && value !== '') return `(${value.length} characters)`;
  if (secret !== 'login' || value.startsWith('/')) return value;
  return value.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@');
}
