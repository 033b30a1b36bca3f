import { describe, expect, it } from 'vitest';
import { inferenceJobId } from '../../src/queue/keys.ts';
import { aGate, aRequest, onlyPicture, picture, through, useHouses } from './house.ts';
import { eventually } from './support.ts';

const PLACE = { token: 'an-interaction-token', channel: 'c1' };

describe('the way of a picture', () => {
  const { house } = useHouses();

  it('goes from intake through inference to one delivery', async () => {
    const seen: unknown[] = [];
    const { queue, open, delivered, artefacts } = house({
      intake: async (request, place) => {
        seen.push(place);
        return [{ source: await artefactsOf().put(Buffer.from(String(request.source)), picture) }];
      },
    });
    const artefactsOf = () => artefacts;
    open();
    const request = aRequest();
    expect(await queue.submit(request, PLACE, 60)).toEqual({ accepted: true, request: request.id });
    await eventually(() => delivered.length === 1);
    expect(seen).toEqual([PLACE]);
    expect(delivered[0]?.place).toEqual(PLACE);
    expect(delivered[0]?.request).toEqual(request);
    const outcome = onlyPicture(delivered[0]?.outcome);
    expect(outcome).toMatchObject({ artefact: { contentType: 'image/png' } });
    expect((await artefacts.get(outcome.source.hash))?.bytes.toString()).toBe('a photo');
    expect((await artefacts.get(outcome.artefact.hash))?.bytes.toString()).toContain('starry-night');
    await eventually(async () => (await queue.progress(request.id))?.state === 'answered');
    expect(await queue.get(request.id)).toEqual(request);
  });

  it('absorbs the platform’s retries, while the request is open and after', async () => {
    const { queue, open, delivered } = house();
    const request = aRequest();
    await queue.submit(request, PLACE, 60);
    const again = { ...aRequest(), eventKey: request.eventKey };
    expect(await queue.submit(again, PLACE, 60)).toEqual({
      accepted: false,
      reason: 'event',
      request: request.id,
    });
    open();
    await eventually(async () => (await queue.progress(request.id))?.state === 'answered');
    expect(await queue.submit(again, PLACE, 60)).toMatchObject({ accepted: false, reason: 'event' });
    expect(await queue.submit(request, PLACE, 60)).toMatchObject({ accepted: true });
    expect(delivered).toHaveLength(1);
  });

  it('absorbs impatience while the request is open, and not after', async () => {
    const { queue, open } = house();
    const request = aRequest();
    await queue.submit(request, PLACE, 60);
    const impatient = aRequest({ intentKey: request.intentKey });
    const absorbed = { accepted: false, reason: 'intent', request: request.id };
    expect(await queue.submit(impatient, PLACE, 60)).toEqual(absorbed);
    expect(await queue.submit(impatient, PLACE, 60)).toMatchObject({ reason: 'event', request: request.id });
    open();
    await eventually(async () => (await queue.progress(request.id))?.state === 'answered');
    const later = aRequest({ intentKey: request.intentKey });
    expect(await queue.submit(later, PLACE, 60)).toMatchObject({ accepted: true });
  });

  it('does not take one platform’s keys for another’s', async () => {
    const { queue } = house();
    const here = aRequest({ platform: 'discord' });
    const there = aRequest({ platform: 'slack', eventKey: here.eventKey, intentKey: here.intentKey });
    expect(await queue.submit(here, PLACE, 60)).toMatchObject({ accepted: true });
    expect(await queue.submit(there, PLACE, 60)).toMatchObject({ accepted: true });
  });

  it('refuses kindly when too many are open, and takes more once some are answered', async () => {
    const { queue, open } = house({}, { maxOpen: 2 });
    const first = aRequest();
    await queue.submit(first, PLACE, 60);
    await queue.submit(aRequest(), PLACE, 60);
    const refused = aRequest();
    const refusal = await queue.submit(refused, PLACE, 60).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'queue-full', retryable: true });
    expect(await queue.get(refused.id)).toBeUndefined();
    open();
    await eventually(async () => (await queue.progress(first.id))?.state === 'answered');
    await eventually(async () => {
      const retry = await queue.submit(refused, PLACE, 60).catch(() => undefined);
      return retry?.accepted;
    });
  });

  it('shares one job among all who ask for the same thing, on whatever platform', async () => {
    const gate = aGate();
    const { queue, open, delivered, runs, artefacts } = house({
      inference: async (_job, { signal }) => {
        await through(gate, signal);
        return artefacts.put(Buffer.from('painted'), picture);
      },
    });
    open(undefined, ['discord', 'slack']);
    const requests = ['discord', 'slack', 'discord'].map((platform) => aRequest({ platform }));
    for (const request of requests) await queue.submit(request, PLACE, 60);
    await eventually(async () => {
      const states = await Promise.all(requests.map(({ id }) => queue.progress(id)));
      return states.every((progress) => progress?.state === 'running');
    });
    gate.open();
    await eventually(() => delivered.length === 3);
    expect(runs()).toBe(1);
    expect(delivered.map(({ request }) => request.id).sort()).toEqual(requests.map(({ id }) => id).sort());
    expect(delivered.map(({ request }) => request.platform).sort()).toEqual(['discord', 'discord', 'slack']);
  });

  it('runs apart what differs in options, and takes their order for no difference', () => {
    const task = { network: 'n', options: { a: 1, b: true } };
    const turned = { network: 'n', options: { b: true, a: 1 } };
    expect(inferenceJobId('f00d', turned)).toBe(inferenceJobId('f00d', task));
    expect(inferenceJobId('f00d', { ...task, options: { a: 1, b: false } })).not.toBe(
      inferenceJobId('f00d', task),
    );
    expect(inferenceJobId('f00e', task)).not.toBe(inferenceJobId('f00d', task));
    expect(inferenceJobId('f00d', task)).not.toMatch(/:|^\d+$/);
  });

  it('answers at once what was painted before, and paints again what has expired', async () => {
    const { queue, open, delivered, runs, context } = house();
    open();
    await queue.submit(aRequest(), PLACE, 60);
    await eventually(() => delivered.length === 1);
    await queue.submit(aRequest(), PLACE, 60);
    await eventually(() => delivered.length === 2);
    expect(runs()).toBe(1);
    expect(delivered[1]?.outcome).toEqual(delivered[0]?.outcome);

    const outcome = onlyPicture(delivered[0]?.outcome);
    await context.redis.del(`{impasto}:artefact:${outcome.artefact.hash}`);
    await queue.submit(aRequest(), PLACE, 60);
    await eventually(() => delivered.length === 3);
    expect(runs()).toBe(2);
    expect(onlyPicture(delivered[2]?.outcome).artefact).toEqual(outcome.artefact);
  });

  it('keeps no token in clear text, in no key whatever', async () => {
    const { queue, open, context } = house({ intake: () => new Promise(() => undefined) });
    open(['intake']);
    const request = aRequest();
    await queue.submit(request, PLACE, 60);
    await eventually(async () => (await queue.progress(request.id))?.state === 'fetching');
    const names = await context.redis.keys('*');
    expect(names).toContain(`{impasto}:place:${request.id}`);
    const dumps = await Promise.all(names.map((name) => context.redis.dumpBuffer(name)));
    // A dump may be compressed; short strings, such as a token, are not.
    const everything = dumps.map((dump) => dump?.toString('latin1')).join('\n');
    expect(everything).toContain(request.id);
    expect(everything).not.toContain(PLACE.token);
    expect(await context.redis.ttl(`{impasto}:place:${request.id}`)).toBeLessThanOrEqual(60);
  });

  it('hands no place where it has expired', async () => {
    const { queue, open, delivered, context } = house();
    const request = aRequest();
    await queue.submit(request, PLACE, 60);
    await context.redis.del(`{impasto}:place:${request.id}`);
    open();
    await eventually(() => delivered.length === 1);
    expect(delivered[0]?.place).toBeUndefined();
  });
});

describe('a crowd', () => {
  const { house } = useHouses();

  it('is answered, each once, whoever cancels, joins, fails and dies away meanwhile', async () => {
    let turn = 0;
    const made = house({
      inference: async ({ source, task }, { signal }) => {
        await new Promise((wake) => setTimeout(wake, 5));
        signal.throwIfAborted();
        if (++turn % 4 === 0) throw new TypeError('now and then');
        return made.artefacts.put(Buffer.from(`${source.hash} ${task.network}`), picture);
      },
    });
    made.open();
    const requests = Array.from({ length: 60 }, (_, i) =>
      aRequest({ source: `photo ${i % 7}`, task: { network: `style ${i % 3}`, options: {} } }),
    );
    const cancelled = new Set<string>();
    await Promise.all(
      requests.map(async ({ id }, i) => {
        const request = requests[i];
        if (request === undefined) return;
        await made.queue.submit(request, {}, 60);
        if (i % 5 === 0 && (await made.queue.cancel(id, 'ada'))) cancelled.add(id);
        if (i === 30) {
          await made.rest(0);
          made.open();
        }
      }),
    );
    await eventually(async () => (await made.context.records.open()).length === 0, 20_000);
    const answers = made.delivered.map(({ request: { id } }) => id);
    expect(answers.toSorted()).toEqual(requests.map(({ id }) => id).toSorted());
    for (const { request, outcome } of made.delivered) {
      expect([request.id, outcome.kind === 'cancelled']).toEqual([request.id, cancelled.has(request.id)]);
    }
    expect(await made.context.redis.keys('{impasto}:waiters:*')).toEqual([]);
    expect(await made.context.redis.keys('{impasto}:place:*')).toEqual([]);
  }, 30_000);
});
