import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publishedGraph } from '../../src/graph/networks/style.ts';
import { loadCatalogue } from '../../src/inference/catalogue.ts';
import { checkNetworks, createNetworks, type Networks } from '../../src/inference/network.ts';
import { openSession } from '../../src/inference/session.ts';
import {
  catalogueFolder,
  entryOf,
  published,
  randomWeights,
  seeded,
  TINY,
  writeCatalogue,
} from './support.ts';

let folder: string;
let networks: Networks;

async function serve(sessions = 2, pixels = 10_000): Promise<Networks> {
  const catalogue = await loadCatalogue(folder);
  return createNetworks({ catalogue, provider: 'cpu', threads: 1, keep: { sessions, pixels } });
}

function noise(width: number, height: number): Float32Array {
  const random = seeded(3);
  return Float32Array.from({ length: 3 * width * height }, () => 255 * random());
}

/** A published network under whose weights one is no number. */
function withoutNumber(): Uint8Array {
  const weights = randomWeights(TINY, 1);
  weights.get('out.bias')?.data.fill(Number.NaN);
  return publishedGraph(weights);
}

/** A published network in which one weight has another name. */
function renamed(): Uint8Array {
  const text = Buffer.from(published(1)).toString('latin1');
  return Buffer.from(text.replaceAll('up1.weight', 'up9.weight'), 'latin1');
}

beforeEach(async () => {
  folder = await catalogueFolder('one', 'two', 'three');
  networks = await serve();
});

afterEach(async () => {
  await networks.close();
  await rm(folder, { recursive: true });
});

describe('a served network', () => {
  it.each([
    [16, 16],
    [37, 50],
    [64, 31],
  ])('paints as its published form does in any runtime, at %i × %i', async (width, height) => {
    const image = noise(width, height);
    const painting = await networks.style('one').paint(image, width, height);

    const session = await openSession(published(1), { provider: 'cpu', threads: 1 });
    const plain = await session.run({ image: new Tensor('float32', image, [1, 3, height, width]) });
    const expected = plain.painting?.data;
    expect(painting).toHaveLength(image.length);
    expect(expected).toHaveLength(image.length);
    const away = painting.reduce(
      (most, value, index) => Math.max(most, Math.abs(value - Number(expected?.[index]))),
      0,
    );
    expect(away).toBeLessThan(1);
    await session.release();
  });

  it('is another one under another name', async () => {
    const image = noise(16, 16);
    const [one, two] = await Promise.all(
      ['one', 'two'].map((name) => networks.style(name).paint(image, 16, 16)),
    );
    expect(one).not.toEqual(two);
  });

  it('paints the same after it made room for others and came back', async () => {
    const image = noise(16, 20);
    const one = networks.style('one');
    const before = await one.paint(image, 16, 20);
    for (const name of ['two', 'three', 'two', 'three']) await networks.style(name).paint(image, 16, 20);
    expect(await one.paint(image, 16, 20)).toEqual(before);
  });

  it.each([
    ['by number', 1, 10_000],
    ['by size', 9, 300],
    ['by its own size', 9, 200],
  ])('finishes what it was asked for when it is pushed out %s, or the house closes', async (_, ...keep) => {
    await networks.close();
    networks = await serve(...keep);
    const image = noise(16, 16);
    const paintings = ['one', 'two', 'three', 'one'].map((name) => networks.style(name).paint(image, 16, 16));
    await networks.close();
    const [one, two, , again] = await Promise.all(paintings);
    expect(one).toEqual(again);
    expect(one).not.toEqual(two);
  });

  it('is refused at once where the catalogue does not list it', () => {
    expect(() => networks.style('four')).toThrow(expect.objectContaining({ code: 'style-unknown' }));
  });
});

describe('a network that fails', () => {
  it('names its file when that is damaged, though the catalogue lists it so', async () => {
    const file = join(folder, 'styles/four.onnx');
    const bytes = new Uint8Array(100).fill(7);
    await writeFile(file, bytes);
    await writeCatalogue(folder, { version: 1, networks: [entryOf('four', bytes)] });
    await networks.close();
    networks = await serve();
    await expect(networks.style('four').paint(noise(16, 16), 16, 16)).rejects.toMatchObject({
      code: 'network-damaged',
      report: true,
      userMessage: expect.stringContaining(file),
    });
  });

  it.each([
    ['no ONNX model', () => new Uint8Array(100).fill(7)],
    ['cut short', () => published(1).subarray(0, 2000)],
    ['without one of its weights', renamed],
    ['with a weight that is no number', withoutNumber],
  ])('is found by its file’s name before anybody asks for it: %s', async (_, make) => {
    const file = join(folder, 'styles/two.onnx');
    const bytes = make();
    await writeFile(file, bytes);
    const networks = [entryOf('one', published(1)), entryOf('two', bytes)];
    await writeCatalogue(folder, { version: 1, networks });
    await expect(checkNetworks(await loadCatalogue(folder))).rejects.toMatchObject({
      code: 'network-damaged',
      report: true,
      data: { file },
      userMessage: expect.stringContaining(file),
    });
  });

  it('is read again at the next painting', async () => {
    const file = join(folder, 'styles/one.onnx');
    const image = noise(16, 16);
    await rm(file);
    await expect(networks.style('one').paint(image, 16, 16)).rejects.toMatchObject({
      code: 'network-missing',
    });
    await writeFile(file, published(1));
    expect(await networks.style('one').paint(image, 16, 16)).toHaveLength(image.length);
  });

  it('says for which size, and still paints others', async () => {
    const one = networks.style('one');
    const [small, fine] = await Promise.allSettled([
      one.paint(noise(2, 2), 2, 2),
      one.paint(noise(16, 16), 16, 16),
    ]);
    expect(small).toMatchObject({
      status: 'rejected',
      reason: { code: 'network-failed', data: { network: 'one', width: 2, height: 2 } },
    });
    expect(fine.status).toBe('fulfilled');
  });
});
