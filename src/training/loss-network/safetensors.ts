import { ImpastoError } from '../../errors.ts';
import { bytesOf } from '../../graph/values.ts';

/** One tensor of a safetensors file. */
export interface StoredTensor {
  /** The format's own name of the element type: `F32`, `F16`, `BF16`, … */
  readonly type: string;
  readonly dims: readonly number[];
  /** Little-endian, first axis slowest; a view of the file. */
  readonly bytes: Uint8Array;
}

/** What a safetensors file holds. */
export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

const PREFIX_BYTES = 8;
const METADATA_KEY = '__metadata__';

/** True where a file begins as the safetensors format does, whatever becomes of it afterwards. */
export function looksLikeSafetensors(bytes: Uint8Array): boolean {
  return bytes[PREFIX_BYTES] === 0x7b && bytes.subarray(4, PREFIX_BYTES).every((byte) => byte === 0);
}

/**
 * Read the safetensors format (github.com/huggingface/safetensors, "Format"): eight bytes of length, a JSON header,
 * the tensors' bytes. Every tensor's place is checked against the file; element types are not interpreted.
 *
 * @throws ImpastoError `safetensors-damaged`, its data holding the `reason`
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  if (bytes.length < PREFIX_BYTES) throw damaged('it is too short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = PREFIX_BYTES + Number(view.getBigUint64(0, true));
  if (start > bytes.length) throw damaged('its header is cut off');
  const header = parseHeader(bytes.subarray(PREFIX_BYTES, start));
  const body = bytes.subarray(start);
  const metadata = new Map<string, string>();
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === METADATA_KEY) {
      for (const [key, value] of Object.entries(asRecord(entry))) metadata.set(key, String(value));
    } else tensors.set(name, toTensor(name, asRecord(entry), body));
  }
  return { tensors, metadata };
}

/**
 * Write float tensors and metadata in the safetensors format, in pieces that follow each other in the file.
 * The numbers are not copied.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, { readonly dims: readonly number[]; readonly data: Float32Array }>,
  metadata: Readonly<Record<string, string>>,
): readonly Uint8Array[] {
  const header: Record<string, unknown> = { [METADATA_KEY]: metadata };
  const bodies: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { dims, data }] of tensors) {
    header[name] = { dtype: 'F32', shape: dims, data_offsets: [offset, offset + data.byteLength] };
    bodies.push(bytesOf(data));
    offset += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // The format asks for spaces behind the JSON, so that the numbers begin at a multiple of eight.
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  padded.set(json);
  const prefix = new Uint8Array(PREFIX_BYTES);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(padded.length), true);
  return [prefix, padded, ...bodies];
}

function parseHeader(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return asRecord(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (cause) {
    throw cause instanceof ImpastoError ? cause : damaged('its header is not JSON', cause);
  }
}

function toTensor(name: string, entry: Readonly<Record<string, unknown>>, body: Uint8Array): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !isSizes(shape) || !isSizes(offsets))
    throw damaged(`${name} is not described`);
  const [from = -1, to = -1] = offsets;
  if (from < 0 || to < from || to > body.length) throw damaged(`${name} lies outside of the file`);
  return { type: dtype, dims: shape, bytes: body.subarray(from, to) };
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw damaged('its header is malformed');
  return Object.fromEntries(Object.entries(value));
}

function damaged(reason: string, cause?: unknown): ImpastoError {
  const userMessage = `This is no sound safetensors file: ${reason}.`;
  return new ImpastoError({ code: 'safetensors-damaged', userMessage, data: { reason }, cause });
}
