import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aGate, aRequest, type House, picture, quick, through, useHouses } from './house.ts';
import { eventually } from './support.ts';

describe('a worker that is killed', () => {
  const { house, redis } = useHouses();

  /** Start a worker in a process of its own, wait until it runs a job that it will not end, and kill it there. */
  async function killMidJob(endsBefore = 0): Promise<void> {
    const script = join(import.meta.dirname, 'worker-process.ts');
    const args = [script, redis().url, JSON.stringify(quick), String(endsBefore)];
    const worker = spawn(process.execPath, ['--import', 'tsx', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((settle) => worker.once('exit', settle));
    try {
      await firstWord(worker);
    } finally {
      worker.kill('SIGKILL');
      await ended;
    }
  }

  it('in the middle of a job leaves it to another, and the picture arrives once', async () => {
    const made = house();
    made.open(['intake', 'delivery']);
    const request = aRequest();
    await made.queue.submit(request, {}, 60);
    await killMidJob();
    expect(await made.context.redis.llen('{impasto}:inference:active')).toBe(1);
    made.open(['inference']);
    await eventually(async () => (await made.queue.progress(request.id))?.state === 'answered');
    expect(made.delivered.map(({ outcome }) => outcome.kind)).toEqual(['pictures']);
    expect(made.runs()).toBe(1);
  }, 30_000);

  it('between the pictures of one request costs none of them, and all arrive at once', async () => {
    const made: House = house({
      intake: async () => {
        const stored = ['one', 'two'].map((text) => made.artefacts.put(Buffer.from(text), picture));
        return (await Promise.all(stored)).map((source) => ({ source }));
      },
    });
    made.open(['intake', 'delivery']);
    const request = aRequest();
    await made.queue.submit(request, {}, 60);
    await eventually(async () => (await made.context.redis.zcard('{impasto}:inference:prioritized')) === 2);
    // The first is painted by one who then dies at the second.
    await killMidJob(1);
    expect(await made.context.redis.llen('{impasto}:inference:active')).toBe(1);
    expect(await made.queue.outcome(request.id)).toBeUndefined();
    expect(await made.queue.progress(request.id)).toMatchObject({ state: 'running', fraction: 0.5 });
    made.open(['inference']);
    await eventually(async () => (await made.queue.progress(request.id))?.state === 'answered');
    expect(made.runs()).toBe(1);
    expect(made.delivered).toHaveLength(1);
    expect(made.delivered[0]?.outcome).toMatchObject({
      parts: [{ kind: 'picture' }, { kind: 'picture' }],
    });
  }, 30_000);

  it('again and again by the same job has it given up, and the person told', async () => {
    const made = house({}, { maxStalled: 0 });
    made.open(['intake', 'delivery']);
    const request = aRequest();
    await made.queue.submit(request, {}, 60);
    await killMidJob();
    made.open(['inference']);
    await eventually(() => made.delivered.length === 1);
    expect(made.delivered[0]?.outcome).toMatchObject({ kind: 'failure', code: 'workers-lost' });
    expect(made.runs()).toBe(0);
    await eventually(async () => (await made.queue.progress(request.id))?.state === 'failed');
  }, 30_000);
});

describe('closing', () => {
  const { house, redis } = useHouses();

  /** A house whose inference has begun on a request, and waits. */
  async function busyHouse(settings = {}) {
    const gate = aGate();
    const reasons: unknown[] = [];
    const made: House = house(
      {
        inference: async ({ source }, { signal }) => {
          const note = (): void => void reasons.push(signal.reason);
          signal.addEventListener('abort', note);
          await through(gate, signal);
          // Its work is done; a look between that and the job's end may still find nobody who waits.
          signal.removeEventListener('abort', note);
          return made.artefacts.put(Buffer.from(`painted ${source.hash}`), picture);
        },
      },
      settings,
    );
    made.open();
    const request = aRequest();
    await made.queue.submit(request, {}, 60);
    await eventually(async () => (await made.queue.progress(request.id))?.state === 'running');
    return { ...made, gate, reasons, request };
  }

  it('finishes what runs, and takes nothing new', async () => {
    const made = await busyHouse();
    const closing = made.rest(10_000);
    await made.queue.submit(aRequest({ source: 'another' }), {}, 60);
    made.gate.open();
    await closing;
    expect(made.reasons).toEqual([]);
    expect(made.runs()).toBe(1);
    const next = house();
    next.open(['delivery']);
    await eventually(() => made.delivered.length + next.delivered.length === 1);
  });

  it('hands back what does not end in time, and another finishes it, as if nothing had failed', async () => {
    const made = await busyHouse({ attempts: { intake: 1, inference: 1, delivery: 1 } });
    await made.rest(30);
    expect(made.reasons).toHaveLength(1);
    expect(await made.queue.progress(made.request.id)).toMatchObject({ state: 'waiting' });
    const next = house();
    // Sooner than any lock would expire: it was handed back, not left behind.
    next.open();
    await eventually(() => next.delivered.length === 1, 2_000);
    expect(next.delivered[0]?.outcome.kind).toBe('pictures');
    expect(next.runs()).toBe(1);
    expect(redis().log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('does not wait for a handler that ignores its signal', async () => {
    const deaf = aGate();
    const made = house({
      inference: async () => {
        await deaf.opened;
        return made.artefacts.put(Buffer.from('painted by the deaf'), picture);
      },
    });
    made.open();
    const request = aRequest();
    await made.queue.submit(request, {}, 60);
    await eventually(async () => (await made.queue.progress(request.id))?.state === 'running');
    await made.rest(10);
    const next = house();
    next.open();
    await eventually(() => next.delivered.length === 1);
    // What it ends with at last makes no second delivery.
    deaf.open();
    await eventually(async () => (await next.queue.progress(request.id))?.state === 'answered');
    await next.sweeper.sweep();
    expect(next.delivered).toHaveLength(1);
  });

  it('may be asked for twice', async () => {
    const made = house();
    made.open();
    await Promise.all([made.rest(), made.rest()]);
  });
});

function firstWord(child: ChildProcess): Promise<string> {
  return new Promise((settle, fail) => {
    child.stdout?.setEncoding('utf8').once('data', settle);
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`the worker ended with ${code}`)));
  });
}
