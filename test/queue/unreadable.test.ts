import { describe, expect, it } from 'vitest';
import { ImpastoError } from '../../src/errors.ts';
import type { DeliveryHandler } from '../../src/queue/contract.ts';
import { consumeDelivery } from '../../src/queue/delivery.ts';
import { createPlaces, type Places } from '../../src/queue/places.ts';
import { createRequestQueue } from '../../src/queue/requests.ts';
import { aRequest, type House, useHouses } from './house.ts';
import { eventually } from './support.ts';

const OLD = 'the secret of last year';
const NEW = 'the secret of this year';
const house = useHouses().house;

/** An adapter that can do nothing without a place. */
const needsPlace: DeliveryHandler = async (_request, place) =>
  place === undefined ? new ImpastoError({ code: 'place-expired', userMessage: 'Expired.' }) : undefined;

/** Ask in a process that has one secret, all but the delivery done. */
async function askedUnder(made: House, places: Places): Promise<string> {
  const queue = createRequestQueue(made.context, places);
  const request = aRequest();
  await queue.submit(request, { channel: 'c' }, 60);
  made.open(['intake', 'inference']);
  await eventually(async () => (await queue.progress(request.id))?.state === 'delivering');
  await queue.close();
  return request.id;
}

describe('a place that was sealed under a secret that a process does not have', () => {
  it('is left to a process that has it: the request is answered there', async () => {
    const made = house({}, { attempts: { intake: 5, inference: 4, delivery: 1_000 } });
    const id = await askedUnder(made, createPlaces(NEW, [OLD]));
    const heard: unknown[] = [];
    const says: DeliveryHandler = async (request, place, outcome) => {
      heard.push(place);
      return await needsPlace(request, place, outcome);
    };
    const before = consumeDelivery(made.context, 'playground', says, { places: createPlaces(OLD) });
    await eventually(
      async () => (await made.context.redis.zcard('{impasto}:delivery@playground:delayed')) > 0,
    );
    const after = consumeDelivery(made.context, 'playground', says, { places: createPlaces(NEW, [OLD]) });
    await eventually(async () => (await made.queue.progress(id))?.state === 'answered');
    expect(heard).toEqual([{ channel: 'c' }]);
    await Promise.all([before.close(100), after.close(100)]);
  });

  it('is given up with the last attempt: the adapter answers without, or the log says why not', async () => {
    const made = house({}, { attempts: { intake: 5, inference: 4, delivery: 3 } });
    const ids = [await askedUnder(made, createPlaces(NEW)), await askedUnder(made, createPlaces(NEW))];
    const [first] = ids;
    const consumer = consumeDelivery(
      made.context,
      'playground',
      async (request, place, outcome) =>
        request.id === first ? undefined : await needsPlace(request, place, outcome),
      { places: createPlaces(OLD) },
    );
    const states = () => Promise.all(ids.map(async (id) => (await made.queue.progress(id))?.state));
    await eventually(async () => (await states()).every((state) => state !== 'delivering'));
    expect(await states()).toEqual(['answered', 'unposted']);
    await consumer.close(100);
  });

  it('can be read on either side of a change in two steps', async () => {
    const steps = [
      [createPlaces(OLD), createPlaces(OLD, [NEW])],
      [createPlaces(OLD, [NEW]), createPlaces(NEW, [OLD])],
    ] as const;
    for (const [one, other] of steps) {
      expect(one.open('r1', other.seal('r1', { channel: 'c' }))).toEqual({ channel: 'c' });
      expect(other.open('r1', one.seal('r1', { channel: 'c' }))).toEqual({ channel: 'c' });
    }
  });
});
