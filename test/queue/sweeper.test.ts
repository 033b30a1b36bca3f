import { describe, expect, it } from 'vitest';
import { inferenceJobId } from '../../src/queue/keys.ts';
import type { QueuedRequest } from '../../src/queue/request.ts';
import type { Made } from '../../src/queue/results.ts';
import { fill } from '../../src/queue/steps.ts';
import { aRequest, type House, onlyPicture, picture, useHouses } from './house.ts';
import { eventually } from './support.ts';

/*
 * A process that dies between two steps leaves what it had written and nothing more. Each test takes exactly
 * those steps, or takes away what would have come after, and lets the sweeper look.
 */
describe('the sweeper', () => {
  const { house, redis } = useHouses();

  async function admit(made: House, request: QueuedRequest): Promise<void> {
    await made.context.records.submit(request, made.places.seal(request.id, {}), 60);
  }

  async function fetchSource(made: House, request: QueuedRequest) {
    await admit(made, request);
    const source = await made.artefacts.put(Buffer.from('a photo'), picture);
    const job = inferenceJobId(source.hash, request.task);
    await made.context.records.join(request.id, [{ source, job }]);
    return { source, job };
  }

  /** Nothing moves by itself; after one sweep it is answered, and said once. */
  async function expectRepair(made: House, request: QueuedRequest): Promise<void> {
    made.open();
    await new Promise((wake) => setTimeout(wake, 50));
    expect(made.delivered).toEqual([]);
    await made.sweeper.sweep();
    await eventually(async () => (await made.queue.progress(request.id))?.state === 'answered');
    await made.sweeper.sweep();
    expect(made.delivered.map(({ request: { id } }) => id)).toEqual([request.id]);
    expect(await made.context.records.open()).toEqual([]);
  }

  it('queues the intake of a request that was admitted and no more', async () => {
    const made = house();
    const request = aRequest();
    await admit(made, request);
    await expectRepair(made, request);
  });

  it('queues the inference of a request whose source was fetched and no more', async () => {
    const made = house();
    const request = aRequest();
    await fetchSource(made, request);
    await expectRepair(made, request);
  });

  it('delivers what was painted, where the worker died before it told anyone', async () => {
    const made = house();
    const request = aRequest();
    const { job } = await fetchSource(made, request);
    const painted = await made.artefacts.put(Buffer.from('a painting'), picture);
    const kept = JSON.stringify({ artefact: painted, seconds: 2 });
    await made.context.redis.set(`{impasto}:result:${job}`, kept);
    await expectRepair(made, request);
    expect(made.runs()).toBe(0);
    expect(onlyPicture(made.delivered[0]?.outcome)).toMatchObject({ artefact: painted, seconds: 2 });
  });

  it('queues the delivery of an outcome that was decided and no more', async () => {
    const made = house();
    const request = aRequest();
    const { source, job } = await fetchSource(made, request);
    const artefact = await made.artefacts.put(Buffer.from('a painting'), picture);
    const part = { kind: 'picture', artefact, source, seconds: 1 } as const;
    await made.context.records.fill(request.id, job, new Map([[0, part]]));
    await expectRepair(made, request);
  });

  describe('of a request for several pictures', () => {
    const texts = ['one', 'two', 'one'];

    /** Joined: `stop` says after which step the process died. */
    async function until(stop: 'joined' | 'first painted' | 'first filled' | 'second painted'): Promise<{
      readonly made: House;
      readonly request: QueuedRequest;
    }> {
      const made = house();
      const request = aRequest({ source: texts });
      await admit(made, request);
      const sources = await Promise.all(texts.map((text) => made.artefacts.put(Buffer.from(text), picture)));
      const parts = sources.map((source) => ({ source, job: inferenceJobId(source.hash, request.task) }));
      await made.context.records.join(request.id, parts);
      const paint = async (index: number): Promise<Made> => {
        const job = parts[index]?.job ?? '';
        const artefact = await made.artefacts.put(Buffer.from(`painted before ${index}`), picture);
        const result = { artefact, seconds: 1 };
        await made.context.redis.set(`{impasto}:result:${job}`, JSON.stringify(result));
        return result;
      };
      if (stop === 'joined') return { made, request };
      const first = await paint(0);
      if (stop === 'first painted') return { made, request };
      await fill(made.context, request.id, parts[0]?.job ?? '', first);
      expect(await made.queue.outcome(request.id)).toBeUndefined();
      if (stop === 'second painted') await paint(1);
      return { made, request };
    }

    it.each([
      ['joined', 2],
      ['first painted', 1],
      ['first filled', 1],
      ['second painted', 0],
    ] as const)('takes the next steps of those that remain (%s)', async (stop, runs) => {
      const { made, request } = await until(stop);
      await expectRepair(made, request);
      expect(made.runs()).toBe(runs);
      const outcome = made.delivered[0]?.outcome;
      if (outcome?.kind !== 'pictures') throw new Error('expected pictures');
      expect(outcome.parts.map(({ kind }) => kind)).toEqual(['picture', 'picture', 'picture']);
      expect(outcome.parts[2]).toEqual(outcome.parts[0]);
    });

    it('keeps what is painted while others wait, and gives up only what was given up', async () => {
      const { made, request } = await until('first filled');
      const names = await made.context.redis.keys('{impasto}:artefact:*');
      expect(names).toHaveLength(3);
      for (const name of names) await made.context.redis.pexpire(name, 5_000);
      await made.sweeper.sweep();
      for (const name of names) expect(await made.context.redis.pttl(name)).toBeGreaterThan(30_000);
      const [job] = await made.context.redis.zrange('{impasto}:inference:prioritized', 0, '-1');
      await made.context.redis.zrem('{impasto}:inference:prioritized', job ?? '');
      await made.context.redis.zadd('{impasto}:inference:failed', Date.now(), job ?? '');
      made.open(['delivery']);
      await made.sweeper.sweep();
      await eventually(async () => (await made.queue.progress(request.id))?.state === 'answered');
      expect(made.delivered[0]?.outcome).toMatchObject({
        parts: [{ kind: 'picture' }, { kind: 'failure', code: 'workers-lost' }, { kind: 'picture' }],
      });
    });
  });

  it('repeats a delivery that was said but not closed: the one window for a double post', async () => {
    const made = house();
    const request = aRequest();
    made.open();
    await made.queue.submit(request, {}, 60);
    await eventually(async () => (await made.queue.progress(request.id))?.state === 'answered');
    await made.rest();
    await made.context.redis.hset(`{impasto}:request:${request.id}`, 'state', 'delivering');
    await made.context.redis.zadd('{impasto}:open', 1, request.id);
    made.open();
    await made.sweeper.sweep();
    await eventually(async () => (await made.queue.progress(request.id))?.state === 'answered');
    expect(made.delivered.map(({ request: { id } }) => id)).toEqual([request.id, request.id]);
    expect(made.runs()).toBe(1);
  });

  it('is no danger to what is answered: a delivery that comes again says nothing', async () => {
    const made = house();
    const request = aRequest();
    const done = () => made.context.redis.zscore('{impasto}:delivery@playground:completed', request.id);
    made.open();
    await made.queue.submit(request, {}, 60);
    await eventually(done);
    await made.rest();
    await made.context.jobs.ensureDelivery('playground', request.id);
    expect(await done()).toBeNull();
    made.open();
    await eventually(done);
    expect(made.delivered).toHaveLength(1);
  });

  it('brings back whatever has been lost of the queue itself', async () => {
    const made = house();
    made.open(['intake']);
    const requests = ['one', 'two', 'three'].map((source) => aRequest({ source }));
    for (const request of requests) await made.queue.submit(request, {}, 60);
    await eventually(async () => {
      const states = await Promise.all(requests.map(({ id }) => made.queue.progress(id)));
      return states.every((progress) => progress?.state === 'waiting');
    });
    await made.rest();
    const names = await made.context.redis.keys('{impasto}:inference:*');
    expect(names.length).toBeGreaterThan(3);
    await made.context.redis.del(...names, ...(await made.context.redis.keys('{impasto}:waiters:*')));
    made.open();
    await made.sweeper.sweep();
    await eventually(() => made.delivered.length === 3);
  });

  it('disturbs nothing that is under way', async () => {
    const made = house();
    made.open(['intake']);
    const request = aRequest();
    await made.queue.submit(request, {}, 60);
    await eventually(async () => (await made.queue.progress(request.id))?.state === 'waiting');
    for (let i = 0; i < 5; i++) await made.sweeper.sweep();
    expect(await made.context.redis.zcard('{impasto}:inference:prioritized')).toBe(1);
    made.open(['inference', 'delivery']);
    await eventually(() => made.delivered.length === 1);
    expect(made.runs()).toBe(1);
  });

  it('says that it failed where a job was given up and nobody was told', async () => {
    for (const kind of ['intake@playground', 'inference'] as const) {
      const made = house();
      const request = aRequest({ source: kind });
      const { job } = kind === 'inference' ? await fetchSource(made, request) : { job: request.id };
      if (kind !== 'inference') await admit(made, request);
      await made.sweeper.sweep();
      // As the stalled check leaves a job whose worker died too often.
      const name = `{impasto}:${kind}`;
      await made.context.redis.lrem(`${name}:wait`, 1, job);
      await made.context.redis.zadd(`${name}:failed`, Date.now(), job);
      made.open(['delivery']);
      await made.sweeper.sweep();
      await eventually(() => made.delivered.length === 1);
      expect(made.delivered[0]?.outcome).toMatchObject({ kind: 'failure', code: 'workers-lost' });
      await made.rest();
    }
  });

  it('keeps the pictures of open requests', async () => {
    const made = house();
    const request = aRequest();
    const { source } = await fetchSource(made, request);
    const key = `{impasto}:artefact:${source.hash}`;
    await made.context.redis.pexpire(key, 5_000);
    await made.sweeper.sweep();
    expect(await made.context.redis.pttl(key)).toBeGreaterThan(30_000);
  });

  it('forgets what has expired', async () => {
    const made = house();
    const request = aRequest();
    await admit(made, request);
    await made.context.redis.del(`{impasto}:request:${request.id}`);
    await made.sweeper.sweep();
    expect(await made.context.records.open()).toEqual([]);
  });

  it('sweeps by itself, but not while another process does, and leaves its turn when it closes', async () => {
    const lease = '{impasto}:sweeper-lease';
    const connection = redis().connect();
    await connection.set(lease, 'another process', 'PX', 60_000);
    const made = house({}, { sweepMs: 20 });
    const request = aRequest();
    await admit(made, request);
    made.open();
    await new Promise((wake) => setTimeout(wake, 100));
    expect(made.delivered).toEqual([]);
    await connection.del(lease);
    await eventually(() => made.delivered.length === 1);
    await made.sweeper.close();
    expect(await connection.get(lease)).toBeNull();
  });
});
