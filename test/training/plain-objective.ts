import type { LossNetworkWeights } from '../../src/training/features.ts';
import type { ObjectiveRecipe } from '../../src/training/recipe.ts';

/** The paper's definitions in double precision, one picture at a time, without onnxruntime and without src/graph. */

/** A picture or its features: channels of height × width values. */
export interface Planes {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly values: Float64Array;
}

export function planes(channels: number, height: number, width: number, values: Iterable<number>): Planes {
  return { channels, height, width, values: Float64Array.from(values) };
}

function at({ channels, height, width, values }: Planes, channel: number, y: number, x: number): number {
  if (channel >= channels || y < 0 || x < 0 || y >= height || x >= width) return 0;
  return values[(channel * height + y) * width + x] ?? Number.NaN;
}

function each(
  channels: number,
  height: number,
  width: number,
  value: (channel: number, y: number, x: number) => number,
): Planes {
  const values = new Float64Array(channels * height * width);
  for (let place = 0; place < values.length; place++) {
    const x = place % width;
    const y = Math.floor(place / width) % height;
    values[place] = value(Math.floor(place / (width * height)), y, x);
  }
  return { channels, height, width, values };
}

/** Simonyan and Zisserman's network: 3×3 convolutions on zero padding, each with a ReLU; blocks apart by pooling. */
export function features(
  { layers, mean }: LossNetworkWeights,
  image: Planes,
  pooling: 'max' | 'average',
): Map<string, Planes> {
  const found = new Map<string, Planes>();
  let x = each(3, image.height, image.width, (c, row, column) => at(image, c, row, column) - (mean[c] ?? 0));
  let block = '1';
  for (const { name, outChannels, inChannels, weight, bias } of layers) {
    const own = name.charAt('conv'.length);
    if (own !== block) x = pooled(x, pooling);
    block = own;
    const before = x;
    x = each(outChannels, x.height, x.width, (out, row, column) => {
      let sum = bias[out] ?? 0;
      for (let c = 0; c < inChannels; c++)
        for (let tap = 0; tap < 9; tap++) {
          const from = at(before, c, row + Math.floor(tap / 3) - 1, column + (tap % 3) - 1);
          sum += (weight[(out * inChannels + c) * 9 + tap] ?? 0) * from;
        }
      return Math.max(0, sum);
    });
    found.set(name.replace('conv', 'relu'), x);
  }
  return found;
}

function pooled(x: Planes, pooling: 'max' | 'average'): Planes {
  return each(x.channels, Math.floor(x.height / 2), Math.floor(x.width / 2), (c, row, column) => {
    const block = [0, 1, 2, 3].map((place) => at(x, c, 2 * row + (place >> 1), 2 * column + (place & 1)));
    return pooling === 'max' ? Math.max(...block) : block.reduce((sum, value) => sum + value) / 4;
  });
}

/** ‖a − b‖² / (C·H·W): the paper's equation 2. */
export function featureLoss(a: Planes, b: Planes): number {
  return (
    a.values.reduce((sum, value, index) => sum + (value - (b.values[index] ?? Number.NaN)) ** 2, 0) /
    a.values.length
  );
}

/** Equation 3: G[c, d] = Σ over places of φ[c] · φ[d] / (C·H·W), row by row. */
export function gram({ channels, height, width, values }: Planes): Float64Array {
  const area = height * width;
  const result = new Float64Array(channels * channels);
  for (let c = 0; c < channels; c++)
    for (let d = 0; d < channels; d++) {
      let sum = 0;
      for (let place = 0; place < area; place++)
        sum += (values[c * area + place] ?? 0) * (values[d * area + place] ?? 0);
      result[c * channels + d] = sum / (channels * area);
    }
  return result;
}

/** Mean over the entries of the squared difference of two Gram matrices. */
export function styleLoss(a: Float64Array, b: ArrayLike<number>): number {
  return a.reduce((sum, value, index) => sum + (value - (b[index] ?? Number.NaN)) ** 2, 0) / a.length;
}

/** Mean squared difference of vertical neighbours and that of horizontal neighbours, added. */
export function totalVariation(image: Planes): number {
  const { channels, height, width } = image;
  let [down, across] = [0, 0];
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        if (y + 1 < height) down += (at(image, c, y + 1, x) - at(image, c, y, x)) ** 2;
        if (x + 1 < width) across += (at(image, c, y, x + 1) - at(image, c, y, x)) ** 2;
      }
  return down / (channels * (height - 1) * width) + across / (channels * height * (width - 1));
}

/** The weighted terms and their sum for one painting and its photo. */
export function objective(
  painting: Planes,
  photo: Planes,
  targets: ReadonlyMap<string, { readonly data: ArrayLike<number> }>,
  lossNetwork: LossNetworkWeights,
  recipe: ObjectiveRecipe,
): { objective: number; feature: number; style: number; totalVariation: number } {
  const painted = features(lossNetwork, painting, recipe.pooling);
  const wanted = features(lossNetwork, photo, recipe.pooling);
  const of = (map: ReadonlyMap<string, Planes>, layer: string): Planes => {
    const found = map.get(layer);
    if (!found) throw new RangeError(`no ${layer}`);
    return found;
  };
  const feature =
    recipe.contentWeight * featureLoss(of(painted, recipe.contentLayer), of(wanted, recipe.contentLayer));
  const style =
    recipe.styleWeight *
    recipe.styleLayers.reduce(
      (sum, layer) => sum + styleLoss(gram(of(painted, layer)), targets.get(layer)?.data ?? []),
      0,
    );
  const variation = recipe.totalVariationWeight * totalVariation(painting);
  return { objective: feature + style + variation, feature, style, totalVariation: variation };
}
