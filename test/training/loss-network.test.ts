import { existsSync } from 'node:fs';
import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { loadLossNetwork } from '../../src/training/loss-network/load.ts';
import {
  brainHalves,
  bytesOf,
  halves,
  type Layer,
  npy,
  onnx,
  type Stored,
  safetensors,
  tinyVgg,
  torchvisionNames,
  writeNpyFolder,
} from './loss-network-files.ts';

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'impasto-loss-network-'));
  file = join(folder, 'network.bin');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const withPart = (name: string, part: Partial<Stored>): Buffer => {
  const tensors = torchvisionNames(tinyVgg(3));
  const whole = { type: 'F32', dims: [], body: new Uint8Array(0), ...tensors.get(name), ...part };
  return safetensors(tensors.set(name, whole));
};

function expected(layers: readonly Layer[]): unknown {
  return layers
    .slice(0, layers.findIndex(({ name }) => name === 'conv5_1') + 1)
    .map(({ name, dims, weight, bias }) => ({
      name,
      outChannels: dims[0],
      inChannels: dims[1],
      weight,
      bias,
    }));
}

describe.each([
  [3, 'vgg-16'],
  [4, 'vgg-19'],
] as const)('a VGG with %i convolutions in its third block', (third, name) => {
  const layers = tinyVgg(third);

  it('is the same network in every format, up to conv5_1', async () => {
    await writeNpyFolder(folder, layers);
    const loaded = await loadLossNetwork(folder);
    expect(loaded).toMatchObject({ name, preprocessing: 'caffe' });
    expect(loaded.layers).toEqual(expected(layers));
    for (const bytes of [
      onnx(layers),
      onnx(layers, { typed: true }),
      safetensors(torchvisionNames(layers)),
    ]) {
      await writeFile(file, bytes);
      expect(await loadLossNetwork(file)).toEqual({ ...loaded, preprocessing: 'torchvision' });
    }
  });

  it('may end at conv4_3, and not before', async () => {
    const last = layers.findIndex((layer) => layer.name === 'conv4_3') + 1;
    await writeFile(file, onnx(layers.slice(0, last)));
    expect((await loadLossNetwork(file)).layers.at(-1)?.name).toBe('conv4_3');
    await writeFile(file, onnx(layers.slice(0, last - 1)));
    await expect(loadLossNetwork(file)).rejects.toMatchObject({ code: 'loss-network-not-vgg' });
  });
});

describe('number types', () => {
  const layers = tinyVgg(4, 1);

  it('reads half precision from .npy', async () => {
    await writeNpyFolder(folder, layers);
    for (const { name, dims, weight } of layers) {
      await writeFile(join(folder, `${name}_weight.npy`), npy(dims, halves(weight), '<f2'));
    }
    expect((await loadLossNetwork(folder)).layers).toEqual(expected(layers));
  });

  it('reads every kind of half: normal, subnormal, zero, the largest', async () => {
    await writeNpyFolder(folder, layers);
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x83ff, 0x7bff, 0x8000, 0x3555, 0x0400, 0);
    const weight = Buffer.concat([new Uint8Array(bits.buffer), new Uint8Array(2 * 18)]);
    await writeFile(join(folder, 'conv1_1_weight.npy'), npy([1, 3, 3, 3], weight, '<f2'));
    const first = (await loadLossNetwork(folder)).layers[0]?.weight.subarray(0, 9) ?? [];
    const meant = [1, -2, 2 ** -24, -1023 * 2 ** -24, 65504, -0, 0.333251953125, 2 ** -14, 0];
    expect([...first]).toEqual(meant);
  });

  it.each([
    ['F16', halves],
    ['BF16', brainHalves],
  ] as const)('reads %s from safetensors', async (type, encode) => {
    const tensors = [...torchvisionNames(layers)].map(([name, { dims, body }]): [string, Stored] => {
      return [name, { type, dims, body: encode(new Float32Array(Uint8Array.from(body).buffer)) }];
    });
    await writeFile(file, safetensors(new Map(tensors)));
    expect((await loadLossNetwork(file)).layers).toEqual(expected(layers));
  });
});

describe('preprocessing', () => {
  it.each([
    ['pytorch', 'torchvision'],
    ['', 'torchvision'],
    ['onnx-caffe2', 'caffe'],
    ['keras2onnx', 'caffe'],
    ['tf2onnx', 'caffe'],
  ])('of an ONNX model by %s is %s', async (producer, preprocessing) => {
    await writeFile(file, onnx(tinyVgg(3, 1), { producer }));
    expect((await loadLossNetwork(file)).preprocessing).toBe(preprocessing);
  });

  it('is what the caller says where the caller says so', async () => {
    await writeFile(file, onnx(tinyVgg(3, 1)));
    expect((await loadLossNetwork(file, { preprocessing: 'caffe' })).preprocessing).toBe('caffe');
  });
});

it('passes over the layers that are not 3×3 convolutions, wherever their names sort', async () => {
  const layers = tinyVgg(3);
  const tensors = torchvisionNames(layers);
  for (const name of ['classifier.0', 'pre_logits.fc1']) {
    const dims = name === 'classifier.0' ? [4, 16] : [4, 16, 7, 7];
    tensors.set(`${name}.weight`, {
      type: 'F32',
      dims,
      body: new Uint8Array(4 * dims.reduce((a, b) => a * b)),
    });
    tensors.set(`${name}.bias`, { type: 'F32', dims: [4], body: new Uint8Array(16) });
  }
  await writeFile(file, safetensors(tensors));
  expect((await loadLossNetwork(file)).layers).toEqual(expected(layers));
});

describe('what cannot be used is refused by a sentence that names the file', () => {
  const vgg = tinyVgg(3);
  const notANumber = (): Layer[] =>
    tinyVgg(3).map((layer) =>
      layer.name === 'conv2_1' ? { ...layer, bias: layer.bias.fill(Number.NaN, 2) } : layer,
    );

  it.each<[string, string, () => Uint8Array]>([
    ['an empty file', 'loss-network-unsupported', () => new Uint8Array(0)],
    ['a picture', 'loss-network-unsupported', () => Buffer.from('\x89PNG\r\n\x1a\n, and so on', 'latin1')],
    ['an ONNX model cut off', 'loss-network-damaged', () => onnx(vgg).subarray(0, 4000)],
    [
      'an ONNX model that is quantised',
      'loss-network-unsupported',
      () => onnx(vgg, { nodes: ['DequantizeLinear'] }),
    ],
    [
      'an ONNX model with batch normalisation',
      'loss-network-unsupported',
      () => onnx(vgg, { nodes: ['BatchNormalization'] }),
    ],
    ['an ONNX model of another network', 'loss-network-not-vgg', () => onnx(vgg.slice(0, 3))],
    ['layers of the wrong size', 'loss-network-not-vgg', () => onnx(vgg.toSpliced(4, 1))],
    ['values that are not numbers', 'loss-network-damaged', () => onnx(notANumber())],
    ['safetensors cut off', 'loss-network-damaged', () => safetensors(torchvisionNames(vgg)).subarray(0, -1)],
    [
      'a safetensors header cut off',
      'loss-network-damaged',
      () => safetensors(torchvisionNames(vgg)).subarray(0, 99),
    ],
    [
      'safetensors of integers',
      'loss-network-unsupported',
      () => withPart('features.0.weight', { type: 'I8' }),
    ],
    ['safetensors short of bytes', 'loss-network-damaged', () => withPart('features.0.bias', { dims: [3] })],
    [
      'safetensors with batch normalisation',
      'loss-network-unsupported',
      () => withPart('features.1.running_mean', {}),
    ],
  ])('%s', async (_, code, bytes) => {
    await writeFile(file, bytes());
    const failure = await loadLossNetwork(file).then(undefined, (error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect(failure).toMatchObject({ code, userMessage: expect.stringContaining(file) });
  });

  const [first] = vgg;
  const body = bytesOf(first?.weight ?? new Float32Array(0));
  it.each<[string, string, Uint8Array | undefined]>([
    ['an array that is missing', 'loss-network-incomplete', undefined],
    ['an array in Fortran order', 'npy-unsupported', npy([2, 3, 3, 3], body, '<f4', 'True')],
    ['an array of big-endian numbers', 'npy-unsupported', npy([2, 3, 3, 3], body, '>f4')],
    ['an array of doubles', 'npy-unsupported', npy([1, 3, 3, 3], body, '<f8')],
    ['an array of another shape', 'loss-network-not-vgg', npy([3, 2, 3, 3], body)],
    ['an array cut off', 'npy-damaged', npy([2, 3, 3, 3], body.subarray(1))],
    ['an array whose header is cut off', 'npy-damaged', npy([2, 3, 3, 3], body).subarray(0, 40)],
    [
      'an array whose header is nonsense',
      'npy-damaged',
      Buffer.from(`\x93NUMPY\x01\x00\x05\x00{...}`, 'latin1'),
    ],
    ['an array that is something else', 'npy-damaged', Buffer.from('<html>not found</html>')],
  ])('%s in a folder', async (_, code, bytes) => {
    await writeNpyFolder(folder, vgg);
    const path = join(folder, 'conv1_1_weight.npy');
    await (bytes ? writeFile(path, bytes) : unlink(path));
    await expect(loadLossNetwork(folder)).rejects.toMatchObject({
      code,
      userMessage: expect.stringContaining(folder),
    });
  });

  it.each(['vgg16-397923af.pth', 'VGG_ILSVRC_16_layers.caffemodel'])(
    '%s, with what to take instead',
    async (name) => {
      const path = join(folder, name);
      await writeFile(path, 'PK');
      await expect(loadLossNetwork(path)).rejects.toMatchObject({
        code: 'loss-network-unsupported',
        userMessage: expect.stringContaining('.safetensors'),
      });
    },
  );

  it('a folder without a bias, or with nothing of the kind', async () => {
    await expect(loadLossNetwork(folder)).rejects.toMatchObject({ code: 'loss-network-unsupported' });
    await writeNpyFolder(folder, vgg);
    await unlink(join(folder, 'conv3_2_bias.npy'));
    await expect(loadLossNetwork(folder)).rejects.toMatchObject({
      code: 'loss-network-incomplete',
      userMessage: expect.stringContaining('conv3_2_bias.npy'),
    });
  });
});

it.each([undefined, '', '/no/such/network.onnx'])(
  'says where the published VGG-16 is to be had, given %s',
  async (path) => {
    const failure = expect(loadLossNetwork(path)).rejects;
    await failure.toMatchObject({
      code: 'loss-network-missing',
      userMessage: expect.stringMatching(/vgg16-12\.onnx.*timm\/vgg16/),
    });
  },
);

const published = join(process.env.IMPASTO_DATA ?? '../shared/data', 'loss-network');
if (!existsSync(published)) console.info(`skipped: the published loss network is not at ${published}`);

describe.runIf(existsSync(published))('the published weights', () => {
  it('are VGG-19 to conv5_1', async () => {
    const { name, layers } = await loadLossNetwork(published);
    expect(name).toBe('vgg-19');
    expect(layers.map((layer) => layer.outChannels)).toEqual([
      64, 64, 128, 128, 256, 256, 256, 256, 512, 512, 512, 512, 512,
    ]);
    const spread = layers.map(({ weight }) =>
      Math.sqrt(weight.reduce((sum, value) => sum + value * value, 0) / weight.length),
    );
    expect(Math.min(...spread)).toBeGreaterThan(0.005);
    expect(Math.max(...spread)).toBeLessThan(0.2);
  });
});
