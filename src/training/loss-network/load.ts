import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { ImpastoError, systemCode, UserError } from '../../errors.ts';
import { bytesOf } from '../../graph/values.ts';
import type { LossLayer } from '../features.ts';
import { readNpyFolder } from './npy-folder.ts';
import { readOnnxNetwork } from './onnx-network.ts';
import type { Preprocessing } from './preprocessing.ts';
import { damaged, unsupported } from './refusal.ts';
import { looksLikeSafetensors } from './safetensors.ts';
import { readSafetensorsNetwork } from './safetensors-network.ts';
import { type Convolution, toVggLayers } from './vgg.ts';

/** Forms in which VGG networks are also published. */
const FOREIGN = /\.(pth?|h5|caffemodel|t7|mat|npz)$/i;

/** A published loss network phi as its file has it: feed it through `foldPreprocessing`. */
export interface PublishedLossNetwork {
  readonly name: 'vgg-16' | 'vgg-19';
  /** conv1_1 to conv5_1, or fewer where the file ends before; conv4_3 at least. */
  readonly layers: readonly LossLayer[];
  readonly preprocessing: Preprocessing;
  /** SHA-256 of the layers' names and numbers in float32, in hex: the same for the same weights in any format. */
  readonly hash: string;
}

/**
 * Load a loss network: a folder of `.npy` files, an ONNX VGG-16 or VGG-19, or torchvision's safetensors. The
 * contents decide, not the name; names of other forms are refused with a hint.
 *
 * @param path what the person gave, if anything
 * @param options.preprocessing overrides what the format stands for
 * @throws UserError `loss-network-missing`, `loss-network-unreadable`, `loss-network-unsupported`,
 * `loss-network-incomplete`, `loss-network-damaged`, `loss-network-not-vgg`, `npy-damaged`, `npy-unsupported`
 */
export async function loadLossNetwork(
  path: string | undefined,
  options: { readonly preprocessing?: Preprocessing | undefined } = {},
): Promise<PublishedLossNetwork> {
  if (path === undefined || path === '') throw missing('Training needs a loss network, and none was given.');
  const { convolutions, preprocessing } = await read(path);
  const { name, layers } = toVggLayers(convolutions, path);
  return { name, layers, preprocessing: options.preprocessing ?? preprocessing, hash: hashOf(layers) };
}

async function read(
  path: string,
): Promise<{ convolutions: readonly Convolution[]; preprocessing: Preprocessing }> {
  try {
    if ((await stat(path)).isDirectory())
      return { convolutions: await readNpyFolder(path), preprocessing: 'caffe' };
    const foreign = FOREIGN.exec(path)?.[0];
    if (foreign) throw unsupported(path, `${foreign} files are not read; take it as .onnx or .safetensors`);
    const bytes = await readFile(path);
    if (!looksLikeSafetensors(bytes)) return readOnnxNetwork(bytes, path);
    return { convolutions: readSafetensorsNetwork(bytes, path), preprocessing: 'torchvision' };
  } catch (cause) {
    throw toUserError(cause, path);
  }
}

function toUserError(cause: unknown, path: string): unknown {
  if (cause instanceof UserError) return cause;
  if (cause instanceof ImpastoError) return damaged(path, String(cause.data.reason), cause);
  const code = systemCode(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR') return missing(`There is no loss network at ${path}.`, cause);
  if (code === undefined) return cause;
  return new UserError('loss-network-unreadable', `The loss network at ${path} cannot be read (${code}).`, {
    data: { path },
    cause,
  });
}

function missing(sentence: string, cause?: unknown): UserError {
  return new UserError(
    'loss-network-missing',
    `${sentence} The published VGG-16 is to be had as vgg16-12.onnx from the ONNX model zoo (Hugging Face Hub, onnxmodelzoo), ` +
      "as torchvision's model.safetensors (Hugging Face Hub, timm/vgg16.tv_in1k), and from its authors " +
      '(robots.ox.ac.uk/~vgg/research/very_deep, to be converted). Give the file with --loss-network.',
    { cause },
  );
}

function hashOf(layers: readonly LossLayer[]): string {
  const hash = createHash('sha256');
  for (const { name, weight, bias } of layers) {
    hash.update(name).update(bytesOf(weight)).update(bytesOf(bias));
  }
  return hash.digest('hex');
}
