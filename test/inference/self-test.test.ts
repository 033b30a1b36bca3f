import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import type { Precision } from '../../src/graph/half.ts';
import { toModel } from '../../src/graph/model.ts';
import { div, scale, shift } from '../../src/graph/operators/elementwise.ts';
import { type Catalogue, loadCatalogue } from '../../src/inference/catalogue.ts';
import { type KnownNetwork, knownNetworks, knownPicture } from '../../src/inference/known.ts';
import { faultIn, TOLERANCE, testNetworks, whyWrong } from '../../src/inference/self-test.ts';
import { catalogueFolder } from './support.ts';

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue(await catalogueFolder('mosaic', 'waves'));
});
afterAll(() => rm(catalogue.folder, { recursive: true }));

/** A network whose answer in half precision is `factor` times the right one, and `amount` away from that. */
function faulty(factor: number, amount: number): KnownNetwork {
  return {
    name: 'a faulty one',
    emit: (precision) => {
      const graph = new Graph();
      const image = graph.input('image', [1, 3, 'dynamic', 'dynamic']);
      return toModel(graph, { y: precision === 'float16' ? shift(scale(image, factor), amount) : image });
    },
  };
}

const onCpu = (precision: Precision) => ({ provider: 'cpu', precision }) as const;

describe('the test at the start', () => {
  it('tries known networks and one of the catalogue, and trusts what computes as the cpu does', async () => {
    const networks = await testNetworks(catalogue);
    expect(networks.map(({ name }) => name)).toEqual(['a small style', 'a small upscaler', 'mosaic']);
    expect(await whyWrong(onCpu('float32'), networks)).toBeUndefined();
    expect(await whyWrong(onCpu('float16'), networks)).toBeUndefined();
  });

  it('makes real pictures, so that a wrong one is seen', () => {
    const picture = knownPicture(46, 34);
    expect(Math.max(...picture) - Math.min(...picture)).toBeGreaterThan(150);
    expect(knownPicture(46, 34)).toEqual(picture);
    const bytes = (): string[] =>
      knownNetworks().map(({ emit }) => createHash('sha256').update(emit('float32')).digest('hex'));
    expect(bytes()).toEqual(bytes());
  });

  it.each([
    [
      'too bright',
      faulty(1, 20),
      /came out up to 20\.0 levels of 255 away from the cpu's and 20\.0 on average/,
    ],
    ['black', faulty(0, 0), /came out black\./],
    ['away on average', faulty(1, 2), /up to 2\.0 levels .+\(8 and 1 are allowed\)\./],
  ])('does not trust what is %s', async (_, network, sentence) => {
    const wrong = await whyWrong(onCpu('float16'), [...knownNetworks(), network]);
    expect(wrong).toMatchObject({ code: 'provider-wrong', report: true });
    expect(wrong?.data).toMatchObject({ provider: 'cpu', precision: 'float16', network: 'a faulty one' });
    expect(wrong?.userMessage).toMatch(sentence);
    expect(wrong?.userMessage).toMatch(/^The provider cpu can't be trusted in float16 on this machine: /);
  });

  it('does not trust what gives no numbers, no picture, or none of that size', async () => {
    const nothing: KnownNetwork = {
      name: 'nothing',
      emit: (precision) => {
        if (precision === 'float16') return Uint8Array.of(1, 2, 3);
        return faulty(1, 0).emit(precision);
      },
    };
    expect((await whyWrong(onCpu('float16'), [nothing]))?.userMessage).toContain(
      'by nothing did not come out.',
    );
    const dividing: KnownNetwork = {
      name: 'dividing',
      emit: (precision) => {
        const graph = new Graph();
        const image = graph.input('image', [1, 3, 'dynamic', 'dynamic']);
        const y = precision === 'float16' ? div(image, scale(image, 0)) : image;
        return toModel(graph, { y });
      },
    };
    const wrong = await whyWrong(onCpu('float16'), [dividing]);
    expect(wrong?.userMessage).toContain('values that are no numbers');
    expect(faultIn(new Float32Array(3), new Float32Array(4), TOLERANCE.float32)).toContain('another size');
  });
});
