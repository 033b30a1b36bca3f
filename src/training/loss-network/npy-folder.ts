import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { type NumberArray, readNpy } from './npy.ts';
import { unsupported } from './refusal.ts';
import type { Convolution } from './vgg.ts';

const WEIGHT_FILE = /^conv(\d)_(\d)_weight\.npy$/;

/**
 * The convolutions of a folder of `.npy` files: `convB_C_weight.npy` (OIHW) with `convB_C_bias.npy` beside it, in
 * float32 or float16.
 *
 * @throws UserError `loss-network-unsupported` for a folder without such files, `loss-network-incomplete` where
 * one of a row is missing, and what `readNpy` throws
 */
export async function readNpyFolder(folder: string): Promise<readonly Convolution[]> {
  const files = new Set(await readdir(folder));
  const names = [...files].filter((file) => WEIGHT_FILE.test(file)).sort();
  if (names.length === 0) {
    throw unsupported(
      folder,
      'it holds no convB_C_weight.npy files; give such a folder, an .onnx or a .safetensors file',
    );
  }
  const convolutions: Convolution[] = [];
  let previous = { block: 1, place: 0 };
  for (const file of names) {
    const [, block = 0, place = 0] = (WEIGHT_FILE.exec(file) ?? []).map(Number);
    const follows =
      block === previous.block ? place === previous.place + 1 : block === previous.block + 1 && place === 1;
    if (!follows) throw incomplete(folder, `the one before ${file}`);
    const biasFile = file.replace('weight', 'bias');
    if (!files.has(biasFile)) throw incomplete(folder, biasFile);
    const weight = await readArray(folder, file);
    const bias = await readArray(folder, biasFile);
    convolutions.push({ source: file, dims: weight.dims, weight: weight.data, bias: bias.data });
    previous = { block, place };
  }
  return convolutions;
}

async function readArray(folder: string, file: string): Promise<NumberArray> {
  const path = join(folder, file);
  return readNpy(await readFile(path), path);
}

function incomplete(folder: string, missing: string): UserError {
  return new UserError(
    'loss-network-incomplete',
    `The loss network in ${folder} is incomplete: ${missing} is missing.`,
    {
      data: { folder },
    },
  );
}
