import { type FloatType, tensorFloats } from './floats.ts';
import { unsupported } from './refusal.ts';
import { readSafetensors, type StoredTensor } from './safetensors.ts';
import type { Convolution } from './vgg.ts';

const TYPES: Readonly<Record<string, FloatType>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };
const SUFFIX = /\.weight$/;

/**
 * The 3×3 convolutions of a safetensors file as torchvision's VGG networks are published: `features.N.weight` and
 * `features.N.bias`, in the order of their numbers. Fully connected layers are passed over.
 *
 * @param file what the sentences of errors call it
 * @throws UserError `loss-network-unsupported` with batch normalisation or other number types,
 * `loss-network-damaged`; ImpastoError `safetensors-damaged`
 */
export function readSafetensorsNetwork(bytes: Uint8Array, file: string): readonly Convolution[] {
  const { tensors } = readSafetensors(bytes);
  const names = [...tensors.keys()].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (names.some((name) => name.endsWith('.running_mean'))) {
    throw unsupported(file, 'it is a variant with batch normalisation; take the plain VGG');
  }
  return names.flatMap((name) => {
    const weight = tensors.get(name);
    const bias = tensors.get(name.replace(SUFFIX, '.bias'));
    if (!SUFFIX.test(name) || !weight || !bias || weight.dims.length !== 4 || weight.dims[2] !== 3) return [];
    return [
      {
        source: name,
        dims: weight.dims,
        weight: floatsOf(weight, name, file),
        bias: floatsOf(bias, name, file),
      },
    ];
  });
}

function floatsOf({ type, dims, bytes }: StoredTensor, name: string, file: string): Float32Array {
  const float = TYPES[type];
  if (float === undefined) throw unsupported(file, `${name} holds ${type} numbers; take F32, F16 or BF16`);
  return tensorFloats({ name, dims, bytes }, float, file);
}
