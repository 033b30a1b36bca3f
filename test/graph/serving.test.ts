import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heldGraph, servingGraph, statisticsGraph } from '../../src/graph/networks/serving.ts';
import { HALF_WIDTH, publishedGraph } from '../../src/graph/networks/style.ts';
import { randomWeights, seeded, TINY } from '../inference/support.ts';

const side = fc.integer({ min: 16, max: 70 });

describe.each([
  ['a tiny network', TINY, 25],
  ['a half-width network', HALF_WIDTH, 8],
])('the serving form of %s', (_, shape, numRuns) => {
  let published: InferenceSession;
  let served: InferenceSession;
  beforeAll(async () => {
    const weights = randomWeights(shape, 5);
    const options = { intraOpNumThreads: 1 };
    published = await InferenceSession.create(publishedGraph(weights), options);
    served = await InferenceSession.create(servingGraph(weights), options);
  });
  afterAll(() => Promise.all([published.release(), served.release()]));

  it('paints by statistics that are held as it does by its own, and those of another picture otherwise', async () => {
    const weights = randomWeights(shape, 5);
    const telling = await InferenceSession.create(statisticsGraph(weights), { intraOpNumThreads: 1 });
    const held = await InferenceSession.create(heldGraph(weights), { intraOpNumThreads: 1 });
    const random = seeded(31);
    const picture = (level: number, width: number, height: number): Tensor => {
      const data = Float32Array.from({ length: 3 * width * height }, () => level * random());
      return new Tensor('float32', data, [1, 3, height, width]);
    };
    const image = picture(255, 41, 30);
    const painting = async (
      session: InferenceSession,
      feeds: Record<string, Tensor>,
    ): Promise<Float32Array> => Float32Array.from((await session.run(feeds)).painting?.data as Float32Array);
    const statisticsOf = async (of: Tensor): Promise<Tensor> => {
      const { statistics } = await telling.run({ image: of });
      if (!statistics) throw new Error('no statistics');
      return new Tensor('float32', Float32Array.from(statistics.data as Float32Array), statistics.dims);
    };
    const own = await painting(held, { image, statistics: await statisticsOf(image) });
    const others = await painting(held, { image, statistics: await statisticsOf(picture(90, 64, 64)) });
    const expected = await painting(served, { image });
    const away = (got: Float32Array): number =>
      expected.reduce((most, value, at) => Math.max(most, Math.abs(value - (got[at] ?? 1e9))), 0);
    expect(away(own)).toBeLessThan(0.5);
    expect(away(others)).toBeGreaterThan(20);
    await Promise.all([telling.release(), held.release()]);
  });

  it('paints as the published form does, within 1/255, at any size', async () => {
    await fc.assert(
      fc.asyncProperty(side, side, fc.nat(1000), async (width, height, seed) => {
        const random = seeded(seed);
        const data = Float32Array.from({ length: 3 * width * height }, () => 255 * random());
        const image = new Tensor('float32', data, [1, 3, height, width]);
        const [one, other] = await Promise.all([published, served].map((session) => session.run({ image })));
        expect(other?.painting?.dims).toEqual([1, 3, height, width]);
        const expected = Float32Array.from(one?.painting?.data as Float32Array);
        const got = Float32Array.from(other?.painting?.data as Float32Array);
        let away = 0;
        for (let at = 0; at < expected.length; at++) {
          away = Math.max(away, Math.abs((expected[at] ?? 0) - (got[at] ?? Number.POSITIVE_INFINITY)));
        }
        expect(away).toBeLessThan(1);
        expect(Math.max(...expected) - Math.min(...expected), 'it paints').toBeGreaterThan(20);
      }),
      { numRuns, seed: 9 },
    );
  });
});
