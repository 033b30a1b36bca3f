import { imageDims, mapDim, type Tensor } from '../graph.ts';
import { conv } from './conv.ts';
import { depthToSpace } from './image.ts';

/**
 * Enlargement by a whole factor with the cubic kernel of a = −0.5 (Keys 1981), the edge repeated: what Matlab's `imresize`
 * does, but for rounding. Each phase of the result is a 5×5 convolution, which is far cheaper than the cubic Resize of
 * onnxruntime. No gradient: it is applied to what is given, not to what is learnt.
 *
 * @param x [N, C, H, W]
 */
export function bicubic(x: Tensor, factor: number): Tensor {
  const { c, h, w } = imageDims(x);
  const { graph } = x;
  const wider = (length: number): number => length + 4;
  const edged = graph.add('Pad', [x, graph.int64s([0, 0, 2, 2, 0, 0, 2, 2])], {
    dims: [x.dims[0] ?? 1, c, mapDim(h, wider), mapDim(w, wider)],
    attributes: { mode: 'edge' },
    exact: true,
  });
  const weight = graph.constant(kernels(c, factor), [factor ** 2 * c, c, 5, 5]);
  // Pixels themselves, unlike what a network adds to them, show the rounding of half precision.
  return depthToSpace(conv(edged, weight, { exact: true }), factor);
}

/** [factor² phases · channels, channels, 5, 5]: each channel is enlarged by itself. */
function kernels(channels: number, factor: number): Float32Array {
  const taps = Array.from({ length: factor }, (_, phase) => tapsOf(phase, factor));
  const result = new Float32Array(factor ** 2 * channels ** 2 * 25);
  for (const [phase, [down, across]] of pairs(taps).entries()) {
    for (let channel = 0; channel < channels; channel++) {
      const at = ((phase * channels + channel) * channels + channel) * 25;
      down.forEach((row, y) => {
        across.forEach((column, x) => {
          result[at + 5 * y + x] = row * column;
        });
      });
    }
  }
  return result;
}

function pairs<T>(values: readonly T[]): [T, T][] {
  return values.flatMap((down) => values.map((across): [T, T] => [down, across]));
}

/** Weights of the pixels two before to two after the one in which a phase lies. */
function tapsOf(phase: number, factor: number): number[] {
  const place = (phase + 0.5) / factor - 0.5;
  return [-2, -1, 0, 1, 2].map((pixel) => keys(Math.abs(place - pixel)));
}

function keys(x: number): number {
  if (x <= 1) return 1.5 * x ** 3 - 2.5 * x ** 2 + 1;
  return x <= 2 ? -0.5 * x ** 3 + 2.5 * x ** 2 - 4 * x + 2 : 0;
}
