import { describe, expect, it } from 'vitest';
import { ImpastoError } from '../../src/errors.ts';
import { aRequest, type House, useHouses } from '../queue/house.ts';
import { eventually } from '../queue/support.ts';
import { observe } from './support.ts';

const houses = useHouses();

async function ask(house: House): Promise<string> {
  const request = aRequest();
  await house.queue.submit(request, {}, 60);
  return request.id;
}

describe('an answer that can not be posted', () => {
  const gone = new ImpastoError({ code: 'channel-gone', userMessage: 'The channel is gone.' });

  it('is counted as such, once, and not as answered; the log says why', async () => {
    const { observer, sample, lines } = observe();
    const house = houses.house({ delivery: async () => gone }, {}, observer);
    house.open();
    const id = await ask(house);
    await eventually(async () => (await house.queue.progress(id))?.state === 'unposted');
    await eventually(() => lines.filter(({ kind }) => kind === 'delivery').length === 1);
    const delivery = (state: string) =>
      sample(`impasto_jobs_total{kind="delivery",state="${state}",network="starry-night"}`);
    expect([await delivery('unposted'), await delivery('done')]).toEqual([1, undefined]);
    const request = (state: string) =>
      sample(`impasto_request_seconds_count{platform="playground",network="starry-night",state="${state}"}`);
    expect([await request('unposted'), await request('answered')]).toEqual([1, undefined]);
    const told = lines.filter(({ code }) => code === 'channel-gone');
    expect(told.map(({ msg }) => msg).sort()).toEqual([
      'A request has ended',
      'An attempt at a job has ended',
    ]);
    // Nothing puts it back: neither the sweeper nor the job itself.
    await house.sweeper.sweep();
    await house.context.jobs.ensureDelivery('playground', id);
    await house.rest();
    expect(house.delivered).toHaveLength(1);
    expect(await house.context.records.open()).toEqual([]);
  });

  it('is none where somebody has cancelled: nobody waits to hear of it', async () => {
    const { observer, sample } = observe();
    const house = houses.house({ delivery: async () => gone }, {}, observer);
    const id = await ask(house);
    await house.queue.cancel(id, 'ada');
    house.open();
    await eventually(async () => (await house.queue.progress(id))?.state === 'cancelled');
    await house.rest();
    const done = 'impasto_jobs_total{kind="delivery",state="done",network="starry-night"}';
    expect(await sample(done)).toBe(1);
  });

  it('is counted from 0 on, so that the first of them is a rise', async () => {
    const { metrics, sample } = observe();
    metrics.expect(['intake', 'delivery'], ['starry-night']);
    for (const state of ['done', 'failed', 'unposted', 'lost']) {
      for (const kind of ['intake', 'delivery'])
        expect(
          await sample(`impasto_jobs_total{kind="${kind}",state="${state}",network="starry-night"}`),
        ).toBe(0);
    }
  });
});
