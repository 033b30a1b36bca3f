import type { Dim, GradientRule, Tensor } from '../graph.ts';
import { reduceSum, reshape } from './shape.ts';

/** a + b, with NumPy's broadcasting. */
export function add(a: Tensor, b: Tensor): Tensor {
  return binary(
    'Add',
    a,
    b,
    (g) => g,
    (g) => g,
  );
}

/** a − b, with NumPy's broadcasting. */
export function sub(a: Tensor, b: Tensor): Tensor {
  return binary(
    'Sub',
    a,
    b,
    (g) => g,
    (g) => scale(g, -1),
  );
}

/** a · b by entries, with NumPy's broadcasting. */
export function mul(a: Tensor, b: Tensor): Tensor {
  return binary(
    'Mul',
    a,
    b,
    (g) => mul(g, b),
    (g) => mul(g, a),
  );
}

/** a / b by entries, with NumPy's broadcasting. */
export function div(a: Tensor, b: Tensor): Tensor {
  return binary(
    'Div',
    a,
    b,
    (g) => div(g, b),
    (g, y) => scale(div(mul(g, y), b), -1),
  );
}

/** x times a number. */
export function scale(x: Tensor, factor: number): Tensor {
  return factor === 1 ? x : mul(x, x.graph.scalar(factor));
}

/** x plus a number. */
export function shift(x: Tensor, amount: number): Tensor {
  return add(x, x.graph.scalar(amount));
}

/** √x; the gradient at 0 is infinite. */
export function sqrt(x: Tensor): Tensor {
  return unary('Sqrt', x, (g, y) => scale(div(g, y), 0.5));
}

/** tanh(x). */
export function tanh(x: Tensor): Tensor {
  return unary('Tanh', x, (g, y) => sub(g, mul(g, mul(y, y))));
}

/** max(x, 0); the gradient at 0 is 0. */
export function relu(x: Tensor): Tensor {
  return unary('Relu', x, (g, y) => where(greater(y, x.graph.scalar(0)), g, x.graph.scalar(0)));
}

/** A bool tensor: a > b by entries. No gradient. */
export function greater(a: Tensor, b: Tensor): Tensor {
  return a.graph.add('Greater', [a, b], { dims: broadcast(a.dims, b.dims), type: 'bool' });
}

/** A bool tensor: a = b by entries. No gradient. */
export function equal(a: Tensor, b: Tensor): Tensor {
  return a.graph.add('Equal', [a, b], { dims: broadcast(a.dims, b.dims), type: 'bool' });
}

/** a where `condition` holds, else b. */
export function where(condition: Tensor, a: Tensor, b: Tensor): Tensor {
  const dims = broadcast(condition.dims, broadcast(a.dims, b.dims));
  const zero = (): Tensor => a.graph.scalar(0);
  return a.graph.add('Where', [condition, a, b], {
    dims,
    gradients: [
      undefined,
      (g) => unbroadcast(where(condition, g, zero()), a.dims),
      (g) => unbroadcast(where(condition, zero(), g), b.dims),
    ],
  });
}

/** The common shape of two, by NumPy's rule. @throws RangeError where there is none. */
function broadcast(a: readonly Dim[], b: readonly Dim[]): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new RangeError(`[${a}] and [${b}] do not broadcast`);
  });
}

function unary(type: string, x: Tensor, gradient: GradientRule): Tensor {
  return x.graph.add(type, [x], { dims: x.dims, gradients: [gradient] });
}

function binary(type: string, a: Tensor, b: Tensor, toA: GradientRule, toB: GradientRule): Tensor {
  return a.graph.add(type, [a, b], {
    dims: broadcast(a.dims, b.dims),
    gradients: [(g, y) => unbroadcast(toA(g, y), a.dims), (g, y) => unbroadcast(toB(g, y), b.dims)],
  });
}

/** Sum a gradient over the axes along which its tensor was repeated. */
function unbroadcast(g: Tensor, dims: readonly Dim[]): Tensor {
  if (g.dims.length === dims.length && g.dims.every((dim, axis) => dim === dims[axis])) return g;
  const lead = g.dims.length - dims.length;
  const repeated = g.dims.flatMap((dim, axis) =>
    axis < lead || (dims[axis - lead] === 1 && dim !== 1) ? [axis] : [],
  );
  const summed = repeated.length === 0 ? g : reduceSum(g, repeated);
  return lead === 0 ? summed : reshape(summed, dims);
}
