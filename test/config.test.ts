import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { childEnvironment, readConfig, secretsOf, settingRows } from '../src/config.ts';
import { UserError } from '../src/errors.ts';
import { temporaryFolder } from './queue/support.ts';

const secretRows = settingRows({}).filter(({ file }) => file !== undefined);
/** What a secret must look like, where that is not just any text. */
const examples: Readonly<Record<string, string>> = {
  REDIS_URL: 'redis://:correct@host:6379',
  SLACK_BOT_TOKEN: 'xoxb-correct-horse',
  SLACK_APP_TOKEN: 'xapp-correct-horse',
  OTEL_EXPORTER_OTLP_HEADERS: 'x-key=correct%20horse, authorization=Basic Y29ycmVjdA==',
};

const complaints = ['setting-invalid', 'setting-twice', 'setting-file-unreadable', 'setting-file-empty'];

/** The sentence about what is wrong with these variables. */
function complaint(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof UserError && complaints.includes(error.code)) return error.userMessage;
    throw error;
  }
  return 'none';
}

describe('the settings', () => {
  it('need none to be given', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      redisUrl: undefined,
      secret: undefined,
      provider: 'cpu',
      host: '127.0.0.1',
      allowedHosts: [],
      workingSize: 1536,
      state: join(homedir(), '.local', 'state', 'impasto'),
    });
    expect(config.workers * config.threads).toBeGreaterThanOrEqual(1);
  });

  it('let pictures be fetched from the platforms alone, where nobody says otherwise', () => {
    expect(readConfig({}).fetchFrom).toBe('platforms');
    expect(readConfig({ FETCH_FROM: 'public' }).fetchFrom).toBe('public');
    expect(complaint({ FETCH_FROM: 'anywhere' })).toContain('platforms or public');
  });

  it('are read from the environment', () => {
    expect(
      readConfig({
        REDIS_URL: 'redis://elsewhere:6379/1',
        PROVIDER: 'webgpu',
        PRECISION: 'float16',
        PROVIDER_FALLBACK: 'off',
        WORKERS: '1',
        THREADS: '1',
        PORT: '0',
        ALLOWED_HOSTS: 'Paint.example.org, studio.example.org',
        LOG_LEVEL: 'silent',
      }),
    ).toMatchObject({
      redisUrl: 'redis://elsewhere:6379/1',
      provider: 'webgpu',
      precision: 'float16',
      providerFallback: false,
      workers: 1,
      threads: 1,
      port: 0,
      allowedHosts: ['paint.example.org', 'studio.example.org'],
      logLevel: 'silent',
    });
  });

  it('take an empty variable for one that is not set', () => {
    expect(readConfig({ REDIS_URL: '', PORT: ' ', IMPASTO_SECRET: '' })).toEqual(readConfig({}));
  });

  it('read headers as OpenTelemetry writes them', () => {
    const { tracesHeaders } = readConfig({
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=correct%20horse, authorization=Basic Y29ycmVjdA==',
    });
    expect(tracesHeaders).toEqual({ 'x-key': 'correct horse', authorization: 'Basic Y29ycmVjdA==' });
  });

  it('make folders absolute, whatever the working folder is later', () => {
    const env = { IMPASTO_STATE: 'here', IMPASTO_MODELS: './models', IMPASTO_DATA: '../data' };
    const { state, models, data = '' } = readConfig(env);
    expect([state, models, data].every(isAbsolute)).toBe(true);
    expect(state).toBe(join(process.cwd(), 'here'));
  });

  it('know a data folder only where one is set or lies beside the program', () => {
    const beside = resolve('../shared/data');
    expect(readConfig({}).data).toBe(existsSync(beside) ? beside : undefined);
    expect(readConfig({ IMPASTO_DATA: '/somewhere/else' }).data).toBe('/somewhere/else');
  });

  it.each([
    [{ PORT: '65536' }, 'PORT is 65536, but should be a whole number from 0 to 65535.'],
    [{ PORT: '80.5' }, 'PORT is 80.5, but should be a whole number from 0 to 65535.'],
    [{ PORT: '0x50' }, 'PORT is 0x50, but should be a whole number from 0 to 65535.'],
    [{ PROVIDER: 'gpu' }, 'PROVIDER is gpu, but should be auto, cpu, cuda or webgpu.'],
    [{ PRECISION: 'int8' }, 'PRECISION is int8, but should be auto, float32 or float16.'],
    [{ PROVIDER_FALLBACK: 'yes' }, 'PROVIDER_FALLBACK is yes, but should be on or off.'],
    [{ IMPASTO_SECRET: 'short' }, 'IMPASTO_SECRET is (5 characters), but should be 16 characters or more.'],
  ])('name the variable, its value and what is expected: %j', (env, sentence) => {
    expect(complaint(env)).toBe(sentence);
  });

  it('keep processes times threads within the cores', () => {
    expect(complaint({ THREADS: '256' })).toMatch(
      /^THREADS is 256, but .* cores together with WORKERS=\d+\.$/,
    );
    expect(complaint({ WORKERS: '256' })).toMatch(/^WORKERS is 256, but .* cores together with THREADS=1\.$/);
  });

  it('either read a number as it is written or refuse it in one line', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const said = complaint({ MAX_OPEN_REQUESTS: value });
        if (said !== 'none') {
          expect(said).toMatch(/^MAX_OPEN_REQUESTS is /);
          return;
        }
        const { maxOpenRequests } = readConfig({ MAX_OPEN_REQUESTS: value });
        expect([Number(value.trim()), value.trim() === '' && 500]).toContain(maxOpenRequests);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a secret in a file', () => {
  let folder = '';
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  it.each(secretRows.map(({ variable }) => variable))(
    'is read for %s, without its last line’s end',
    (variable) => {
      const value = examples[variable] ?? 'correct horse battery staple';
      const named = { [`${variable}_FILE`]: file('secret', `${value}\n`) };
      expect(readConfig(named)).toEqual(readConfig({ [variable]: value }));
      expect(settingRows(named).find((row) => row.variable === variable)?.set).toBe(true);
    },
  );

  it('is there for no other setting', () => {
    expect(readConfig({ PORT_FILE: file('port', '80') })).toEqual(readConfig({}));
  });

  it.each([
    [
      'beside the variable itself',
      () => ({ DISCORD_TOKEN: 'one', DISCORD_TOKEN_FILE: file('token', 'two') }),
      /^DISCORD_TOKEN and DISCORD_TOKEN_FILE are both set\. /,
    ],
    [
      'that is not there',
      () => ({ SLACK_BOT_TOKEN_FILE: join(folder, 'nothing') }),
      /^SLACK_BOT_TOKEN_FILE is .*nothing, which can’t be read \(ENOENT\)\. /,
    ],
    [
      'that is a folder',
      () => ({ REDIS_URL_FILE: folder }),
      /^REDIS_URL_FILE is .* can’t be read \(EISDIR\)\. /,
    ],
    [
      'that is empty',
      () => ({ IMPASTO_SECRET_FILE: file('secret', '\n') }),
      /^IMPASTO_SECRET_FILE is .*, which is empty\. /,
    ],
    [
      'that holds something else',
      () => ({ SLACK_APP_TOKEN_FILE: file('token', 'hunter2secret\n') }),
      /^SLACK_APP_TOKEN is \(13 characters\), but should be a token that begins with xapp-\.$/,
    ],
  ])('is refused in a sentence that names the setting: %s', (_what, env, sentence) => {
    const said = complaint(env());
    expect(said).toMatch(sentence);
    expect(said).not.toContain('hunter2secret');
  });

  it('may be several earlier ones, one a line', () => {
    const old = file('old', 'the first secret of ours\n\n  the second secret of ours\n');
    expect(readConfig({ IMPASTO_SECRET_OLD_FILE: old }).olderSecrets).toEqual([
      'the first secret of ours',
      'the second secret of ours',
    ]);
    expect(complaint({ IMPASTO_SECRET_OLD: 'the first secret of ours\nshort' })).toBe(
      'IMPASTO_SECRET_OLD is (30 characters), but should be 16 characters or more in each line.',
    );
  });

  it('is among what is kept out of sight, however it was given', () => {
    const config = readConfig({
      DISCORD_TOKEN_FILE: file('token', 'correct.horse.battery\n'),
      IMPASTO_SECRET_OLD: 'the first secret of ours\nthe second secret of ours',
      REDIS_URL: 'redis://ada:love%20lace@host:6379',
      SLACK_CLIENT_ID: 'no secret',
    });
    expect(new Set(secretsOf(config))).toEqual(
      new Set([
        'correct.horse.battery',
        'the first secret of ours',
        'the second secret of ours',
        'love%20lace',
        'love lace',
      ]),
    );
  });
});

describe('the table of settings', () => {
  it('has a help line and a value for each, and says which are set', () => {
    const rows = settingRows({ PORT: '8080', PROVIDER_FALLBACK: 'off' });
    expect(rows).toHaveLength(Object.keys(readConfig({})).length);
    expect(new Set(rows.map(({ variable }) => variable)).size).toBe(rows.length);
    for (const { help } of rows) expect(help).not.toBe('');
    const set = rows.filter((row) => row.set).map(({ variable, value }) => [variable, value]);
    expect(set).toEqual([
      ['PROVIDER_FALLBACK', 'off'],
      ['PORT', '8080'],
    ]);
    expect(rows.find(({ variable }) => variable === 'ARTEFACT_HOURS')).toMatchObject({
      value: '24',
      set: false,
    });
  });

  it('may be set again as it is printed', () => {
    const printed = settingRows({ ALLOWED_HOSTS: 'a.example,b.example' });
    const again = Object.fromEntries(printed.map(({ variable, value }) => [variable, value]));
    expect(readConfig(again)).toEqual(readConfig({ ALLOWED_HOSTS: 'a.example,b.example' }));
  });

  it('shows neither the secret nor a password', () => {
    const rows = settingRows({
      IMPASTO_SECRET: 'correct horse battery',
      REDIS_URL: 'redis://ada:lovelace@host:6379',
    });
    expect(JSON.stringify(rows)).not.toMatch(/horse|lovelace/);
  });

  it.each([
    ['redis://ada:hunter2secret@host:6379', 'redis://…@host:6379'],
    ['redis://:hunter2secret@host:99999', 'redis://…@host:99999'],
    ['redis://:p/hunter2secret@host:6379', 'redis://…@host:6379'],
    ['redis://:p@hunter2secret@host:6379', 'redis://…@host:6379'],
    ['ada:hunter2secret@host', '…@host'],
    ['redis://host:6379/0', 'redis://host:6379/0'],
    ['/run/a@b/redis.sock', '/run/a@b/redis.sock'],
  ])('shows of the address %s no login', (url, expected) => {
    const row = settingRows({ REDIS_URL: url }).find(({ variable }) => variable === 'REDIS_URL');
    expect(row?.value).toBe(expected);
  });
});

describe('the environment of processes that handle strangers’ bytes', () => {
  it('has what the system needs and none of our settings', () => {
    const ours = { IMPASTO_SECRET: 'correct horse battery', DISCORD_TOKEN_FILE: '/run/secrets/token' };
    const env = childEnvironment({ PATH: '/bin', ...ours, GONE: undefined });
    expect(env).toEqual({ PATH: '/bin', MALLOC_ARENA_MAX: '2' });
  });
});
