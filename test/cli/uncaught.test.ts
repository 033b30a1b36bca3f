import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../bots/slack/in-process.ts';
import { family } from '../e2e/proc.ts';
import { eventually, startTestRedis, type TestRedis, temporaryFolder } from '../queue/support.ts';
import { findings } from '../secrecy.ts';
import { createProgram, type Part } from './program.ts';

/* The built program, with something loaded into each of its processes that fails on a signal, and that nobody catches. */

const secrets = {
  'the password of Redis': 'love-lace-ada',
  'our secret': 'correct horse battery staple',
  'an interaction’s token': 'aW50ZXJhY3Rpb24tdG9rZW4',
};

const address = `https://discord.com/api/v10/webhooks/1/${secrets['an interaction’s token']}/messages/@original`;
const message = `Unknown Webhook, as ${secrets['our secret']} and ${secrets['the password of Redis']} know`;
const failing = `
  import discord from ${JSON.stringify(import.meta.resolve('discord.js'))};
  const told = { code: 10015, message: ${JSON.stringify(message)} };
  const error = new discord.DiscordAPIError(told, 10015, 404, 'PATCH', ${JSON.stringify(address)}, {});
  process.on('SIGUSR2', () => void Promise.reject(error));
  process.on('SIGWINCH', () => { throw error; });
`;

let redis: TestRedis;
let redisUrl: string;
let state: string;
const program = createProgram(() => ({
  REDIS_URL: redisUrl,
  IMPASTO_SECRET: secrets['our secret'],
  IMPASTO_STATE: state,
  WORKERS: '1',
  THREADS: '1',
  NODE_OPTIONS: `--import=${join(state, 'failing.mjs')}`,
}));

beforeAll(async () => {
  redis = await startTestRedis();
  const port = await freePort();
  await redis.connect().config('SET', 'port', port);
  // The default user of a Redis without a password takes any.
  redisUrl = `redis://default:${secrets['the password of Redis']}@127.0.0.1:${port}`;
  state = temporaryFolder();
  await writeFile(join(state, 'failing.mjs'), failing);
});
afterEach(() => program.endAll());
afterAll(async () => {
  await redis.close();
  await rm(state, { recursive: true });
});

async function worker(env: Readonly<Record<string, string>> = {}): Promise<Part> {
  const part = program.run(['worker'], env);
  await eventually(() => part.said().includes('waits for pictures'), 60_000);
  return part;
}

const fatal = (part: Part): readonly string[] =>
  part
    .said()
    .split('\n')
    .filter((line) => line.startsWith('{"level":60'));

describe('what nobody has caught', () => {
  it.each(['SIGUSR2', 'SIGWINCH'] as const)(
    'ends the process by 1, told in its log and in a sentence, without a secret: by %s',
    async (signal) => {
      const part = await worker();
      expect(await part.end(signal)).toBe(1);
      expect(fatal(part).map((line) => JSON.parse(line))).toMatchObject([
        {
          msg: 'The process ends by a defect',
          err: {
            type: 'DiscordAPIError',
            status: 404,
            url: 'https://discord.com/api/v10/webhooks/1/…/messages/@original',
          },
        },
      ]);
      const sentence = 'Something went wrong in Impasto itself: Unknown Webhook, as … and … know';
      expect(part.said().trimEnd().split('\n').slice(-2)).toEqual([sentence, 'LOG_LEVEL=debug tells more.']);
      expect(findings({ 'what it said': part.said() }, secrets)).toEqual([]);
    },
  );

  it('is told where it lies, where more is asked for', async () => {
    const part = await worker({ LOG_LEVEL: 'debug' });
    expect(await part.end('SIGUSR2')).toBe(1);
    expect(part.said()).toMatch(/^ {4}at /m);
    expect(findings({ 'what it said': part.said() }, secrets)).toEqual([]);
  });

  it('is told in a sentence even where nothing is logged', async () => {
    const part = await worker({ LOG_LEVEL: 'silent' });
    expect(await part.end('SIGUSR2')).toBe(1);
    expect(part.said()).toContain('Something went wrong in Impasto itself');
    expect(fatal(part)).toEqual([]);
  });

  it('ends a process for pictures alone, which tells of it the same way', async () => {
    const part = await worker();
    const child = family(part.pid).find(({ args }) => args.includes('tinypool'));
    if (child === undefined) throw new Error('the worker has no process for pictures');
    process.kill(child.pid, 'SIGUSR2');
    await eventually(() => fatal(part).length > 0);
    expect(fatal(part)[0]).toContain('A process for pictures ends by a defect');
    await eventually(() => !family(part.pid).some(({ pid }) => pid === child.pid));
    // It is not told our secret, and so knows nothing of it.
    const { 'our secret': _, ...its } = secrets;
    expect(findings({ 'what it said': part.said() }, its)).toEqual([]);
    expect(await part.ctrlC()).toBe(0);
  });
});
