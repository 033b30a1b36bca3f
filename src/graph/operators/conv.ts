import { imageDims, mapDim, staticDims, type Tensor } from '../graph.ts';
import { type Sides, weightGradient } from './conv-weight.ts';
import { gather, reduceSum, reshape, transpose } from './shape.ts';

/** How a convolution goes over its input, and what it adds. */
export interface ConvOptions {
  /** Step of the kernel along both axes; 1 unless told. */
  readonly stride?: number;
  /** Zeros on all four sides, or above, on the left, below and on the right; 0 unless told. */
  readonly padding?: number | Sides;
  /** [Co] */
  readonly bias?: Tensor;
  /** Kept in float32 where the graph is written in half precision. */
  readonly exact?: boolean;
}

/**
 * Two-dimensional convolution (cross-correlation, as everywhere in this field).
 *
 * @param x [N, Ci, H, W]
 * @param weight [Co, Ci, K, K]; a constant where it is frozen, which lets onnxruntime lay it out in blocks
 * @returns [N, Co, ⌊(H + padding above and below − K) / stride⌋ + 1, …]
 */
export function conv(x: Tensor, weight: Tensor, options: ConvOptions = {}): Tensor {
  const { stride = 1, bias, exact = false } = options;
  const padding = toSides(options.padding ?? 0);
  const [top, left, bottom, right] = padding;
  const { n, c, h, w } = imageDims(x);
  const [co, ci, k, kw] = staticDims(weight);
  if (co === undefined || k === undefined || ci !== c || k !== kw) {
    throw new RangeError(`a kernel [${weight.dims}] does not fit an input [${x.dims}]`);
  }
  const out =
    (around: number) =>
    (length: number): number => {
      const count = Math.floor((length + around - k) / stride) + 1;
      if (count < 1) throw new RangeError(`a kernel of ${k} does not fit a length of ${length}`);
      return count;
    };
  return x.graph.add('Conv', bias ? [x, weight, bias] : [x, weight], {
    dims: [n, co, mapDim(h, out(top + bottom)), mapDim(w, out(left + right))],
    attributes: {
      kernel_shape: [k, k],
      strides: [stride, stride],
      pads: padding,
    },
    exact,
    gradients: [
      (g) => inputGradient(g, x, weight, stride, padding),
      (g) => weightGradient(x, g, k, stride, padding),
      (g) => reshape(reduceSum(g, [0, 2, 3]), [co]),
    ],
  });
}

function toSides(padding: number | Sides): Sides {
  return typeof padding === 'number' ? [padding, padding, padding, padding] : padding;
}

/** The gradient with respect to a convolution's input. */
function inputGradient(g: Tensor, x: Tensor, weight: Tensor, stride: number, padding: Sides): Tensor {
  const [, , h = 0, w = 0] = staticDims(x);
  const [, , oh = 0, ow = 0] = staticDims(g);
  const [, , k = 0] = staticDims(weight);
  const [top, left, bottom, right] = padding;
  const rest = (side: number): number => k - 1 - side;
  if (stride === 1 && Math.max(...padding) < k)
    return conv(g, turned(weight), { padding: [rest(top), rest(left), rest(bottom), rest(right)] });
  const missing = (length: number, count: number, around: number): number =>
    length - ((count - 1) * stride + k - around);
  return g.graph.add('ConvTranspose', [g, weight], {
    dims: x.dims,
    attributes: {
      kernel_shape: [k, k],
      strides: [stride, stride],
      pads: padding,
      output_padding: [missing(h, oh, top + bottom), missing(w, ow, left + right)],
    },
  });
}

/** [Co, Ci, K, K] as [Ci, Co, K, K], each kernel turned by 180°; a constant stays one. */
function turned(weight: Tensor): Tensor {
  const [co = 0, ci = 0, k = 0] = staticDims(weight);
  const values = weight.constant;
  if (!(values instanceof Float32Array)) {
    const back = Array.from({ length: k }, (_, index) => k - 1 - index);
    return transpose(gather(gather(weight, 2, back), 3, back), [1, 0, 2, 3]);
  }
  const area = k * k;
  const result = new Float32Array(values.length);
  for (let o = 0; o < co; o++) {
    for (let i = 0; i < ci; i++) {
      for (let t = 0; t < area; t++) {
        result[(i * co + o) * area + area - 1 - t] = values[(o * ci + i) * area + t] ?? 0;
      }
    }
  }
  return weight.graph.constant(result, [ci, co, k, k]);
}
