import { type Dim, Graph, imageDims, mapDim, staticDims, type Tensor } from '../graph.ts';
import { type Precision, toModelIn } from '../half.ts';
import { conv } from '../operators/conv.ts';
import { add } from '../operators/elementwise.ts';
import { reflectPad } from '../operators/image.ts';
import { heldNorm, instanceNorm, instanceStatistics } from '../operators/instance-norm.ts';
import { concat, reshape, slice } from '../operators/shape.ts';
import { winogradConv } from '../operators/winograd.ts';
import { normalisedChannels, type StyleForms, styleNetwork, styleShape } from './style.ts';
import { constants, type WeightValues } from './weights.ts';

/**
 * The form that is served, emitted from the published form's weights: the same input, output and function, within
 * the precision's rounding.
 * @throws RangeError where weights are missing or of the wrong dims
 */
export function servingGraph(
  weights: ReadonlyMap<string, WeightValues>,
  precision: Precision = 'float32',
): Uint8Array {
  const graph = new Graph();
  const painting = served(graph, weights, formsIn(precision));
  return toModelIn(precision, { graph, outputs: { painting } });
}

/**
 * The form that tells what its normalisations take out of a picture: input `image` as above, output `statistics` [2, C],
 * means and variances of every normalised channel, in the order of `normalisedChannels`.
 * @throws RangeError where weights are missing or of the wrong dims
 */
export function statisticsGraph(
  weights: ReadonlyMap<string, WeightValues>,
  precision: Precision = 'float32',
): Uint8Array {
  const graph = new Graph();
  const means: Tensor[] = [];
  const variances: Tensor[] = [];
  served(graph, weights, {
    ...formsIn(precision),
    normalised: (x, gain, offset) => {
      const { mean, variance } = instanceStatistics(x);
      means.push(mean);
      variances.push(variance);
      return heldNorm(x, gain, offset, { mean, variance });
    },
  });
  const channels = means.reduce((sum, mean) => sum + imageDims(mean).c, 0);
  const statistics = reshape(concat([...means, ...variances], 1), [2, channels]);
  return toModelIn(precision, { graph, outputs: { statistics } });
}

/**
 * The form that is served for parts of a whole, tiles or frames: inputs `image` and `statistics` [2, C], those of the
 * whole. A painted pixel depends on the pixels within `reachOf` around it alone.
 * @throws RangeError where weights are missing or of the wrong dims
 */
export function heldGraph(
  weights: ReadonlyMap<string, WeightValues>,
  precision: Precision = 'float32',
): Uint8Array {
  const graph = new Graph();
  const channels = normalisedChannels(styleShape(weights)).reduce((sum, each) => sum + each, 0);
  const statistics = graph.input('statistics', [2, channels]);
  let from = 0;
  const painting = served(graph, weights, {
    ...formsIn(precision),
    // By tiles of its own, rounding would reach farther than the network does.
    residual: plainly,
    normalised: (x, gain, offset) => {
      const { c } = imageDims(x);
      const own = slice(statistics, 1, from, from + c);
      from += c;
      const row = (index: number): Tensor => reshape(slice(own, 0, index, index + 1), [1, c, 1, 1]);
      return heldNorm(x, gain, offset, { mean: row(0), variance: row(1) });
    },
  });
  return toModelIn(precision, { graph, outputs: { painting } });
}

const AS_SERVED: StyleForms = {
  enlarged: byPhases,
  residual: byWinograd,
  output: byRows,
  normalised: instanceNorm,
};

/** Winograd's transforms need more digits than half precision has. */
function formsIn(precision: Precision): StyleForms {
  return precision === 'float16' ? { ...AS_SERVED, residual: plainly } : AS_SERVED;
}

/** Below so many channels, Winograd's transforms take as long as they save. */
const WINOGRAD_CHANNELS = 64;

function byWinograd(x: Tensor, weight: Tensor): Tensor {
  return imageDims(x).c < WINOGRAD_CHANNELS ? plainly(x, weight) : winogradConv(reflectPad(x, 1), x, weight);
}

function plainly(x: Tensor, weight: Tensor): Tensor {
  return conv(reflectPad(x, 1), weight);
}

function served(graph: Graph, weights: ReadonlyMap<string, WeightValues>, forms: StyleForms): Tensor {
  const image = graph.input('image', [1, 3, 'dynamic', 'dynamic']);
  return styleNetwork(image, constants(graph, weights), styleShape(weights), forms);
}

/** Beyond every length: a slice to the end. */
const END = 2 ** 31 - 1;

/**
 * Nearest ×2, one pixel of reflection and a 3×3 convolution, as one 2×2 convolution of the small picture for each of
 * the four phases of the large one: 4/9 of the operations. Two neighbours of a large pixel are one small pixel, so
 * their taps add up; and reflection of the large picture is repetition of the small one's edge.
 */
function byPhases(x: Tensor, weight: Tensor): Tensor {
  const { n, h, w } = imageDims(x);
  const [co = 0, ci = 0] = staticDims(weight);
  const kernels = x.graph.constant(phaseKernels(valuesOf(weight), co, ci), [4 * co, ci, 2, 2]);
  const edged = x.graph.add('Pad', [x, x.graph.int64s([0, 0, 1, 1, 0, 0, 1, 1])], {
    dims: x.dims.map((dim, axis) => (axis < 2 ? dim : mapDim(dim, (length) => length + 2))),
    attributes: { mode: 'edge' },
  });
  const all = plainConv(edged, kernels);
  const twice = (length: Dim): Dim => mapDim(length, (known) => 2 * known + 2);
  // Each phase of the small pixel before is followed by those of the next, so the picture begins one pixel later.
  const whole = x.graph.add('DepthToSpace', [all], {
    dims: [n, co, twice(h), twice(w)],
    attributes: { blocksize: 2, mode: 'CRD' },
  });
  return inner(whole);
}

/** Without the outermost pixels. */
function inner(x: Tensor): Tensor {
  const { graph } = x;
  const ends = [graph.int64s([1, 1]), graph.int64s([-1, -1]), graph.int64s([2, 3])];
  return graph.add('Slice', [x, ...ends], {
    dims: x.dims.map((dim, axis) => (axis < 2 ? dim : mapDim(dim, (length) => length - 2))),
  });
}

/** [Co, 4 phases, Ci, 2, 2], the last phase first: of each 3×3 kernel, the taps that meet in one small pixel added up. */
function phaseKernels(kernel: Float32Array, co: number, ci: number): Float32Array {
  const pairs = co * ci;
  const result = new Float32Array(4 * pairs * 4);
  for (let phase = 0; phase < 4; phase++) {
    const [down, right] = [phase >> 1, phase & 1];
    for (let pair = 0; pair < pairs; pair++) {
      for (let tap = 0; tap < 9; tap++) {
        const row = (Math.floor(tap / 3) + down + 1) >> 1;
        const column = ((tap % 3) + right + 1) >> 1;
        // Phase 0 sees its own pixel and the one before, phase 1 its own and the one after.
        const [o, i] = [Math.floor(pair / ci), pair % ci];
        const at = ((o * 4 + 3 - phase) * ci + i) * 4 + 2 * (row - down) + (column - right);
        result[at] = (result[at] ?? 0) + (kernel[9 * pair + tap] ?? 0);
      }
    }
  }
  return result;
}

/**
 * Reflection and the last 9×9 convolution: its 3 channels would waste 13 of the 16 that are computed at once. So each
 * row of the kernel makes three channels of its own (1×9, 27 in all), and the rows' channels are added up, shifted.
 */
function byRows(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const { graph } = x;
  const [co = 0, ci = 0, k = 0] = staticDims(weight);
  const values = valuesOf(weight);
  const rows = new Float32Array(values.length);
  for (let row = 0; row < k; row++) {
    for (let o = 0; o < co; o++) {
      for (let i = 0; i < ci; i++) {
        const from = ((o * ci + i) * k + row) * k;
        rows.set(values.subarray(from, from + k), ((row * co + o) * ci + i) * k);
      }
    }
  }
  const all = plainConv(reflectPad(x, (k - 1) / 2), graph.constant(rows, [k * co, ci, 1, k]));
  const parts = Array.from({ length: k }, (_, row) =>
    cut(cut(all, 1, row * co, (k - 1 - row) * co), 2, row, k - 1 - row),
  );
  const sum = graph.add('Sum', parts, { dims: parts[0]?.dims ?? [] });
  return add(sum, graph.constant(valuesOf(bias), [1, co, 1, 1]));
}

/** A convolution without padding whose kernel need not be square. */
function plainConv(x: Tensor, weight: Tensor): Tensor {
  const { n, h, w } = imageDims(x);
  const [co = 0, , kh = 0, kw = 0] = staticDims(weight);
  return x.graph.add('Conv', [x, weight], {
    dims: [n, co, mapDim(h, (length) => length - kh + 1), mapDim(w, (length) => length - kw + 1)],
    attributes: { kernel_shape: [kh, kw] },
  });
}

/** Without the first `before` and the last `after` entries of an axis, however long it is when the graph runs. */
function cut(x: Tensor, axis: number, before: number, after: number): Tensor {
  if (before === 0 && after === 0) return x;
  const { graph } = x;
  const end = after === 0 ? END : -after;
  return graph.add('Slice', [x, graph.int64s([before]), graph.int64s([end]), graph.int64s([axis])], {
    dims: x.dims.map((dim, index) =>
      index === axis ? mapDim(dim, (length) => length - before - after) : dim,
    ),
  });
}

function valuesOf({ name, constant }: Tensor): Float32Array {
  if (constant instanceof Float32Array) return constant;
  throw new TypeError(`${name} is served as it is, so its values must be part of the graph`);
}
