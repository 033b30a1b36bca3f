import { describe, expect, it } from 'vitest';
import { tellNobodyPaints } from '../../src/queue/fresh-start.ts';
import { aGate, aRequest, picture, through, useHouses } from './house.ts';
import { eventually } from './support.ts';

describe('a fresh start', () => {
  const { house } = useHouses();

  it('says of what a killed worker painted that it waits, and leaves the rest as it stands', async () => {
    const { context, places, queue, artefacts } = house();
    const [painted, fetched] = [aRequest(), aRequest({ source: 'another' })];
    for (const request of [painted, fetched]) {
      await context.records.submit(request, places.seal(request.id, {}), 60);
    }
    const source = await artefacts.put(Buffer.from('a photo'), picture);
    await context.records.join(painted.id, [{ source, job: 'inference-1' }]);
    await context.records.runs('inference-1', 0.4);
    expect(await queue.progress(painted.id)).toMatchObject({ state: 'running', fraction: 0.4 });
    await context.records.fetching(fetched.id);
    await tellNobodyPaints(context);
    expect(await queue.progress(painted.id)).toEqual({
      request: painted.id,
      platform: 'playground',
      state: 'waiting',
    });
    expect(await queue.progress(fetched.id)).toMatchObject({ state: 'fetching' });
  });

  it('is set right by whoever does paint', async () => {
    const gate = aGate();
    const made = house({
      inference: async ({ source }, { signal }) => {
        await through(gate, signal);
        return made.artefacts.put(Buffer.from(`painted ${source.hash}`), picture);
      },
    });
    made.open();
    const request = aRequest();
    await made.queue.submit(request, {}, 60);
    const running = async () => (await made.queue.progress(request.id))?.state === 'running';
    await eventually(running);
    await tellNobodyPaints(made.context);
    await eventually(running);
    gate.open();
    await eventually(() => made.delivered.length === 1);
  });
});
