import { describe, expect, it } from 'vitest';
import { ImpastoError, UserError } from '../../src/errors.ts';
import { openTraces } from '../../src/observing/traces.ts';
import { createArtefacts } from '../../src/queue/artefacts.ts';
import { createFigures } from '../../src/queue/figures.ts';
import type { QueuedRequest } from '../../src/queue/request.ts';
import { aGate, aRequest, type House, picture, through, useHouses } from '../queue/house.ts';
import { eventually, type LogLine, memoryLog } from '../queue/support.ts';
import { startCollector } from './collector.ts';
import { type Observed, observe } from './support.ts';

const houses = useHouses();

async function ask(house: House, changes: Partial<QueuedRequest> = {}): Promise<QueuedRequest> {
  const request = aRequest(changes);
  await house.queue.submit(request, { channel: 'c', token: 'hunter22hunter22' }, 60);
  return request;
}

const delivered = (house: House, count: number) => eventually(() => house.delivered.length >= count);

describe('metrics', () => {
  it('count jobs by kind, state and style, and time the wait, the run and the post', async () => {
    const { observer, sample } = observe();
    const house = houses.house({}, {}, observer);
    await ask(house);
    house.open();
    await delivered(house, 1);
    await eventually(
      async () =>
        (await sample(
          'impasto_request_seconds_count{platform="playground",network="starry-night",state="answered"}',
        )) === 1,
    );
    for (const kind of ['intake', 'inference', 'delivery']) {
      expect(await sample(`impasto_jobs_total{kind="${kind}",state="done",network="starry-night"}`)).toBe(1);
      expect(await sample(`impasto_job_wait_seconds_count{kind="${kind}"}`)).toBe(1);
      expect(await sample(`impasto_job_run_seconds_count{kind="${kind}",network="starry-night"}`)).toBe(1);
    }
    const accepted =
      'impasto_submissions_total{platform="playground",network="starry-night",verdict="accepted"}';
    expect(await sample(accepted)).toBe(1);
  });

  it('tell apart what was seen before, tried again, given up, cancelled and refused', async () => {
    const { observer, sample } = observe();
    const gate = aGate();
    let tries = 0;
    const house = houses.house(
      {
        intake: async ({ source }, _place, signal) => {
          if (source === 'flaky' && tries++ === 0) {
            throw new ImpastoError({ code: 'away', userMessage: 'Away.', retryable: true });
          }
          if (source === 'bad') throw new UserError('no-picture', 'No picture.');
          if (source === 'slow') await through(gate, signal);
          return [{ source: await house.artefacts.put(Buffer.from(String(source)), picture) }];
        },
      },
      { maxOpen: 3 },
      observer,
    );
    const flaky = await ask(house, { source: 'flaky' });
    await ask(house, { eventKey: flaky.eventKey });
    await ask(house, { source: 'bad' });
    const slow = await ask(house, { source: 'slow' });
    await expect(ask(house)).rejects.toMatchObject({ code: 'queue-full' });
    house.open();
    await delivered(house, 2);
    await eventually(() => house.queue.cancel(slow.id, 'ada'));
    await delivered(house, 3);
    const state = (kind: string, name: string) =>
      sample(`impasto_jobs_total{kind="${kind}",state="${name}",network="starry-night"}`);
    await eventually(async () => (await state('intake', 'cancelled')) === 1);
    expect(await state('intake', 'retried')).toBe(1);
    expect(await state('intake', 'refused')).toBe(1);
    expect(await state('intake', 'failed')).toBeUndefined();
    expect(await state('intake', 'done')).toBe(1);
    const verdict = (name: string) =>
      sample(`impasto_submissions_total{platform="playground",network="starry-night",verdict="${name}"}`);
    expect([await verdict('accepted'), await verdict('event'), await verdict('full')]).toEqual([3, 1, 1]);
  });

  it('tell how the queue stands, and leave that out where Redis is away', async () => {
    const house = houses.house();
    const redis = houses.redis().connect('producer');
    const artefacts = createArtefacts(redis, { ttlSeconds: 60, budgetBytes: 1_000_000 });
    const figures = createFigures({ redis, records: house.context.records }, artefacts);
    let away = false;
    const { sample } = observe(undefined, {
      figures: async () => (away ? 'away' : figures.read(['intake@playground', 'inference'])),
      children: async () => [1_000, 2_000],
    });
    await ask(house);
    await ask(house);
    await house.artefacts.put(Buffer.alloc(500), picture);
    expect(await sample('impasto_queue_jobs{queue="intake@playground",state="waiting"}')).toBe(2);
    expect(await sample('impasto_queue_jobs{queue="inference",state="waiting"}')).toBe(0);
    expect(await sample('impasto_open_requests{state="waiting"}')).toBe(2);
    expect(await sample('impasto_artefact_bytes')).toBe(500);
    expect(await sample('impasto_redis_memory_bytes{what="limit"}')).toBe(256 * 1024 ** 2);
    expect(await sample('impasto_redis_memory_bytes{what="used"}')).toBeGreaterThan(0);
    expect(await sample('impasto_redis_up')).toBe(1);
    expect(await sample('impasto_children')).toBe(2);
    expect(await sample('impasto_children_resident_memory_bytes')).toBe(3_000);
    away = true;
    expect(await sample('impasto_redis_up')).toBe(0);
    expect(await sample('impasto_queue_jobs{queue="inference",state="waiting"}')).toBeUndefined();
    expect(await sample('impasto_artefact_bytes')).toBeUndefined();
    await figures.close();
  });

  it('say nothing of Redis as long as the process works on none', async () => {
    const { sample } = observe();
    expect(await sample('impasto_redis_up')).toBeUndefined();
    expect(await sample('impasto_artefact_bytes')).toBeUndefined();
    expect(await sample('impasto_children')).toBe(0);
  });
});

describe('log lines', () => {
  it('hold one id from the event to the answer, whoever writes them', async () => {
    const { observer, log, lines } = observe();
    const house = houses.house(
      {
        intake: async ({ source }) => {
          log.info({}, 'Fetching');
          return [{ source: await house.artefacts.put(Buffer.from(String(source)), picture) }];
        },
        delivery: async () => {
          log.info({}, 'Posting');
          return undefined;
        },
      },
      {},
      observer,
    );
    house.open();
    const { id } = await ask(house);
    await delivered(house, 1);
    await eventually(() => lines.some(({ msg }) => msg === 'A request has ended'));
    await eventually(
      () => lines.filter(({ kind, end }) => kind === 'delivery' && end === 'done').length === 1,
    );
    const told = lines
      .filter(({ request }) => request === id)
      .map(({ msg, kind }) => [msg, kind].join(' ').trim());
    expect(new Set(told)).toEqual(
      new Set([
        'A request has come in',
        'Fetching',
        'An attempt at a job has ended intake',
        'An attempt at a job has ended inference',
        'Posting',
        'A request has ended',
        'An attempt at a job has ended delivery',
      ]),
    );
    expect(lines.filter(({ request }) => request !== id)).toEqual([]);
  });

  it('name all requests that share an inference', async () => {
    const { observer, lines } = observe();
    const house = houses.house({}, {}, observer);
    house.open(['intake', 'delivery']);
    const ids = [(await ask(house)).id, (await ask(house)).id];
    const isDone = ({ kind }: { kind?: unknown }) => kind === 'intake';
    await eventually(() => lines.filter(isDone).length === 2);
    house.open(['inference']);
    await delivered(house, 2);
    const painted = await eventually(() => lines.find(({ kind }) => kind === 'inference'));
    expect(new Set([painted.requests].flat())).toEqual(new Set(ids));
  });
});

describe('traces', () => {
  async function traced(): Promise<
    Observed & {
      collector: Awaited<ReturnType<typeof startCollector>>;
      told: readonly LogLine[];
      send(): Promise<void>;
    }
  > {
    const collector = await startCollector();
    const log = memoryLog();
    const traces = openTraces({
      endpoint: `${collector.endpoint}/`,
      headers: { 'x-key': 'k' },
      service: 'impasto-test',
      log,
    });
    return { ...observe(traces), collector, told: log.lines, send: () => traces.close() };
  }

  it('go on across the queue, from the event to the answer', async () => {
    const { observer, collector, send } = await traced();
    const house = houses.house({}, {}, observer);
    house.open();
    const { id } = await ask(house);
    await delivered(house, 1);
    await house.rest();
    await send();
    const { spans } = collector;
    const submit = spans.find(({ name }) => name === 'submit playground');
    expect(submit).toMatchObject({ service: 'impasto-test', parentSpanId: undefined });
    expect(spans.map(({ name }) => name).sort()).toEqual([
      'delivery playground',
      'inference',
      'intake playground',
      'submit playground',
    ]);
    for (const span of spans) {
      expect(span.traceId).toBe(submit?.traceId);
      expect([span.facts['impasto.requests'] ?? span.facts['impasto.request']].flat()).toEqual([id]);
      expect(span.facts['impasto.network']).toBe('starry-night');
      if (span !== submit) expect(span).toMatchObject({ parentSpanId: submit?.spanId });
    }
    expect(collector.headers[0]).toMatchObject({ 'x-key': 'k' });
    expect(JSON.stringify(spans)).not.toMatch(/hunter22|a photo/);
    await collector.close();
  });

  it('are linked where requests share an inference; an error is told by its code alone', async () => {
    const { observer, collector, send } = await traced();
    const house = houses.house(
      {
        inference: async () => {
          throw new ImpastoError({ code: 'too-large', userMessage: 'hunter22hunter22 is too large.' });
        },
      },
      {},
      observer,
    );
    house.open(['intake', 'delivery']);
    await ask(house);
    await ask(house);
    await eventually(async () => (await house.queue.line()).waiting === 2);
    await eventually(async () => {
      const [job] = await house.context.redis.keys('{impasto}:waiters:*');
      return job !== undefined && (await house.context.redis.scard(job)) === 2;
    });
    house.open(['inference']);
    await delivered(house, 2);
    await house.rest();
    await send();
    const submits = collector.spans.filter(({ name }) => name === 'submit playground');
    const [painting, ...others] = collector.spans.filter(({ name }) => name === 'inference');
    expect(others).toEqual([]);
    expect(painting?.error).toBe('too-large');
    expect(new Set([painting?.traceId, ...(painting?.links ?? [])])).toEqual(
      new Set(submits.map(({ traceId }) => traceId)),
    );
    const deliveries = collector.spans.filter(({ name }) => name === 'delivery playground');
    expect(new Set(deliveries.map(({ traceId }) => traceId)).size).toBe(2);
    expect(JSON.stringify(collector.spans)).not.toContain('hunter22');
    await collector.close();
  });

  it('lose nothing but themselves where the collector is away', async () => {
    const { observer, collector, told, send } = await traced();
    await collector.close();
    const house = houses.house({}, {}, observer);
    house.open();
    await ask(house);
    await delivered(house, 1);
    await send();
    expect(told).toMatchObject([{ level: 'warn', message: 'The last traces could not be sent' }]);
  });
});
