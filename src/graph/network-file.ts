import { fromBinary } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema, TensorProto_DataType } from 'onnx-buf';
import { ImpastoError } from '../errors.ts';
import type { WeightValues } from './networks/weights.ts';
import { entryCount } from './values.ts';

/** What a published network holds beside its graph. */
export interface NetworkFile {
  /** Every float32 tensor that bears a weight's name (`in.weight`, `residual1a.gain`, …). */
  readonly weights: ReadonlyMap<string, WeightValues>;
  /** The model's metadata properties: the recipe, the licence, what it was trained on. */
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Read the weights and the metadata of a published network.
 * @throws ImpastoError `network-damaged` where the bytes are no ONNX model, hold no weights, or one that is no number
 */
export function readNetwork(bytes: Uint8Array): NetworkFile {
  const model = parse(bytes);
  const weights = new Map<string, WeightValues>();
  for (const { name, dims, dataType, rawData } of model.graph?.initializer ?? []) {
    if (dataType !== TensorProto_DataType.FLOAT || !/\.(weight|bias|gain|offset|mean|variance)$/.test(name))
      continue;
    const shape = dims.map(Number);
    if (rawData.byteLength !== 4 * entryCount(shape)) throw damaged(`the tensor ${name} is incomplete`);
    const data = new Float32Array(Uint8Array.from(rawData).buffer);
    if (!data.every(Number.isFinite)) throw damaged(`the tensor ${name} holds what is no number`);
    weights.set(name, { dims: shape, data });
  }
  if (weights.size === 0) throw damaged('it holds no weights');
  return { weights, metadata: new Map(model.metadataProps.map(({ key, value }) => [key, value])) };
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw damaged('it is no ONNX model', cause);
  }
}

function damaged(reason: string, cause?: unknown): ImpastoError {
  return new ImpastoError({
    code: 'network-damaged',
    userMessage: `The network's file is damaged: ${reason}. Fetch it again or restore it from the repository.`,
    report: true,
    data: { reason },
    cause,
  });
}
