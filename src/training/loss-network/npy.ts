import { UserError } from '../../errors.ts';
import { entryCount } from '../../graph/values.ts';
import { FLOAT_BYTES, type FloatType, toFloats } from './floats.ts';

/** An array of numbers, first axis slowest. */
export interface NumberArray {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

const MAGIC = '\x93NUMPY';
const DESCRIPTIONS: Readonly<Record<string, FloatType>> = { '<f4': 'float32', '<f2': 'float16' };

/**
 * Read NumPy's `.npy` format, versions 1 to 3 (numpy.org, "numpy.lib.format"): little-endian floats of 4 or
 * 2 bytes in C order.
 *
 * @param file what the sentences of errors call it
 * @throws UserError `npy-damaged`, `npy-unsupported`
 */
export function readNpy(bytes: Uint8Array, file: string): NumberArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || latin1(bytes.subarray(0, 6)) !== MAGIC)
    throw damaged(file, 'it does not begin as one');
  // Version 1 has two bytes for the header's length, later ones four.
  const start = view.getUint8(6) === 1 ? 10 : 12;
  const end = start + (start === 10 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (end > bytes.length) throw damaged(file, 'its header is cut off');

  const header = latin1(bytes.subarray(start, end));
  const description = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const shape = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (description === undefined || order === undefined || shape === undefined) {
    throw damaged(file, 'its header cannot be read');
  }
  const type = DESCRIPTIONS[description];
  if (type === undefined) {
    throw unsupported(
      file,
      `it holds numbers of type ${description}; save it as little-endian float32 or float16`,
    );
  }
  if (order === 'True')
    throw unsupported(file, 'it is in Fortran order; save it with numpy.ascontiguousarray');

  const dims = shape
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const wanted = entryCount(dims) * FLOAT_BYTES[type];
  if (bytes.length - end !== wanted) {
    throw damaged(file, `it holds ${bytes.length - end} bytes of numbers where its shape needs ${wanted}`);
  }
  return { dims, data: toFloats(bytes.subarray(end), type) };
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function damaged(file: string, why: string): UserError {
  return new UserError(
    'npy-damaged',
    `${file} is not a sound .npy file: ${why}. Fetch or convert it again.`,
    {
      data: { file },
    },
  );
}

function unsupported(file: string, why: string): UserError {
  return new UserError('npy-unsupported', `${file} cannot be used: ${why}.`, { data: { file } });
}
