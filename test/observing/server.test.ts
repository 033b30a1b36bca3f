import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBoard } from '../../src/observing/board.ts';
import { BOARD_PATH, type Check, startWatchServer, type WatchServer } from '../../src/observing/server.ts';
import { silentLog } from '../../src/queue/log.ts';
import { createQueues, inferenceQueue, type Queues } from '../../src/queue/queues.ts';
import { startTestRedis, type TestRedis } from '../queue/support.ts';
import { observe, sampleOf } from './support.ts';

const PASSWORD = 'correct horse battery';
const HASH = 'ab'.repeat(32);

let redis: TestRedis;
let queues: Queues;
let server: WatchServer;
const checks = new Map<string, Check>();

beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.close());
beforeEach(async () => {
  await redis.clear();
  checks.clear();
  const board = createBoard(BOARD_PATH, PASSWORD);
  queues = createQueues(redis.connect());
  const queue = await queues.open(inferenceQueue);
  const source = { hash: HASH, contentType: 'image/png', bytes: 12, width: 4, height: 3 };
  const task = { network: 'starry-night', options: { strength: 1 } };
  await queue.add(inferenceQueue, { source, task }, { jobId: 'inference-1' });
  board.add(queue);
  const { metrics } = observe();
  server = await startWatchServer({ host: '127.0.0.1', port: 0, checks, metrics, board, log: silentLog });
});
afterEach(async () => {
  await server.close();
  await queues.close();
});

const login = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});
const get = (path: string, init?: RequestInit) => fetch(`${server.address}${path}`, init);
const look = (path: string, method = 'GET') => get(path, { method, headers: login('impasto', PASSWORD) });

describe('/readyz', () => {
  it('holds where all checks hold, and names what does not', async () => {
    checks.set('redis', async () => true);
    checks.set('models', () => true);
    const ready = await get('/readyz');
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { ok: true, checks: { redis: true, models: true } },
    ]);
    checks.set('models', () => false);
    checks.set('redis', async () => {
      throw new Error('away');
    });
    const not = await get('/readyz');
    expect([not.status, await not.json()]).toEqual([
      503,
      { ok: false, checks: { redis: false, models: false } },
    ]);
    expect((await get('/healthz')).status).toBe(200);
  });

  it('does not wait for a check that hangs', async () => {
    checks.set('redis', () => new Promise(() => undefined));
    expect((await get('/readyz')).status).toBe(503);
  });
});

it('/metrics are what Prometheus reads: of the program, its memory and its event loop', async () => {
  const response = await get('/metrics');
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const text = await response.text();
  expect(sampleOf(text, 'process_resident_memory_bytes')).toBeGreaterThan(1e6);
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  expect(text).toMatch(/^# TYPE impasto_jobs_total counter$/m);
});

it('a port that is taken is named by its setting', async () => {
  const port = Number(new URL(server.address).port);
  const { metrics } = observe();
  const again = startWatchServer({
    host: '127.0.0.1',
    port,
    checks,
    metrics,
    board: undefined,
    log: silentLog,
  });
  await expect(again).rejects.toMatchObject({
    code: 'metrics-port-unusable',
    userMessage: expect.stringContaining('METRICS_PORT'),
  });
});

describe('the board', () => {
  it.each(['/board', '/board/', '/board/api/queues', '/board/api/redis/stats', '/board/static/x'])(
    'is closed without the login: %s',
    async (path) => {
      const attempts = [{}, login('impasto', 'wrong'), login('root', PASSWORD), { authorization: 'Basic !' }];
      for (const headers of attempts) {
        const response = await get(path, { headers, redirect: 'manual' });
        expect(response.status).toBe(401);
        expect(response.headers.get('www-authenticate')).toContain('Basic');
        expect(await response.text()).not.toContain('starry');
      }
    },
  );

  it('shows its page and the jobs, but not where a picture is', async () => {
    const page = await look('/board/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const script = /src="(static\/js\/main[^"]+)"/.exec(await page.text())?.[1];
    expect((await look(`/board/${script}`)).status).toBe(200);
    for (const path of [
      'queues?activeQueue=inference&status=waiting&page=1',
      'queues/inference/inference-1',
    ]) {
      const response = await look(`/board/api/${path}`);
      const shown = await response.text();
      expect(response.status).toBe(200);
      expect(shown).toContain('starry-night');
      expect(shown).not.toContain(HASH);
    }
  });

  it.each([
    ['PUT', 'queues/inference/pause'],
    ['PUT', 'queues/inference/empty'],
    ['PUT', 'queues/inference/obliterate'],
    ['POST', 'queues/inference/add'],
    ['PUT', 'queues/inference/inference-1/clean'],
    ['PATCH', 'queues/inference/inference-1/update-data'],
    ['DELETE', 'queues/inference'],
  ])('changes nothing: %s %s', async (method, path) => {
    const response = await look(`/board/api/${path}`, method);
    expect([404, 405]).toContain(response.status);
    const queue = await queues.open(inferenceQueue);
    expect(await queue.isPaused()).toBe(false);
    expect(await queue.getJobCounts('wait')).toEqual({ wait: 1 });
  });
});
