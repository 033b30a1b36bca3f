import { describe, expect, it } from 'vitest';
import type { Progress } from '../../src/queue/request.ts';
import { aGate, aRequest, type House, picture, through, useHouses } from './house.ts';
import { eventually } from './support.ts';

describe('cancelling', () => {
  const { house } = useHouses();

  /** A house whose inference waits at a gate and notes whose signals aborted. */
  function slowHouse(settings = {}) {
    const gate = aGate();
    const aborted: string[] = [];
    const made = house(
      {
        inference: async ({ source }, { signal }) => {
          const note = (): void => void aborted.push(source.hash);
          signal.addEventListener('abort', note);
          await through(gate, signal);
          // Its work is done; a look between that and the job's end may still find nobody who waits.
          signal.removeEventListener('abort', note);
          return made.artefacts.put(Buffer.from(`painted ${source.hash}`), picture);
        },
      },
      settings,
    );
    return { ...made, gate, aborted };
  }

  const inState = (made: House, id: string, state: Progress['state']) =>
    eventually(async () => (await made.queue.progress(id))?.state === state);

  it('is for the one who asked, once, and only while it is open', async () => {
    const made = house();
    const request = aRequest();
    await made.queue.submit(request, {}, 60);
    expect(await made.queue.cancel(request.id, 'eve')).toBe(false);
    expect(await made.queue.cancel('no-such-request', 'ada')).toBe(false);
    expect(await made.queue.cancel(request.id, 'ada')).toBe(true);
    expect(await made.queue.cancel(request.id, 'ada')).toBe(false);
    made.open();
    await inState(made, request.id, 'cancelled');
    expect(made.delivered.map(({ outcome }) => outcome.kind)).toEqual(['cancelled']);
    expect(made.runs()).toBe(0);
    const answered = aRequest();
    await made.queue.submit(answered, {}, 60);
    await inState(made, answered.id, 'answered');
    expect(await made.queue.cancel(answered.id, 'ada')).toBe(false);
  });

  it('lets the same wish be uttered again', async () => {
    const made = house();
    made.open();
    const request = aRequest();
    await made.queue.submit(request, {}, 60);
    await inState(made, request.id, 'answered');
    const first = aRequest({ source: 'another' });
    await made.rest();
    await made.queue.submit(first, {}, 60);
    await made.queue.cancel(first.id, 'ada');
    made.open();
    await inState(made, first.id, 'cancelled');
    const again = aRequest({ source: 'another', intentKey: first.intentKey });
    expect(await made.queue.submit(again, {}, 60)).toMatchObject({ accepted: true });
    await inState(made, again.id, 'answered');
  });

  it('ends an intake that runs', async () => {
    const gate = aGate();
    let aborted = false;
    const made = house({
      intake: async (_request, _place, signal) => {
        signal.addEventListener('abort', () => {
          aborted = true;
        });
        await through(gate, signal);
        throw new Error('not reached');
      },
    });
    made.open();
    const request = aRequest();
    await made.queue.submit(request, {}, 60);
    await inState(made, request.id, 'fetching');
    await made.queue.cancel(request.id, 'ada');
    await inState(made, request.id, 'cancelled');
    await eventually(() => aborted);
    expect(made.delivered.map(({ outcome }) => outcome.kind)).toEqual(['cancelled']);
  });

  it('takes a waiting job out of the line', async () => {
    const made = slowHouse();
    made.open();
    const running = aRequest({ source: 'one' });
    const waiting = aRequest({ source: 'two' });
    const behind = aRequest({ source: 'three' });
    await made.queue.submit(running, {}, 60);
    await inState(made, running.id, 'running');
    await made.queue.submit(waiting, {}, 60);
    await inState(made, waiting.id, 'waiting');
    await made.queue.submit(behind, {}, 60);
    await eventually(async () => (await made.queue.progress(behind.id))?.before === 2);
    await made.queue.cancel(waiting.id, 'ada');
    await eventually(async () => (await made.queue.progress(behind.id))?.before === 1);
    await inState(made, waiting.id, 'cancelled');
    made.gate.open();
    await inState(made, behind.id, 'answered');
    expect(made.runs()).toBe(2);
    expect(made.aborted).toEqual([]);
  });

  it('reaches the worker where nobody else waits for the running job', async () => {
    const made = slowHouse();
    made.open();
    const request = aRequest();
    await made.queue.submit(request, {}, 60);
    await inState(made, request.id, 'running');
    await made.queue.cancel(request.id, 'ada');
    await eventually(() => made.aborted.length === 1);
    await inState(made, request.id, 'cancelled');
    expect(made.delivered.map(({ outcome }) => outcome.kind)).toEqual(['cancelled']);
  });

  it('reaches it also where the message is lost', async () => {
    const made = slowHouse();
    made.open();
    const request = aRequest();
    await made.queue.submit(request, {}, 60);
    await inState(made, request.id, 'running');
    // What `cancel` decides, without what it tells.
    await made.context.records.cancel(request.id, 'ada');
    await eventually(() => made.aborted.length === 1);
  });

  it('leaves a running job to the others who wait for it', async () => {
    const made = slowHouse();
    made.open();
    const mine = aRequest();
    const theirs = aRequest({ person: { id: 'grace', locale: 'en' } });
    await made.queue.submit(mine, {}, 60);
    await made.queue.submit(theirs, {}, 60);
    await inState(made, mine.id, 'running');
    await inState(made, theirs.id, 'running');
    await made.queue.cancel(mine.id, 'ada');
    await inState(made, mine.id, 'cancelled');
    made.gate.open();
    await inState(made, theirs.id, 'answered');
    expect(made.aborted).toEqual([]);
    expect(made.delivered.map(({ outcome }) => outcome.kind)).toEqual(['cancelled', 'pictures']);
  });

  it('does not take along who joins while the job is being aborted', async () => {
    const gate = aGate();
    const joined = aGate();
    let first = true;
    const made = house({
      inference: async ({ source }, { signal }) => {
        if (first) {
          first = false;
          await through(gate, signal).catch(() => joined.opened);
          throw signal.reason;
        }
        return made.artefacts.put(Buffer.from(`painted ${source.hash}`), picture);
      },
    });
    made.open();
    const early = aRequest();
    await made.queue.submit(early, {}, 60);
    await inState(made, early.id, 'running');
    await made.queue.cancel(early.id, 'ada');
    await inState(made, early.id, 'cancelled');
    const late = aRequest();
    await made.queue.submit(late, {}, 60);
    await eventually(async () => (await made.queue.progress(late.id))?.state !== 'accepted');
    await eventually(async () => (await made.queue.progress(late.id))?.state !== 'fetching');
    joined.open();
    await inState(made, late.id, 'answered');
    expect(made.runs()).toBe(2);
  });

  it('does not wait for a handler that does not listen', async () => {
    const deaf = aGate();
    const made = house({
      inference: async ({ source }) => {
        if (source.bytes === 3) await deaf.opened;
        return made.artefacts.put(Buffer.from(`painted ${source.hash}`), picture);
      },
    });
    made.open();
    const request = aRequest({ source: 'one' });
    await made.queue.submit(request, {}, 60);
    await inState(made, request.id, 'running');
    await made.queue.cancel(request.id, 'ada');
    const next = aRequest({ source: 'three' });
    await made.queue.submit(next, {}, 60);
    await inState(made, next.id, 'answered');
    deaf.open();
  });
});
