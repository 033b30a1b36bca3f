import { fromBinary } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema, TensorProto_DataType } from 'onnx-buf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { inHalf, type Precision, toModelIn } from '../../src/graph/half.ts';
import { readNetwork } from '../../src/graph/network-file.ts';
import { heldGraph, servingGraph, statisticsGraph } from '../../src/graph/networks/serving.ts';
import { HALF_WIDTH } from '../../src/graph/networks/style.ts';
import { servingUpscaler } from '../../src/graph/networks/upscale.ts';
import { conv } from '../../src/graph/operators/conv.ts';
import { relu } from '../../src/graph/operators/elementwise.ts';
import { randomWeights, seeded } from '../inference/support.ts';
import { publishedTiny, TINY_UPSCALER } from '../inference/upscaler-support.ts';

const [WIDTH, HEIGHT] = [41, 30];
const weights = randomWeights(HALF_WIDTH, 5);
const upscaler = readNetwork(publishedTiny(3, { ...TINY_UPSCALER, channels: 16, residualBlocks: 4 }));

async function run(model: Uint8Array, feeds: Readonly<Record<string, Tensor>>): Promise<Tensor> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1 });
  try {
    const results = await session.run(feeds);
    const [result] = Object.values(results);
    if (!(result?.data instanceof Float32Array)) throw new Error('expected float32');
    return new Tensor('float32', Float32Array.from(result.data), result.dims);
  } finally {
    await session.release();
  }
}

function picture(): Tensor {
  const random = seeded(7);
  const data = Float32Array.from({ length: 3 * WIDTH * HEIGHT }, () => 255 * random());
  return new Tensor('float32', data, [1, 3, HEIGHT, WIDTH]);
}

function farthest(one: Tensor, other: Tensor): number {
  expect(other.dims).toEqual(one.dims);
  const got = Array.from(other.data, Number);
  return Array.from(one.data, Number).reduce((most, value, at) => {
    const away = Math.abs(value - (got[at] ?? Number.NaN));
    return away <= most ? most : Number.isNaN(away) ? Number.POSITIVE_INFINITY : away;
  }, 0);
}

function numbers({ graph }: ModelProto, type: TensorProto_DataType): number {
  const of = graph?.initializer.filter(({ dataType }) => dataType === type) ?? [];
  return of.reduce((sum, { dims }) => sum + dims.reduce((product, dim) => product * Number(dim), 1), 0);
}

describe('in half precision', () => {
  it('a style paints as in float32 within 2 levels of 255, and by the same statistics within 1 %', async () => {
    const feeds = { image: picture() };
    const whole = (precision: Precision): Promise<Tensor> => run(servingGraph(weights, precision), feeds);
    expect(farthest(await whole('float32'), await whole('float16'))).toBeLessThan(2);

    const told = (precision: Precision): Promise<Tensor> => run(statisticsGraph(weights, precision), feeds);
    const [statistics, halved] = [await told('float32'), await told('float16')];
    const largest = Math.max(...Array.from(statistics.data, Number));
    expect(farthest(statistics, halved)).toBeLessThan(largest / 100);

    const held = (precision: Precision): Promise<Tensor> =>
      run(heldGraph(weights, precision), { ...feeds, statistics });
    expect(farthest(await held('float32'), await held('float16'))).toBeLessThan(2);
  });

  it('an upscaler enlarges as in float32 within 1 level of 255', async () => {
    const enlarged = (precision: Precision): Promise<Tensor> =>
      run(servingUpscaler(upscaler, precision).model, { image: picture() });
    const [one, other] = [await enlarged('float32'), await enlarged('float16')];
    expect(farthest(one, other)).toBeLessThan(1);
    expect(farthest(one, other), 'other numbers are used').toBeGreaterThan(0);
  });

  it('the weights of convolutions take half the bytes, and what comes in and goes out stays as it was', () => {
    const written = fromBinary(ModelProtoSchema, servingGraph(weights, 'float16'));
    const { FLOAT, FLOAT16 } = TensorProto_DataType;
    expect(numbers(written, FLOAT16)).toBeGreaterThan(100 * numbers(written, FLOAT));
    const ends = [...(written.graph?.input ?? []), ...(written.graph?.output ?? [])];
    const types = ends.map(({ type }) =>
      type?.value.case === 'tensorType' ? type.value.value.elemType : undefined,
    );
    expect(types).toEqual([FLOAT, FLOAT]);
  });

  it('normalisations, and what is marked as exact, stay in float32', () => {
    const graph = new Graph();
    const x = graph.input('x', [1, 1, 5, 5]);
    const weight = graph.constant(new Float32Array(9).fill(0.1), [1, 1, 3, 3]);
    const one = graph.constant(Float32Array.of(1), [1]);
    const halved = conv(x, weight);
    const exact = conv(x, weight, { exact: true });
    const normal = graph.add('InstanceNormalization', [halved, one, one], { dims: halved.dims });
    const { graph: half } = inHalf({ graph, outputs: { halved, exact, normal } });
    const kinds = half.operations.map(({ type, output }) => `${type} ${output.type}`);
    expect(kinds).toEqual([
      'Cast float16',
      'Conv float16',
      'Conv float32',
      'Cast float32',
      'InstanceNormalization float32',
    ]);
  });

  it('what has weights that are too large for it stays in float32', async () => {
    const graph = new Graph();
    const y = relu(conv(graph.input('x', [1, 1, 1, 1]), graph.constant(Float32Array.of(1e5), [1, 1, 1, 1])));
    const x = new Tensor('float32', Float32Array.of(1e-3), [1, 1, 1, 1]);
    const { data } = await run(toModelIn('float16', { graph, outputs: { y } }), { x });
    expect(Number(data[0])).toBeCloseTo(100, 0);
  });
});
