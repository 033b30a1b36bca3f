import { describe, expect, it } from 'vitest';
import { ImpastoError, UserError } from '../../src/errors.ts';
import type { Artefacts, InferenceHandler, IntakeHandler, IntakePart } from '../../src/queue/contract.ts';
import type { Outcome, Progress, QueuedRequest } from '../../src/queue/request.ts';
import { aGate, aRequest, type House, picture, through, useHouses } from './house.ts';
import { eventually } from './support.ts';

/** A request for several pictures; a part that begins with `no ` is no picture. */
const several = (...names: string[]): QueuedRequest => aRequest({ source: names });

const noPicture = (name: string): UserError =>
  new UserError('image-damaged', `The file ${name} is damaged.`, { data: { name } });

/** Stores the names of a request's parts as its pictures. */
function intakeOf(artefacts: () => Artefacts): IntakeHandler {
  return async ({ source }) =>
    Promise.all(
      [source].flat().map(async (name): Promise<IntakePart> => {
        const text = String(name);
        if (text.startsWith('no ')) return { error: noPicture(text) };
        const stored = await artefacts().put(Buffer.from(text), picture);
        return { source: { ...stored, alt: `Seen: ${text}`, spoiler: true } };
      }),
    );
}

const kinds = (outcome: Outcome | undefined): unknown =>
  outcome?.kind === 'pictures' ? outcome.parts.map(({ kind }) => kind) : outcome?.kind;

describe('a request for several pictures', () => {
  const { house, redis } = useHouses();

  function openHouse(inference?: InferenceHandler, settings = {}): House {
    const made: House = house(
      { intake: intakeOf(() => made.artefacts), ...(inference === undefined ? {} : { inference }) },
      settings,
    );
    return made;
  }

  /** Paints when told to, by the source's text; fails for those that begin with `bad `. */
  function byHand(...names: string[]) {
    const gates = new Map(names.map((name) => [name, aGate()]));
    const made: House = openHouse(async ({ source }, { signal, report }) => {
      const text = String((await made.artefacts.get(source.hash))?.bytes);
      report(0.5);
      const gate = gates.get(text);
      if (gate !== undefined) await through(gate, signal);
      if (text.startsWith('bad ')) throw new UserError('image-too-odd', 'Too odd.', { data: { text } });
      return made.artefacts.put(Buffer.from(`painted ${text}`), picture);
    });
    return { made, paint: (name: string) => gates.get(name)?.open() };
  }

  const inState = (made: House, { id }: QueuedRequest, state: Progress['state'] = 'answered') =>
    eventually(async () => (await made.queue.progress(id))?.state === state);

  it('is answered once, with all of them in the order of the source', async () => {
    const made = openHouse();
    made.open();
    const request = several('one', 'two', 'three');
    await made.queue.submit(request, {}, 60);
    await inState(made, request);
    expect(made.delivered).toHaveLength(1);
    expect(made.runs()).toBe(3);
    const outcome = made.delivered[0]?.outcome;
    if (outcome?.kind !== 'pictures') throw new Error('expected pictures');
    const sources = await made.queue.sources(request.id);
    expect(sources.map(({ alt, spoiler }) => [alt, spoiler])).toEqual([
      ['Seen: one', true],
      ['Seen: two', true],
      ['Seen: three', true],
    ]);
    expect(outcome.parts.map((part) => part.kind === 'picture' && part.source)).toEqual(sources);
    for (const part of outcome.parts) {
      if (part.kind !== 'picture') throw new Error('expected a picture');
      const made1 = await made.artefacts.get(part.artefact.hash);
      expect(made1?.bytes.toString()).toContain(part.source.hash);
    }
    expect(await made.queue.outcome(request.id)).toEqual(outcome);
    // What people wrote about their pictures is not for those who share the job.
    const names = await made.context.redis.keys('{impasto}:inference:inference-*');
    const jobs = await Promise.all(names.map((name) => made.context.redis.hgetall(name)));
    expect(jobs).toHaveLength(3);
    expect(JSON.stringify(jobs)).not.toContain('Seen');
  });

  it('tells of those that are no pictures beside those that are', async () => {
    const made = openHouse();
    made.open();
    const request = several('no x', 'one', 'no y');
    await made.queue.submit(request, {}, 60);
    await inState(made, request);
    const outcome = made.delivered[0]?.outcome;
    expect(kinds(outcome)).toEqual(['failure', 'picture', 'failure']);
    expect(outcome).toMatchObject({
      parts: [
        { code: 'image-damaged', data: { name: 'no x' }, userMessage: 'The file no x is damaged.' },
        {},
        { code: 'image-damaged', data: { name: 'no y' } },
      ],
    });
    expect(await made.queue.sources(request.id)).toHaveLength(1);
  });

  it('fails by the first failure where none is a picture', async () => {
    const made = openHouse();
    made.open();
    const request = several('no x', 'no y');
    await made.queue.submit(request, {}, 60);
    await inState(made, request, 'failed');
    expect(made.delivered.map(({ outcome }) => outcome)).toMatchObject([
      { kind: 'failure', code: 'image-damaged', data: { name: 'no x' } },
    ]);
    expect(await made.queue.sources(request.id)).toEqual([]);
  });

  it('fetches all again while one of them may yet come, and no longer', async () => {
    let fetched = 0;
    const away = new ImpastoError({ code: 'host-away', userMessage: 'The host is away.', retryable: true });
    const comesAt = { one: 1, late: 3, never: Number.POSITIVE_INFINITY };
    const made: House = house(
      {
        intake: async (request) => {
          fetched++;
          const parts: IntakePart[] = [];
          for (const [name, at] of Object.entries(comesAt)) {
            if (![request.source].flat().includes(name)) continue;
            if (fetched < at) parts.push({ error: away });
            else parts.push({ source: await made.artefacts.put(Buffer.from(name), picture) });
          }
          return parts;
        },
      },
      { attempts: { intake: 4, inference: 1, delivery: 1 } },
    );
    made.open();
    const [late, never] = [several('one', 'late'), several('one', 'never')];
    await made.queue.submit(late, {}, 60);
    await inState(made, late);
    expect(fetched).toBe(3);
    expect(kinds(made.delivered[0]?.outcome)).toEqual(['picture', 'picture']);
    fetched = 0;
    await made.queue.submit(never, {}, 60);
    await inState(made, never);
    expect(fetched).toBe(4);
    expect(made.delivered[1]?.outcome).toMatchObject({ parts: [{ kind: 'picture' }, { code: 'host-away' }] });
  });

  it('keeps a reason that is not for people to the log, in a part as in a whole request', async () => {
    const secret = new ImpastoError({
      code: 'disk-broken',
      userMessage: 'Look at /srv.',
      report: true,
      data: { folder: '/srv' },
    });
    const made: House = house({
      intake: async () => [
        { error: secret },
        { source: await made.artefacts.put(Buffer.from('one'), picture) },
      ],
    });
    made.open();
    const request = aRequest();
    await made.queue.submit(request, {}, 60);
    await inState(made, request);
    const outcome = made.delivered[0]?.outcome;
    expect(outcome).toMatchObject({ parts: [{ code: 'internal', data: {} }, { kind: 'picture' }] });
    expect(JSON.stringify(outcome)).not.toContain('/srv');
    expect(redis().log.lines.find(({ level }) => level === 'error')?.facts).toMatchObject({ err: secret });
  });

  it('brings the others where the inference of one fails, and fails where that of all does', async () => {
    const { made } = byHand();
    made.open();
    const [some, none] = [several('one', 'bad two', 'three'), several('bad four', 'bad five')];
    await made.queue.submit(some, {}, 60);
    await inState(made, some);
    expect(kinds(made.delivered[0]?.outcome)).toEqual(['picture', 'failure', 'picture']);
    expect(made.delivered[0]?.outcome).toMatchObject({
      parts: [{}, { code: 'image-too-odd', data: { text: 'bad two' } }, {}],
    });
    await made.queue.submit(none, {}, 60);
    await inState(made, none, 'failed');
    expect(made.delivered[1]?.outcome).toMatchObject({ kind: 'failure', data: { text: 'bad four' } });
    expect(made.delivered).toHaveLength(2);
  });

  it('runs one job for two equal pictures, and fills both', async () => {
    const made = openHouse();
    made.open();
    const request = several('one', 'two', 'one');
    await made.queue.submit(request, {}, 60);
    await inState(made, request);
    expect(made.runs()).toBe(2);
    const outcome = made.delivered[0]?.outcome;
    if (outcome?.kind !== 'pictures') throw new Error('expected pictures');
    expect(kinds(outcome)).toEqual(['picture', 'picture', 'picture']);
    expect(outcome.parts[2]).toEqual(outcome.parts[0]);
    expect(outcome.parts[1]).not.toEqual(outcome.parts[0]);
  });

  it('is answered at once where all were painted before, and paints what is missing otherwise', async () => {
    const made = openHouse();
    made.open();
    const first = several('one', 'two');
    await made.queue.submit(first, {}, 60);
    await inState(made, first);
    const [again, more] = [several('two', 'one'), several('two', 'three')];
    await made.queue.submit(again, {}, 60);
    await inState(made, again);
    expect(made.runs()).toBe(2);
    await made.queue.submit(more, {}, 60);
    await inState(made, more);
    expect(made.runs()).toBe(3);
    expect(made.delivered.map(({ outcome }) => kinds(outcome))).toEqual([
      ['picture', 'picture'],
      ['picture', 'picture'],
      ['picture', 'picture'],
    ]);
  });

  it('shows how far all of it is, never less than before, and who stands before its first that waits', async () => {
    const { made, paint } = byHand('other', 'one', 'two');
    const shown: Progress[] = [];
    await made.queue.onProgress('playground', (progress) => shown.push(progress));
    made.open();
    const other = several('other');
    await made.queue.submit(other, {}, 60);
    await eventually(async () => (await made.queue.progress(other.id))?.state === 'running');
    const request = several('one', 'no picture', 'two');
    await made.queue.submit(request, {}, 60);
    const stands = () => made.queue.progress(request.id);
    await eventually(async () => (await stands())?.before === 1);
    expect(await made.queue.line()).toEqual({ waiting: 1, running: 1 });
    paint('other');
    await eventually(async () => (await stands())?.fraction === 0.25);
    expect(await made.queue.line()).toEqual({ waiting: 0, running: 1 });
    paint('one');
    await eventually(async () => (await stands())?.fraction === 0.75);
    paint('two');
    await inState(made, request);
    const fractions = shown.flatMap(({ request: id, fraction }) =>
      id === request.id && fraction !== undefined ? [fraction] : [],
    );
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(await made.queue.line()).toEqual({ waiting: 0, running: 0 });
  });

  it('cancelled midway says so once, and leaves what others wait for', async () => {
    const { made, paint } = byHand('one', 'two', 'three');
    made.open();
    const mine = several('one', 'two', 'three');
    const theirs = aRequest({ source: ['two'], person: { id: 'grace', locale: 'en' } });
    await made.queue.submit(mine, {}, 60);
    await inState(made, mine, 'running');
    await made.queue.submit(theirs, {}, 60);
    await inState(made, theirs, 'waiting');
    paint('one');
    await eventually(async () => ((await made.queue.progress(mine.id))?.fraction ?? 0) > 0.4);
    expect(await made.queue.cancel(mine.id, 'ada')).toBe(true);
    await inState(made, mine, 'cancelled');
    paint('two');
    await inState(made, theirs);
    expect(made.delivered.map(({ outcome }) => kinds(outcome))).toEqual(['cancelled', ['picture']]);
    expect(made.runs()).toBe(2);
    expect(await made.context.redis.keys('{impasto}:waiters:*')).toEqual([]);
    expect(await made.context.redis.zcard('{impasto}:inference:prioritized')).toBe(0);
  });

  it('refused by the platform for good is said to have failed, once', async () => {
    const tried: unknown[] = [];
    const made: House = house({
      intake: intakeOf(() => made.artefacts),
      delivery: async (_request, _place, outcome) => {
        tried.push(kinds(outcome));
        if (outcome.kind === 'pictures') throw new UserError('file-too-large', 'Too large.');
      },
    });
    made.open();
    const request = several('one', 'two');
    await made.queue.submit(request, {}, 60);
    await inState(made, request, 'failed');
    expect(tried).toEqual([['picture', 'picture'], 'failure']);
  });
});
