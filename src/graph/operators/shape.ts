import { type Dim, mapDim, staticDims, type Tensor } from '../graph.ts';
import { entryCount } from '../values.ts';

/** The same entries in row-major order under other dims. @throws RangeError where the counts differ. */
export function reshape(x: Tensor, dims: readonly Dim[]): Tensor {
  const from = staticDims(x);
  const to = dims.map((dim) => (dim === 'dynamic' ? -1 : dim));
  if (entryCount(from) !== entryCount(to)) throw new RangeError(`[${from}] can't be reshaped to [${dims}]`);
  return x.graph.add('Reshape', [x, x.graph.int64s(to)], { dims: to, gradients: [(g) => reshape(g, from)] });
}

/** Axes in another order: output axis i is input axis `order[i]`. */
export function transpose(x: Tensor, order: readonly number[]): Tensor {
  const dims = order.map((axis) => x.dims[axis] ?? outside(axis, x));
  const back = order.map((_, axis) => order.indexOf(axis));
  return x.graph.add('Transpose', [x], {
    dims,
    attributes: { perm: order },
    gradients: [(g) => transpose(g, back)],
  });
}

/**
 * Entries `start`, `start + step`, … below `end` along one axis, `step` ≥ 1. (A negative step gives wrong
 * numbers on the WebGPU provider: take `gather`.)
 */
export function slice(x: Tensor, axis: number, start: number, end: number, step = 1): Tensor {
  const length = x.dims[axis] ?? outside(axis, x);
  if (length === 'dynamic') throw new RangeError(`can't slice ${x.name} along its dynamic axis ${axis}`);
  if (start < 0 || end > length || start >= end || step < 1) {
    throw new RangeError(`[${start}, ${end}) by ${step} is no slice of a length of ${length}`);
  }
  const { graph } = x;
  const count = Math.ceil((end - start) / step);
  const inputs = [x, graph.int64s([start]), graph.int64s([end]), graph.int64s([axis]), graph.int64s([step])];
  return graph.add('Slice', inputs, {
    dims: x.dims.with(axis, count),
    gradients: [
      (g) => {
        const spread = step === 1 ? g : slice(dilate(g, axis, step), axis, 0, (count - 1) * step + 1);
        const covered = start + (count - 1) * step + 1;
        return pad(spread, [{ axis, before: start, after: length - covered }]);
      },
    ],
  });
}

/** Tensors joined along one axis. */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts;
  if (!first) throw new RangeError('nothing to concatenate');
  const starts: number[] = [];
  let total = 0;
  for (const part of parts) {
    if (part.dims.some((dim, index) => index !== axis && dim !== first.dims[index])) {
      throw new RangeError(`[${part.dims}] does not join [${first.dims}] along axis ${axis}`);
    }
    starts.push(total);
    const length = part.dims[axis] ?? outside(axis, part);
    if (length === 'dynamic') throw new RangeError(`can't join ${part.name} along its dynamic axis ${axis}`);
    total += length;
  }
  return first.graph.add('Concat', parts, {
    dims: first.dims.with(axis, total),
    attributes: { axis },
    gradients: parts.map((_, index) => (g) => slice(g, axis, starts[index] ?? 0, starts[index + 1] ?? total)),
  });
}

/** Entries along one axis in the order of `indices`. No gradient: it rearranges gradients and weights. */
export function gather(x: Tensor, axis: number, indices: readonly number[]): Tensor {
  return x.graph.add('Gather', [x, x.graph.int64s(indices)], {
    dims: x.dims.with(axis, indices.length),
    attributes: { axis },
  });
}

/** How much is put before and after the entries of one axis. */
export interface AxisPads {
  readonly axis: number;
  readonly before: number;
  readonly after: number;
}

/** Zeros around. */
export function pad(x: Tensor, pads: readonly AxisPads[]): Tensor {
  const wanted = pads.filter(({ before, after }) => before > 0 || after > 0);
  if (wanted.length === 0) return x;
  const before = x.dims.map((_, axis) => wanted.find((p) => p.axis === axis)?.before ?? 0);
  const after = x.dims.map((_, axis) => wanted.find((p) => p.axis === axis)?.after ?? 0);
  const inputs = [x, x.graph.int64s([...before, ...after]), x.graph.scalar(0)];
  return x.graph.add('Pad', inputs, {
    dims: x.dims.map((dim, axis) =>
      mapDim(dim, (length) => length + (before[axis] ?? 0) + (after[axis] ?? 0)),
    ),
    attributes: { mode: 'constant' },
    gradients: [
      (g) =>
        wanted.reduce((inner, p) => {
          const length = staticDims(inner)[p.axis] ?? outside(p.axis, inner);
          return slice(inner, p.axis, p.before, length - p.after);
        }, g),
    ],
  });
}

/** `step` − 1 zeros after every entry along one axis: length L becomes L · step. */
export function dilate(x: Tensor, axis: number, step: number): Tensor {
  const dims = staticDims(x);
  const length = dims[axis] ?? outside(axis, x);
  const apart = reshape(x, dims.toSpliced(axis + 1, 0, 1));
  return reshape(
    pad(apart, [{ axis: axis + 1, before: 0, after: step - 1 }]),
    dims.with(axis, length * step),
  );
}

/** Sum over `axes`, which are kept with length 1. */
export function reduceSum(x: Tensor, axes: readonly number[]): Tensor {
  return x.graph.add('ReduceSum', [x, x.graph.int64s(axes)], {
    dims: x.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim)),
    attributes: { keepdims: 1 },
    gradients: [(g) => expand(g, staticDims(x))],
  });
}

/** Repeat along axes of length 1 until the shape is `dims`. */
export function expand(x: Tensor, dims: readonly number[]): Tensor {
  const repeated = dims.flatMap((dim, axis) => (x.dims[axis] === dim ? [] : [axis]));
  return x.graph.add('Expand', [x, x.graph.int64s(dims)], {
    dims,
    gradients: [(g) => reduceSum(g, repeated)],
  });
}

function outside(axis: number, x: Tensor): never {
  throw new RangeError(`${x.name} [${x.dims}] has no axis ${axis}`);
}
