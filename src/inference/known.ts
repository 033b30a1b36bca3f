import type { Precision } from '../graph/half.ts';
import { readNetwork } from '../graph/network-file.ts';
import { servingGraph } from '../graph/networks/serving.ts';
import { styleParameters } from '../graph/networks/style.ts';
import { publishedUpscaler, servingUpscaler, upscaleParameters } from '../graph/networks/upscale.ts';
import type { WeightParameter, WeightValues } from '../graph/networks/weights.ts';
import { entryCount } from '../graph/values.ts';

/** A network whose answer is known: what the cpu makes of a known picture. */
export interface KnownNetwork {
  readonly name: string;
  /** In the form that is served, input `image`, one output. */
  emit(precision: Precision): Uint8Array;
}

/** Wide enough in the middle to be served by Winograd's filtering, as a style of the catalogue is. */
const STYLE = { widths: [8, 16, 64], residualBlocks: 1 } as const;

const UPSCALER = {
  factor: 4,
  channels: 16,
  residualBlocks: 1,
  skip: 'bicubic',
  normalisation: 'none',
} as const;

/**
 * Two small networks, a style and an upscaler, with weights that are the same everywhere. Between them they have every
 * operator of the forms in which whole pictures are served.
 */
export function knownNetworks(): KnownNetwork[] {
  const style = weightsOf(styleParameters(STYLE));
  const upscaler = readNetwork(publishedUpscaler(weightsOf(upscaleParameters(UPSCALER)), UPSCALER.skip));
  return [
    { name: 'a small style', emit: (precision) => servingGraph(style, precision) },
    { name: 'a small upscaler', emit: (precision) => servingUpscaler(upscaler, precision).model },
  ];
}

/** [1, 3, height, width], 0–255: soft shapes, an edge, and grain. */
export function knownPicture(width: number, height: number): Float32Array {
  const random = randomNumbers(2016);
  const plane = width * height;
  return Float32Array.from({ length: 3 * plane }, (_, at) => {
    const [channel, y, x] = [Math.floor(at / plane), Math.floor(at / width) % height, at % width];
    const soft = Math.sin((x + 9 * channel) / 5) * Math.cos((y - 4 * channel) / 7);
    const edge = x > y ? 40 : -40;
    return Math.min(255, Math.max(0, 127.5 + 70 * soft + edge + 20 * (random() - 0.5)));
  });
}

/** Spread so that what goes through a layer keeps its size. */
function weightsOf(parameters: readonly WeightParameter[]): Map<string, WeightValues> {
  const random = randomNumbers(1);
  return new Map(
    parameters.map(({ name, dims }) => {
      const [outputs = 1] = dims;
      const count = entryCount(dims);
      const middle = name.endsWith('.gain') ? 1 : 0;
      const reach = dims.length === 4 ? Math.sqrt((3 * outputs) / count) : 0.2;
      return [
        name,
        { dims, data: Float32Array.from({ length: count }, () => middle + reach * (2 * random() - 1)) },
      ];
    }),
  );
}

/** Uniform in [0, 1), the same for the same seed (Park and Miller 1988, "minimal standard"). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
