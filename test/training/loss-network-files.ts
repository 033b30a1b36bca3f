import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
} from 'onnx-buf';

/** A convolution of a tiny VGG. */
export interface Layer {
  readonly name: string;
  readonly dims: readonly [number, number, number, number];
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/** A VGG whose first block has `width` channels, with values that half precision holds exactly. */
export function tinyVgg(third: 3 | 4, width = 2): Layer[] {
  let [inChannels, value] = [3, 0];
  const next = (): number => ((value++ * 37) % 256) / 128 - 1;
  return [2, 2, third, third, third].flatMap((count, block) =>
    Array.from({ length: count }, (_, place) => {
      const out = width * 2 ** Math.min(block, 3);
      const dims = [out, inChannels, 3, 3] as const;
      const weight = Float32Array.from({ length: out * inChannels * 9 }, next);
      inChannels = out;
      return {
        name: `conv${block + 1}_${place + 1}`,
        dims,
        weight,
        bias: Float32Array.from({ length: out }, next),
      };
    }),
  );
}

/** NumPy's format, version 1, with any description. */
export function npy(dims: readonly number[], body: Uint8Array, description = '<f4', order = 'False'): Buffer {
  const shape = dims.length === 1 ? `${dims[0]},` : dims.join(', ');
  const header = `{'descr': '${description}', 'fortran_order': ${order}, 'shape': (${shape}), }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded.length);
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    length,
    Buffer.from(padded, 'latin1'),
    body,
  ]);
}

export async function writeNpyFolder(folder: string, layers: readonly Layer[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, dims, weight, bias } of layers) {
    await writeFile(join(folder, `${name}_weight.npy`), npy(dims, bytesOf(weight)));
    await writeFile(join(folder, `${name}_bias.npy`), npy([bias.length], bytesOf(bias)));
  }
  await writeFile(join(folder, 'index.json'), '{}');
}

/** As PyTorch's and MXNet's exporters write it: Conv, Relu, MaxPool; weights as initializers in any order. */
export function onnx(
  layers: readonly Layer[],
  options: { producer?: string; nodes?: readonly string[]; typed?: boolean } = {},
): Uint8Array {
  const nodes: NodeProto[] = [];
  const initializer: TensorProto[] = [];
  for (const [index, { dims, weight, bias }] of layers.entries()) {
    const input = [`x${index}`, `w${index * 7}`, `b${index * 7}`];
    nodes.push(
      create(NodeProtoSchema, { opType: 'Conv', name: `node${index}`, input, output: [`y${index}`] }),
    );
    nodes.push(create(NodeProtoSchema, { opType: 'Relu', input: [`y${index}`], output: [`x${index + 1}`] }));
    initializer.unshift(
      tensor(`w${index * 7}`, dims, weight, options.typed),
      tensor(`b${index * 7}`, [bias.length], bias),
    );
  }
  for (const opType of options.nodes ?? []) nodes.push(create(NodeProtoSchema, { opType }));
  const graph = create(GraphProtoSchema, { node: nodes, initializer });
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, { irVersion: 8n, producerName: options.producer ?? 'pytorch', graph }),
  );
}

/** As torchvision names them: `features.N`, N counting ReLUs and pools too; the keys out of order. */
export function torchvisionNames(layers: readonly Layer[]): Map<string, Stored> {
  const named: [string, Stored][] = [];
  let number = 0;
  for (const [index, { name, dims, weight, bias }] of layers.entries()) {
    if (index > 0) number += layers[index - 1]?.name[4] === name[4] ? 2 : 3;
    named.push([`features.${number}.weight`, { type: 'F32', dims, body: bytesOf(weight) }]);
    named.push([`features.${number}.bias`, { type: 'F32', dims: [bias.length], body: bytesOf(bias) }]);
  }
  return new Map(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export interface Stored {
  readonly type: string;
  readonly dims: readonly number[];
  readonly body: Uint8Array;
}

/** The safetensors format, written by the letter of its page. */
export function safetensors(tensors: ReadonlyMap<string, Stored>): Buffer {
  let offset = 0;
  const header = Object.fromEntries(
    [...tensors].map(([name, { type, dims, body }]) => {
      const begin = offset;
      offset += body.length;
      return [name, { dtype: type, shape: dims, data_offsets: [begin, offset] }];
    }),
  );
  const json = Buffer.from(JSON.stringify({ __metadata__: { format: 'pt' }, ...header }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...[...tensors.values()].map(({ body }) => body)]);
}

/** A float's bits in half precision; exact for the values of `tinyVgg`. */
export function halves(values: Float32Array): Uint8Array {
  const bits = Uint16Array.from(values, (value) => {
    if (value === 0) return 0;
    const exponent = Math.floor(Math.log2(Math.abs(value)));
    const fraction = (Math.abs(value) / 2 ** exponent - 1) * 1024;
    return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction;
  });
  return new Uint8Array(bits.buffer);
}

/** The upper half of a float's bits; exact for the values of `tinyVgg`. */
export function brainHalves(values: Float32Array): Uint8Array {
  const bits = Uint16Array.from(new Uint32Array(Float32Array.from(values).buffer), (word) => word >>> 16);
  return new Uint8Array(bits.buffer);
}

export function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function tensor(name: string, dims: readonly number[], values: Float32Array, typed = false): TensorProto {
  const data = typed ? { floatData: [...values] } : { rawData: Uint8Array.from(bytesOf(values)) };
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: TensorProto_DataType.FLOAT,
    ...data,
  });
}
