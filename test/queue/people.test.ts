import { describe, expect, it } from 'vitest';
import { createLimits } from '../../src/queue/limits.ts';
import { createPeople, type People } from '../../src/queue/people.ts';
import type { QueuedRequest } from '../../src/queue/request.ts';
import { aGate, aRequest, type House, onlyPicture, picture, through, useHouses } from './house.ts';
import { eventually } from './support.ts';

const ADA = 'U0123-ada-lovelace';

describe('what is kept of people', () => {
  const { house, redis } = useHouses();

  const peopleOf = (made: House): People => createPeople(made.context, made.artefacts, made.queue);
  const by = (person: string, source: string, changes: Partial<QueuedRequest> = {}): QueuedRequest =>
    aRequest({ person: { id: person, locale: 'en' }, source, ...changes });

  async function answer(made: House, request: QueuedRequest) {
    await made.queue.submit(request, { channel: `dm of ${request.person.id}` }, 60);
    await eventually(async () => (await made.queue.progress(request.id))?.state === 'answered');
    return onlyPicture(await made.queue.outcome(request.id));
  }

  /** All that Redis holds: names and values of every kind. */
  async function everything(): Promise<string> {
    const connection = redis().connect();
    const lines: unknown[] = [];
    for (const name of await connection.keys('*')) {
      const read = {
        string: () => connection.getBuffer(name).then((bytes) => bytes?.toString('latin1')),
        hash: () => connection.hgetall(name),
        set: () => connection.smembers(name),
        zset: () => connection.zrange(name, 0, '-1', 'WITHSCORES'),
        list: () => connection.lrange(name, 0, -1),
        stream: () => connection.xrange(name, '-', '+'),
        // Gone between two looks.
        none: async () => undefined,
      }[await connection.type(name)];
      if (read === undefined) throw new Error(`no way to read ${name}`);
      lines.push([name, await read()]);
    }
    return JSON.stringify(lines);
  }

  const stored = async (made: House, hash: string): Promise<boolean> =>
    (await made.artefacts.get(hash)) !== undefined;

  it('are the pictures that they were given, newest first, while both are stored', async () => {
    const made = house();
    made.open();
    const people = peopleOf(made);
    const requests = ['one', 'two', 'three'].map((source) => by(ADA, source));
    for (const request of requests) await answer(made, request);
    await answer(made, by('grace', 'four'));
    const recent = await people.recent('playground', ADA, 10);
    expect(recent.map(({ request }) => request)).toEqual(requests.map(({ id }) => id).reverse());
    expect(recent[0]).toMatchObject({
      network: 'starry-night',
      source: { bytes: 5 },
      artefact: { contentType: 'image/png' },
      at: requests[2]?.createdAt,
    });
    expect(await people.recent('playground', ADA, 2)).toEqual(recent.slice(0, 2));
    expect(await people.recent('slack', ADA, 2)).toEqual([]);
    await redis().connect().del(`{impasto}:artefact-info:${recent[0]?.artefact.hash}`);
    await redis().connect().del(`{impasto}:artefact-info:${recent[1]?.source.hash}`);
    expect(await people.recent('playground', ADA, 10)).toEqual(recent.slice(2));
  });

  it('go when they say so, and nothing of them is left in any key', async () => {
    const made = house();
    made.open();
    const people = peopleOf(made);
    const painted = await answer(made, by(ADA, 'one'));
    await answer(made, by(ADA, 'two'));
    await made.queue.note((await people.recent('playground', ADA, 1))[0]?.request ?? '', 'placeholder', ADA);
    await createLimits(made.context.redis).take(
      { platform: 'playground', person: ADA },
      { personPerHour: 9, serverPerHour: 0 },
    );
    expect(await everything()).toContain(ADA);
    expect(await people.forget('playground', ADA)).toEqual({ pictures: 4, requests: 2 });
    expect(await everything()).not.toContain(ADA);
    expect(await stored(made, painted.source.hash)).toBe(false);
    expect(await stored(made, painted.artefact.hash)).toBe(false);
    const left = await made.context.redis.keys('{impasto}:*');
    expect(left.filter((name) => /:(request|notes|result|asked|owners|place|intent):/.test(name))).toEqual(
      [],
    );
    expect(await people.recent('playground', ADA, 10)).toEqual([]);
    expect(await people.forget('playground', ADA)).toEqual({ pictures: 0, requests: 0 });
    // The room in the budget is free again, and the same picture may come again.
    await answer(made, by(ADA, 'one'));
  });

  it('leave to others the pictures that are theirs too', async () => {
    const made = house();
    made.open();
    const people = peopleOf(made);
    const shared = await answer(made, by(ADA, 'one'));
    await answer(made, by('grace', 'one'));
    const uploaded = await made.artefacts.put(Buffer.from('two'), picture, {
      platform: 'discord',
      person: 'hedy',
    });
    const mine = await answer(made, by(ADA, 'two'));
    expect(mine.source.hash).toBe(uploaded.hash);
    expect(await people.forget('playground', ADA)).toEqual({ pictures: 1, requests: 2 });
    for (const hash of [shared.source.hash, shared.artefact.hash, uploaded.hash]) {
      expect(await stored(made, hash)).toBe(true);
    }
    expect(await stored(made, mine.artefact.hash)).toBe(false);
    expect(await people.recent('playground', 'grace', 10)).toHaveLength(1);
    expect(await people.forget('playground', 'grace')).toEqual({ pictures: 2, requests: 1 });
    expect(await people.forget('discord', 'hedy')).toEqual({ pictures: 1, requests: 0 });
    expect(await made.context.redis.keys('{impasto}:artefact:*')).toEqual([]);
    expect(await made.context.redis.get('{impasto}:artefact-total')).toBe('0');
  });

  it('end also what is open: it is cancelled, told so in its place, and then forgotten', async () => {
    const gate = aGate();
    const made: House = house({
      inference: async ({ source }, { signal }) => {
        await through(gate, signal);
        return made.artefacts.put(Buffer.from(`painted ${source.hash}`), picture);
      },
    });
    made.open();
    const people = peopleOf(made);
    const [running, waiting] = [by(ADA, 'one'), by(ADA, 'two')];
    const theirs = by('grace', 'one');
    await made.queue.submit(running, {}, 60);
    await eventually(async () => (await made.queue.progress(running.id))?.state === 'running');
    for (const request of [waiting, theirs]) await made.queue.submit(request, {}, 60);
    await eventually(async () => (await made.queue.progress(waiting.id))?.state === 'waiting');
    await eventually(async () => (await made.queue.progress(theirs.id))?.state === 'running');
    expect(await people.forget('playground', ADA)).toEqual({ pictures: 1, requests: 2 });
    await eventually(() => made.delivered.length === 2);
    expect(made.delivered.map(({ outcome }) => outcome.kind)).toEqual(['cancelled', 'cancelled']);
    await eventually(async () => !(await everything()).includes(ADA));
    expect(await made.queue.openOf('playground', ADA)).toEqual([]);
    gate.open();
    await eventually(async () => (await made.queue.progress(theirs.id))?.state === 'answered');
    expect(onlyPicture(await made.queue.outcome(theirs.id)).source.bytes).toBe(3);
  });

  it('do not outlive their pictures', async () => {
    const made = house();
    made.open();
    const { artefact } = await answer(made, by(ADA, 'one'));
    const connection = redis().connect();
    await made.artefacts.touch(artefact.hash);
    const lives = await Promise.all(
      ['artefact', 'owners'].map((kind) => connection.pexpiretime(`{impasto}:${kind}:${artefact.hash}`)),
    );
    expect(lives[0]).toBeGreaterThan(Date.now());
    expect(lives[1]).toBe(lives[0]);
  });
});
