import type { LossLayer } from '../features.ts';
import { damaged, notVgg } from './refusal.ts';

/** A 3×3 convolution as a file holds it, in the order in which pictures pass. */
export interface Convolution {
  /** What the file calls it, for the sentences of errors. */
  readonly source: string;
  /** [out, in, height, width] */
  readonly dims: readonly number[];
  /** OIHW. */
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/** The layers of a VGG network under the names of its paper, and which of the two it is. */
export interface VggLayers {
  readonly name: 'vgg-16' | 'vgg-19';
  readonly layers: readonly LossLayer[];
}

const DEEPEST = 'conv5_1';
const NEEDED = 'conv4_3';

/**
 * Find a VGG network's blocks in a row of convolutions, by their shapes alone: two convolutions, two of twice
 * the channels, three (VGG-16) or four (VGG-19) of four times, as many of eight times, as many again (Simonyan
 * and Zisserman 2015, table 1, columns D and E). What lies behind conv5_1 is left out; conv4_3 must be there.
 *
 * @param file what the sentences of errors call it
 * @throws UserError `loss-network-not-vgg` where the shapes are not those, `loss-network-damaged` where values
 * are not numbers
 */
export function toVggLayers(convolutions: readonly Convolution[], file: string): VggLayers {
  const width = convolutions[0]?.dims[0] ?? 0;
  const third = convolutions.filter(({ dims }) => dims[0] === 4 * width).length;
  if (third !== 3 && third !== 4) throw notVgg(file, `its third block has ${third} convolutions, not 3 or 4`);
  const names = [2, 2, third, third, third].flatMap((count, block) =>
    Array.from({ length: count }, (_, place) => `conv${block + 1}_${place + 1}`),
  );
  const layers: LossLayer[] = [];
  for (const [index, name] of names.entries()) {
    const convolution = convolutions[index];
    if (!convolution) break;
    const factor = 2 ** Math.min(3, Number(name.charAt(4)) - 1);
    layers.push(toLayer(convolution, name, width * factor, layers.at(-1)?.outChannels ?? 3, file));
    if (name === DEEPEST) break;
  }
  if (!layers.some(({ name }) => name === NEEDED)) throw notVgg(file, `it ends before ${NEEDED}`);
  return { name: third === 3 ? 'vgg-16' : 'vgg-19', layers };
}

function toLayer(
  { source, dims, weight, bias }: Convolution,
  name: string,
  outChannels: number,
  inChannels: number,
  file: string,
): LossLayer {
  const wanted = [outChannels, inChannels, 3, 3];
  if (dims.join() !== wanted.join()) {
    throw notVgg(file, `${source} is ${dims.join('×')} where ${name} must be ${wanted.join('×')}`);
  }
  if (bias.length !== outChannels)
    throw notVgg(file, `${source} has ${bias.length} biases, not ${outChannels}`);
  if (!weight.every(Number.isFinite) || !bias.every(Number.isFinite)) {
    throw damaged(file, `${source} holds values that are not numbers`);
  }
  return { name, outChannels, inChannels, weight, bias };
}
