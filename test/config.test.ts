import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childEnvironment, readConfig, settingRows } from '../src/config.ts';
import { UserError } from '../src/errors.ts';

/** The sentence about what is wrong with these variables. */
function complaint(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof UserError && error.code === 'setting-invalid') return error.userMessage;
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
    [{ PROVIDER: 'gpu' }, 'PROVIDER is gpu, but should be cpu, cuda or webgpu.'],
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
    const env = childEnvironment({ PATH: '/bin', IMPASTO_SECRET: 'correct horse battery', GONE: undefined });
    expect(env).toEqual({ PATH: '/bin', MALLOC_ARENA_MAX: '2' });
  });
});
