import { imageDims, mapDim, staticDims, type Tensor } from '../graph.ts';
import { cropLike } from './image.ts';
import { transpose } from './shape.ts';

/*
 * Winograd's minimal filtering F(4×4, 3×3) (Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks",
 * section 4.3): 36 multiplications for 16 results, where the plain way takes 144.
 */

/** Transforms 6 inputs, 3 weights, and 6 products into 4 results. */
const INPUT = [
  [4, 0, -5, 0, 1, 0],
  [0, -4, -4, 1, 1, 0],
  [0, 4, -4, -1, 1, 0],
  [0, -2, -1, 2, 1, 0],
  [0, 2, -1, -2, 1, 0],
  [0, 4, 0, -5, 0, 1],
];
const WEIGHT = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
];
const OUTPUT = [
  [1, 1, 1, 1, 1, 0],
  [0, 1, -1, 2, -2, 0],
  [0, 1, 1, 4, 4, 0],
  [0, 1, -1, 8, -8, 1],
];

/** Side of a tile of results, and of the inputs that they depend on. */
const TILE = 4;
const SEEN = 6;

/**
 * A 3×3 convolution of one picture, by tiles of 4×4 results. Equal to `conv` within float32's rounding, some 1e-4 of the
 * largest value. Worth its transforms from some 64 channels. Without gradients: it is for serving.
 *
 * @param x [1, Ci, H + 2, W + 2], padded
 * @param like [1, any, H, W]: the sides of the result, as they are at run time
 * @param weight [Co, Ci, 3, 3], a constant
 * @returns [1, Co, H, W]
 */
export function winogradConv(x: Tensor, like: Tensor, weight: Tensor): Tensor {
  const { graph } = x;
  const { h, w } = imageDims(like);
  const [co = 0, ci = 0] = staticDims(weight);
  const tiles = (length: number): number => Math.ceil(length / TILE);
  const [high, wide] = [mapDim(h, tiles), mapDim(w, tiles)];

  // Channels as pictures of their own: the transform is the same for each. Zeros below and on the right fill the last tiles.
  const planes = graph.add('Reshape', [x, graph.int64s([ci, 1, 0, 0])], {
    dims: [ci, 1, ...x.dims.slice(2)],
  });
  const seen = graph.add('Conv', [planes, graph.constant(bothWays(INPUT), [SEEN ** 2, 1, SEEN, SEEN])], {
    dims: [ci, SEEN ** 2, high, wide],
    attributes: { kernel_shape: [SEEN, SEEN], strides: [TILE, TILE], pads: [0, 0, TILE - 1, TILE - 1] },
  });
  const places = graph.add('Reshape', [transpose(seen, [1, 0, 2, 3]), graph.int64s([SEEN ** 2, ci, -1])], {
    dims: [SEEN ** 2, ci, 'dynamic'],
  });
  const products = graph.add('MatMul', [graph.constant(kernels(weight), [SEEN ** 2, co, ci]), places], {
    dims: [SEEN ** 2, co, 'dynamic'],
  });
  const grid = graph.add('Shape', [seen], { dims: [2], type: 'int64', attributes: { start: 2, end: 4 } });
  const shape = graph.add('Concat', [graph.int64s([co, SEEN ** 2]), grid], {
    dims: [4],
    type: 'int64',
    attributes: { axis: 0 },
  });
  const back = graph.add('Reshape', [transpose(products, [1, 0, 2]), shape], {
    dims: [co, SEEN ** 2, high, wide],
  });
  const whole = (length: number): number => TILE * tiles(length);
  const made = graph.add(
    'ConvTranspose',
    [back, graph.constant(resultKernels(), [SEEN ** 2, 1, TILE, TILE])],
    {
      dims: [co, 1, mapDim(h, whole), mapDim(w, whole)],
      attributes: { kernel_shape: [TILE, TILE], strides: [TILE, TILE] },
    },
  );
  const joined = graph.add('Reshape', [made, graph.int64s([1, co, 0, 0])], {
    dims: [1, co, mapDim(h, whole), mapDim(w, whole)],
  });
  return cropLike(joined, like);
}

/** [rows², columns²]: a transform along both axes, of a matrix of [rows, columns]. */
function bothWays(matrix: readonly (readonly number[])[]): Float32Array {
  const values = matrix.flatMap((down) =>
    matrix.flatMap((right) => down.flatMap((one) => right.map((other) => one * other))),
  );
  return Float32Array.from(values);
}

/** [36, 16] of `ConvTranspose`: what each product adds to each result. */
function resultKernels(): Float32Array {
  const matrix = bothWays(OUTPUT);
  const result = new Float32Array(matrix.length);
  for (let product = 0; product < SEEN ** 2; product++) {
    for (let place = 0; place < TILE ** 2; place++)
      result[product * TILE ** 2 + place] = matrix[place * SEEN ** 2 + product] ?? 0;
  }
  return result;
}

/** [36, Co, Ci]: each kernel, transformed. */
function kernels(weight: Tensor): Float32Array {
  const { constant, name } = weight;
  if (!(constant instanceof Float32Array))
    throw new TypeError(`the values of ${name} must be part of the graph`);
  const [co = 0, ci = 0] = staticDims(weight);
  const transform = bothWays(WEIGHT);
  const pairs = co * ci;
  const result = new Float32Array(SEEN ** 2 * pairs);
  for (let pair = 0; pair < pairs; pair++) {
    for (let place = 0; place < SEEN ** 2; place++) {
      let sum = 0;
      for (let tap = 0; tap < 9; tap++)
        sum += (transform[place * 9 + tap] ?? 0) * (constant[pair * 9 + tap] ?? 0);
      result[place * pairs + pair] = sum;
    }
  }
  return result;
}
