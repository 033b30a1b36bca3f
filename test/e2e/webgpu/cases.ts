import { Tensor as Fed } from 'onnxruntime-node';
import { Graph, type Tensor } from '../../../src/graph/graph.ts';
import { PRECISIONS, type Precision } from '../../../src/graph/half.ts';
import { toModel } from '../../../src/graph/model.ts';
import { readNetwork } from '../../../src/graph/network-file.ts';
import { heldGraph, servingGraph, statisticsGraph } from '../../../src/graph/networks/serving.ts';
import {
  FULL_WIDTH,
  HALF_WIDTH,
  normalisedChannels,
  type StyleShape,
} from '../../../src/graph/networks/style.ts';
import {
  publishedUpscaler,
  servingUpscaler,
  type UpscaleShape,
} from '../../../src/graph/networks/upscale.ts';
import { batchNorm } from '../../../src/graph/operators/batch-norm.ts';
import { bicubic } from '../../../src/graph/operators/bicubic.ts';
import { conv } from '../../../src/graph/operators/conv.ts';
import * as elementwise from '../../../src/graph/operators/elementwise.ts';
import * as image from '../../../src/graph/operators/image.ts';
import { heldNorm, instanceNorm, instanceStatistics } from '../../../src/graph/operators/instance-norm.ts';
import { matmul } from '../../../src/graph/operators/matmul.ts';
import { convOfPhases, enlargedPhases } from '../../../src/graph/operators/phases.ts';
import { reduceMean } from '../../../src/graph/operators/reduce.ts';
import * as shape from '../../../src/graph/operators/shape.ts';
import { winogradConv } from '../../../src/graph/operators/winograd.ts';
import { randomWeights, seeded } from '../../inference/support.ts';
import { TINY_UPSCALER, upscalerWeights } from '../../inference/upscaler-support.ts';

/** A graph, and what it is fed. */
export interface Case {
  readonly name: string;
  readonly precision: Precision;
  /** In that precision; the cpu's answer is always that of float32. */
  model(precision: Precision): Uint8Array;
  readonly feeds: Readonly<Record<string, Fed>>;
}

function fed(dims: readonly number[], scale = 1): Fed {
  const random = seeded(dims.length);
  const count = dims.reduce((product, dim) => product * dim, 1);
  return new Fed(
    'float32',
    Float32Array.from({ length: count }, () => scale * (random() - 0.5)),
    dims,
  );
}

function constant({ graph }: Tensor, dims: readonly number[]): Tensor {
  return graph.constant(Float32Array.from(fed(dims).data, Number), dims);
}

/** One operator on [1, 8, 13, 10], its sides known only when it runs. */
function operator(name: string, apply: (x: Tensor) => Tensor): Case {
  const graph = new Graph();
  const x = graph.input('x', [1, 8, 'dynamic', 'dynamic']);
  const bytes = toModel(graph, { y: apply(x) });
  return { name, precision: 'float32', model: () => bytes, feeds: { x: fed([1, 8, 13, 10], 4) } };
}

function raw(x: Tensor, type: string, inputs: readonly Tensor[], attributes = {}): Tensor {
  return x.graph.add(type, [x, ...inputs], { dims: x.dims, attributes });
}

const perChannel = (x: Tensor): [Tensor, Tensor] => [constant(x, [8]), constant(x, [8])];

/** Every operator of the forms that are served, as they use it. */
export function operatorCases(): Case[] {
  const statistics = (x: Tensor): { mean: Tensor; variance: Tensor } => ({
    mean: constant(x, [1, 8, 1, 1]),
    variance: elementwise.shift(constant(x, [1, 8, 1, 1]), 1),
  });
  return [
    operator('Conv', (x) => conv(x, constant(x, [4, 8, 3, 3]), { padding: 1, bias: constant(x, [4]) })),
    operator('Conv, every second pixel', (x) => conv(x, constant(x, [4, 8, 3, 3]), { stride: 2 })),
    operator('Conv, zeros on two sides', (x) =>
      conv(x, constant(x, [4, 8, 2, 2]), { padding: [1, 0, 0, 1] }),
    ),
    operator('Conv, a kernel of one row', (x) =>
      raw(x, 'Conv', [constant(x, [6, 8, 1, 9])], { kernel_shape: [1, 9] }),
    ),
    operator('Conv, a 9×9 kernel', (x) => conv(image.reflectPad(x, 4), constant(x, [3, 8, 9, 9]))),
    operator('Winograd: ConvTranspose, MatMul, Reshape, Shape', (x) =>
      winogradConv(image.reflectPad(x, 1), x, constant(x, [8, 8, 3, 3])),
    ),
    operator('Pad by reflection', (x) => image.reflectPad(x, 4)),
    operator('Pad by the edge', (x) =>
      raw(x, 'Pad', [x.graph.int64s([0, 0, 1, 1, 0, 0, 1, 1])], { mode: 'edge' }),
    ),
    operator('InstanceNormalization', (x) => instanceNorm(x, ...perChannel(x))),
    operator('held normalisation: Div, Mul, Sqrt, Sub', (x) => heldNorm(x, ...perChannel(x), statistics(x))),
    operator('batch normalisation', (x) =>
      batchNorm(x, ...perChannel(x), {
        mean: constant(x, [8]),
        variance: elementwise.shift(constant(x, [8]), 1),
      }),
    ),
    operator('the mean of each channel', (x) => instanceStatistics(x).mean),
    operator('the variance of each channel', (x) => instanceStatistics(x).variance),
    operator('ReduceMean', (x) => reduceMean(x, [3])),
    operator('Relu', elementwise.relu),
    operator('Tanh', elementwise.tanh),
    operator('Add, Mul with a number', (x) => elementwise.shift(elementwise.scale(x, 3), -2)),
    operator('Add', (x) => elementwise.add(x, elementwise.relu(x))),
    operator('Sum', (x) => raw(x, 'Sum', [elementwise.relu(x), elementwise.tanh(x)])),
    operator('Concat of channels', (x) => shape.concat([x, elementwise.relu(x)], 1)),
    operator('Slice of channels', (x) => shape.slice(x, 1, 2, 5)),
    operator('Slice to before the end', (x) =>
      raw(
        x,
        'Slice',
        [
          [1, 2],
          [-1, -3],
          [2, 3],
        ].map((values) => x.graph.int64s(values)),
      ),
    ),
    operator('Slice to another’s size', (x) => image.cropLike(image.reflectPad(x, 2), x)),
    operator('DepthToSpace, phases first', (x) => image.depthToSpace(x)),
    operator('DepthToSpace, channels first', (x) =>
      raw(x, 'DepthToSpace', [], { blocksize: 2, mode: 'CRD' }),
    ),
    operator('Transpose', (x) => shape.transpose(x, [1, 0, 2, 3])),
    operator('MatMul of constants', (x) => {
      const weight = shape.reshape(matmul(constant(x, [4, 6]), constant(x, [6, 72])), [4, 8, 3, 3]);
      return conv(x, weight);
    }),
    operator('Cast there and back', (x) => {
      const half = x.graph.add('Cast', [x], { dims: x.dims, type: 'float16', attributes: { to: 10 } });
      return x.graph.add('Cast', [half], { dims: x.dims, attributes: { to: 1 } });
    }),
    operator('enlargement by phases', (x) =>
      image.depthToSpace(enlargedPhases(x, constant(x, [4, 8, 3, 3]), constant(x, [4]), elementwise.relu)),
    ),
    operator('a convolution of phases', (x) => convOfPhases(x, constant(x, [3, 2, 9, 9]), constant(x, [3]))),
    operator('cubic enlargement by 4', (x) => bicubic(x, 4)),
  ];
}

/** Fit for its statistics to be taken, and no multiple of four. */
const [WIDTH, HEIGHT] = [26, 19];

function picture(): Fed {
  const random = seeded(4);
  const data = Float32Array.from({ length: 3 * WIDTH * HEIGHT }, () => 255 * random());
  return new Fed('float32', data, [1, 3, HEIGHT, WIDTH]);
}

function styleCases(width: string, style: StyleShape, precision: Precision): Case[] {
  const weights = randomWeights(style, 5);
  const channels = normalisedChannels(style).reduce((sum, each) => sum + each, 0);
  const statistics = new Fed('float32', new Float32Array(2 * channels).fill(1), [2, channels]);
  const feeds = { image: picture() };
  const of = (form: string): string => `a style of ${width} width, ${form}, in ${precision}`;
  return [
    { name: of('whole'), precision, model: (numbers) => servingGraph(weights, numbers), feeds },
    { name: of('statistics'), precision, model: (numbers) => statisticsGraph(weights, numbers), feeds },
    {
      name: of('held'),
      precision,
      model: (numbers) => heldGraph(weights, numbers),
      feeds: { ...feeds, statistics },
    },
  ];
}

function upscalerCase(name: string, changes: Partial<UpscaleShape>, precision: Precision): Case {
  const shape: UpscaleShape = { ...TINY_UPSCALER, channels: 16, ...changes };
  const file = readNetwork(publishedUpscaler(upscalerWeights(shape, 3), shape.skip));
  return {
    name: `an upscaler, ${name}, in ${precision}`,
    precision,
    model: (numbers) => servingUpscaler(file, numbers).model,
    feeds: { image: picture() },
  };
}

/** Every form in which networks are served, with random weights. */
export function networkCases(): Case[] {
  return PRECISIONS.flatMap((precision) => [
    ...styleCases('half', HALF_WIDTH, precision),
    ...styleCases('full', FULL_WIDTH, precision),
    upscalerCase('twice', { factor: 2 }, precision),
    upscalerCase('four times', { factor: 4 }, precision),
    upscalerCase(
      'eight times, as in the paper',
      { factor: 8, skip: 'none', normalisation: 'batch' },
      precision,
    ),
  ]);
}
