import { describe, expect, it } from 'vitest';
import type { Progress } from '../../src/queue/request.ts';
import { aGate, anOpenGate, aRequest, picture, through, useHouses } from './house.ts';
import { eventually } from './support.ts';

const PLACE = { channel: 'c1' };

describe('what is told of requests', () => {
  const { house } = useHouses();

  it('keeps facts about a request beside it: the first stands, unless it is replaced by name', async () => {
    const { queue, open, context } = house();
    const request = aRequest();
    // An adapter may know its placeholder before the request is submitted.
    expect(await queue.note(request.id, 'placeholder', 'm1')).toBe('m1');
    await queue.submit(request, PLACE, 60);
    const race = ['f1', 'f2', 'f3'].map((value) => queue.note(request.id, 'file', value));
    expect(new Set(await Promise.all(race)).size).toBe(1);
    expect(await queue.note(request.id, 'placeholder', 'm2')).toBe('m1');
    expect(await queue.note(request.id, 'placeholder', 'm2', 'm0')).toBe('m1');
    expect(await queue.note(request.id, 'placeholder', 'm2', 'm1')).toBe('m2');
    expect(await queue.notes(request.id)).toMatchObject({ placeholder: 'm2' });
    expect(await queue.notes('no-such-request')).toEqual({});
    open();
    await eventually(async () => (await queue.progress(request.id))?.state === 'answered');
    const [notes, record] = await Promise.all(
      ['notes', 'request'].map((kind) => context.redis.expiretime(`{impasto}:${kind}:${request.id}`)),
    );
    expect(notes).toBe(record);
  });

  it('tells place, sources and outcome of a request as soon as they are known', async () => {
    const { queue, open, rest, delivered } = house();
    const request = aRequest({ server: 'guild-1' });
    await queue.submit(request, PLACE, 60);
    expect(await queue.place(request.id)).toEqual(PLACE);
    expect(await queue.sources(request.id)).toEqual([]);
    expect(await queue.outcome(request.id)).toBeUndefined();
    open(['intake']);
    await eventually(async () => (await queue.sources(request.id)).length === 1);
    await rest();
    open();
    await eventually(async () => (await queue.progress(request.id))?.state === 'answered');
    expect(await queue.outcome(request.id)).toEqual(delivered[0]?.outcome);
    expect(await queue.place(request.id)).toBeUndefined();
    expect((await queue.get(request.id))?.server).toBe('guild-1');
  });

  it('lists a person’s open requests, oldest first, and counts everyone’s', async () => {
    const { queue, open } = house();
    const mine = ['one', 'two', 'three'].map((source) => aRequest({ source }));
    for (const request of mine) {
      await queue.submit(request, PLACE, 60);
      await new Promise((wake) => setTimeout(wake, 2));
    }
    await queue.submit(aRequest({ person: { id: 'grace', locale: 'en' } }), PLACE, 60);
    await queue.submit(aRequest({ platform: 'slack' }), PLACE, 60);
    expect(await queue.line()).toEqual({ waiting: 5, running: 0 });
    const listed = await queue.openOf('playground', 'ada');
    expect(listed.map(({ request }) => request)).toEqual(mine);
    expect(listed[0]?.progress).toMatchObject({ request: mine[0]?.id, state: 'accepted' });
    open();
    await eventually(async () => (await queue.openOf('playground', 'ada')).length === 0);
    await eventually(async () => (await queue.line()).waiting === 1);
    expect(await queue.openOf('slack', 'ada')).toHaveLength(1);
    expect((await queue.openOn('slack')).map(({ request }) => request.platform)).toEqual(['slack']);
    expect(await queue.openOn('discord')).toEqual([]);
  });

  it('shows every step, the place in the line, and nothing after the end', async () => {
    const gates = [aGate(), aGate()];
    let turn = 0;
    const { queue, open, delivered, artefacts } = house({
      inference: async ({ source }, { signal, report }) => {
        report(0.25);
        await through(gates[turn++] ?? anOpenGate(), signal);
        return artefacts.put(Buffer.from(`painted ${source.hash}`), picture);
      },
    });
    const shown: Progress[] = [];
    const stop = await queue.onProgress('playground', (progress) => shown.push(progress));
    open();
    const requests = ['one', 'two', 'three'].map((source) => aRequest({ source }));
    for (const request of requests) {
      await queue.submit(request, PLACE, 60);
      await eventually(async () => {
        const state = (await queue.progress(request.id))?.state;
        return state === 'running' || state === 'waiting';
      });
    }
    const [first, second, third] = requests.map(({ id }) => id);
    await eventually(() => shown.some((p) => p.request === first && p.fraction === 0.25));
    await eventually(async () => (await queue.progress(third ?? ''))?.before === 2);
    expect(await queue.progress(second ?? '')).toMatchObject({ state: 'waiting', before: 1 });
    gates[0]?.open();
    await eventually(() => shown.some((p) => p.request === third && p.before === 1));
    gates[1]?.open();
    await eventually(() => delivered.length === 3);
    await eventually(() => shown.filter(({ state }) => state === 'answered').length === 3);
    await new Promise((wake) => setTimeout(wake, 100));
    for (const id of [first, second, third]) {
      const states = shown.filter(({ request }) => request === id).map(({ state }) => state);
      expect(states[0]).toBe('fetching');
      expect(states.slice(-2)).toEqual(['delivering', 'answered']);
    }
    await stop();
    const before = shown.length;
    await queue.submit(aRequest({ source: 'four' }), PLACE, 60);
    await eventually(() => delivered.length === 4);
    expect(shown.length).toBe(before);
  });

  it('tells listeners of their own platform only', async () => {
    const { queue, open, delivered } = house();
    const shown: Progress[] = [];
    await queue.onProgress('discord', (progress) => shown.push(progress));
    open(undefined, ['discord', 'slack']);
    await queue.submit(aRequest({ platform: 'slack' }), PLACE, 60);
    await queue.submit(aRequest({ platform: 'discord', source: 'other' }), PLACE, 60);
    await eventually(() => delivered.length === 2);
    await eventually(() => shown.some(({ state }) => state === 'answered'));
    expect(new Set(shown.map(({ platform }) => platform))).toEqual(new Set(['discord']));
  });
});
