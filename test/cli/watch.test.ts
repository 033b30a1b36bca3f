import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { visit } from '../bots/playground/visitor.ts';
import { type Collector, startCollector } from '../observing/collector.ts';
import { sampleOf } from '../observing/support.ts';
import { eventually, startTestRedis, type TestRedis, temporaryFolder } from '../queue/support.ts';
import { findings, storedIn, watchCommands } from '../secrecy.ts';
import { createProgram, type Part } from './program.ts';

/* The built program, as whoever runs it sees it: a playground and a worker, each with its port of metrics. */

const secrets = {
  'our secret': 'correct horse battery staple',
  'the board’s password': 'hunter2 hunter2 hunter2',
  'the collector’s key': 'an opaque key of theirs',
};

let redis: TestRedis;
let state: string;
let collector: Collector;
const program = createProgram(() => ({
  REDIS_URL_FILE: file('redis', redis.url),
  IMPASTO_SECRET_FILE: file('secret', secrets['our secret']),
  BOARD_PASSWORD_FILE: file('password', secrets['the board’s password']),
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
  OTEL_EXPORTER_OTLP_HEADERS_FILE: file('headers', `x-key=${secrets['the collector’s key']}`),
  IMPASTO_STATE: state,
  METRICS_PORT: '0',
  LOG_LEVEL: 'trace',
  WORKERS: '1',
  THREADS: '1',
}));

beforeAll(async () => {
  redis = await startTestRedis();
  collector = await startCollector();
  state = temporaryFolder();
});
afterEach(() => program.endAll());
afterAll(async () => {
  await redis.close();
  await collector.close();
  await rm(state, { recursive: true });
});

function file(name: string, content: string): string {
  const path = join(state, name);
  writeFileSync(path, `${content}\n`);
  return path;
}

async function start(command: string, greeting: RegExp): Promise<Part & { url: string; metrics: string }> {
  const part = program.run([command]);
  const [, metrics = ''] = await eventually(
    () => /^Metrics are at (.*)\/metrics\.$/m.exec(part.said()),
    60_000,
  );
  const early = await fetch(`${metrics}/readyz`);
  if (greeting.exec(part.said()) === null) expect(early.status).toBe(503);
  const [, url = ''] = await eventually(() => greeting.exec(part.said()), 60_000);
  return { ...part, url, metrics };
}

const ready = async (metrics: string) => {
  const response = await fetch(`${metrics}/readyz`);
  const { checks } = z.object({ checks: z.record(z.string(), z.boolean()) }).parse(await response.json());
  return { status: response.status, checks };
};

function linesOf(part: Part): readonly Readonly<Record<string, unknown>>[] {
  return part
    .said()
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
}

it('is seen from the event to the answer, in both processes, without any of its secrets', async () => {
  const commands = await watchCommands(redis.url);
  const [playground, worker] = await Promise.all([
    start('playground', /The playground is at (http:\S+)/),
    start('worker', /The worker waits for (pictures)/),
  ]);
  expect(await ready(playground.metrics)).toEqual({
    status: 200,
    checks: { started: true, playground: true, redis: true },
  });
  expect(await ready(worker.metrics)).toEqual({
    status: 200,
    checks: { started: true, models: true, redis: true },
  });

  const ada = await visit(playground.url);
  const page = await ada.follow();
  const noise = { type: 'gaussian', mean: 128, sigma: 20 } as const;
  const image = sharp({ create: { width: 200, height: 150, channels: 3, background: 'grey', noise } });
  const { picture } = (await ada.upload(await image.jpeg().toBuffer())).body;
  await ada.say('/stylize starry-night', [picture.id]);
  await eventually(() => page.thread().some(({ request }) => request?.state === 'answered'), 60_000);
  page.leave();

  const text = async (part: { metrics: string }) => (await fetch(`${part.metrics}/metrics`)).text();
  const ended =
    'impasto_request_seconds_count{platform="playground",network="starry-night",state="answered"}';
  await eventually(async () => sampleOf(await text(playground), ended) === 1);
  const seen = await text(worker);
  expect(sampleOf(seen, 'impasto_jobs_total{kind="inference",state="done",network="starry-night"}')).toBe(1);
  expect(sampleOf(seen, 'impasto_provider_info{asked="cpu",used="cpu"}')).toBe(1);
  expect(sampleOf(seen, 'impasto_children')).toBe(1);
  expect(sampleOf(seen, 'impasto_children_resident_memory_bytes')).toBeGreaterThan(10e6);
  expect(sampleOf(seen, 'impasto_queue_jobs{queue="inference",state="active"}')).toBe(0);

  const board = (password: string) =>
    fetch(`${worker.metrics}/board/api/queues`, {
      headers: { authorization: `Basic ${Buffer.from(`impasto:${password}`).toString('base64')}` },
    });
  expect((await board('wrong password')).status).toBe(401);
  const queues = await (await board(secrets['the board’s password'])).text();
  expect(queues).toContain('inference');

  process.kill(redis.pid, 'SIGSTOP');
  expect(await ready(worker.metrics)).toMatchObject({ status: 503, checks: { models: true, redis: false } });
  expect((await fetch(`${worker.metrics}/healthz`)).status).toBe(200);
  process.kill(redis.pid, 'SIGCONT');
  await eventually(async () => (await ready(worker.metrics)).status === 200, 20_000);

  const stored = await storedIn(redis.url);
  expect(await Promise.all([playground.ctrlC(), worker.ctrlC()])).toEqual([0, 0]);

  const painted = linesOf(worker).find(({ kind }) => kind === 'inference');
  const told = linesOf(playground).filter(({ request }) => request === painted?.request);
  expect(new Set(told.map(({ msg }) => msg))).toEqual(
    new Set(['A request has come in', 'An attempt at a job has ended', 'A request has ended']),
  );
  const traced = collector.spans.filter(({ traceId }) => traceId === painted?.trace);
  expect(new Set(traced.map(({ service, name }) => `${service}: ${name}`))).toEqual(
    new Set([
      'impasto-playground: submit playground',
      'impasto-playground: intake playground',
      'impasto-worker: inference',
      'impasto-playground: delivery playground',
    ]),
  );
  expect(collector.headers[0]?.['x-key']).toBe(secrets['the collector’s key']);

  commands.end();
  const places = {
    'the playground’s output': playground.said(),
    'the worker’s output': worker.said(),
    Redis: stored,
    'what Redis is given': commands.seen(),
    'the traces': JSON.stringify(collector.spans),
    'the metrics': seen,
    'the board': queues,
  };
  expect(findings(places, secrets)).toEqual([]);
});

it('a port that is taken ends the program with a sentence', async () => {
  const port = new URL(collector.endpoint).port;
  const part = program.run(['worker'], { METRICS_PORT: port });
  expect(await part.ended()).toBe(1);
  expect(part.said()).toMatch(/^METRICS_PORT \d+ on 127\.0\.0\.1 can't be listened on \(EADDRINUSE\)\. /m);
});
