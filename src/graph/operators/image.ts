import { imageDims, mapDim, staticDims, type Tensor } from '../graph.ts';
import { add, equal, scale, where } from './elementwise.ts';
import { concat, gather, pad, slice } from './shape.ts';

/** Nearest-neighbour enlargement by 2: [N, C, H, W] to [N, C, 2H, 2W]. */
export function upsample(x: Tensor): Tensor {
  const { n, c, h, w } = imageDims(x);
  const { graph } = x;
  const scales = graph.constant(Float32Array.of(1, 1, 2, 2), [4]);
  const roi = graph.constant(new Float32Array(0), [0]);
  const twice = (length: number): number => 2 * length;
  return graph.add('Resize', [x, roi, scales], {
    dims: [n, c, mapDim(h, twice), mapDim(w, twice)],
    attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
    gradients: [(g) => scale(averagePool(g), 4)],
  });
}

/**
 * Channels to pixels, [N, B²·C, H, W] to [N, C, B·H, B·W]: the first C channels are the pixels above left of each block of
 * B × B, then come those on their right, row by row.
 */
export function depthToSpace(x: Tensor, block = 2): Tensor {
  const { n, c, h, w } = imageDims(x);
  const larger = (length: number): number => block * length;
  return x.graph.add('DepthToSpace', [x], {
    dims: [n, c / block ** 2, mapDim(h, larger), mapDim(w, larger)],
    attributes: { blocksize: block, mode: 'DCR' },
    gradients: [(g) => spaceToDepth(g, block)],
  });
}

/** Pixels to channels, the inverse of `depthToSpace`; sides must be multiples of `block`. */
export function spaceToDepth(x: Tensor, block = 2): Tensor {
  const { n, c, h, w } = imageDims(x);
  const smaller = (length: number): number => length / block;
  return x.graph.add('SpaceToDepth', [x], {
    dims: [n, block ** 2 * c, mapDim(h, smaller), mapDim(w, smaller)],
    attributes: { blocksize: block },
    gradients: [(g) => depthToSpace(g, block)],
  });
}

/** Mean of 2×2 blocks; an odd last row or column is dropped. */
export function averagePool(x: Tensor): Tensor {
  return pool('AveragePool', x, (g) => uneven(scale(upsample(g), 1 / 4), x));
}

/**
 * Maximum of 2×2 blocks; an odd last row or column is dropped. The gradient goes to every entry that equals
 * its block's maximum: where a ReLU came before, ties are zeros, and it stops there anyway.
 */
export function maxPool(x: Tensor): Tensor {
  return pool('MaxPool', x, (g, y) => {
    const mask = equal(even(x), upsample(y));
    return uneven(where(mask, upsample(g), x.graph.scalar(0)), x);
  });
}

/**
 * Reflection without repeating the edge, `amount` on all four sides.
 * @throws RangeError (when its gradient is taken) where a side is shorter than 2 · amount + 3
 */
export function reflectPad(x: Tensor, amount: number): Tensor {
  const { n, c, h, w } = imageDims(x);
  const wider = (length: number): number => length + 2 * amount;
  const pads = [0, 0, amount, amount, 0, 0, amount, amount];
  return x.graph.add('Pad', [x, x.graph.int64s(pads)], {
    dims: [n, c, mapDim(h, wider), mapDim(w, wider)],
    attributes: { mode: 'reflect' },
    gradients: [(g) => fold(fold(g, 2, amount), 3, amount)],
  });
}

/** The top left part of [N, C, H, W] that has the height and width of `like`, whatever they are at run time. */
export function cropLike(x: Tensor, like: Tensor): Tensor {
  const { n, c } = imageDims(x);
  const { h, w } = imageDims(like);
  const { graph } = x;
  const shape = graph.add('Shape', [like], { dims: [2], type: 'int64', attributes: { start: 2, end: 4 } });
  const inputs = [x, graph.int64s([0, 0]), shape, graph.int64s([2, 3])];
  return graph.add('Slice', inputs, { dims: [n, c, h, w] });
}

/** The backward pass of reflection along one axis: what was reflected is added where it came from. */
function fold(g: Tensor, axis: number, amount: number): Tensor {
  const padded = staticDims(g)[axis] ?? 0;
  const last = padded - amount;
  if (last - amount < 2 * amount + 3)
    throw new RangeError(`a length of ${last - amount} is too short to fold ${amount}`);
  const mirrored = (start: number): Tensor =>
    gather(
      g,
      axis,
      Array.from({ length: amount }, (_, index) => start + amount - 1 - index),
    );
  return concat(
    [
      slice(g, axis, amount, amount + 1),
      add(slice(g, axis, amount + 1, 2 * amount + 1), mirrored(0)),
      slice(g, axis, 2 * amount + 1, last - amount - 1),
      add(slice(g, axis, last - amount - 1, last - 1), mirrored(last)),
      slice(g, axis, last - 1, last),
    ],
    axis,
  );
}

function pool(type: string, x: Tensor, gradient: (g: Tensor, y: Tensor) => Tensor): Tensor {
  const { n, c, h, w } = imageDims(x);
  const half = (length: number): number => Math.floor(length / 2);
  return x.graph.add(type, [x], {
    dims: [n, c, mapDim(h, half), mapDim(w, half)],
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
    gradients: [gradient],
  });
}

/** Without an odd last row or column. */
function even(x: Tensor): Tensor {
  const dims = staticDims(x);
  return [2, 3].reduce((part, axis) => {
    const length = dims[axis] ?? 0;
    return length % 2 === 0 ? part : slice(part, axis, 0, length - 1);
  }, x);
}

/** Zeros put back for an odd last row or column of `like`. */
function uneven(x: Tensor, like: Tensor): Tensor {
  const dims = staticDims(like);
  return pad(
    x,
    [2, 3].map((axis) => ({ axis, before: 0, after: (dims[axis] ?? 0) % 2 })),
  );
}
