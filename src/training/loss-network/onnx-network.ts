import { fromBinary } from '@bufbuild/protobuf';
import {
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
} from 'onnx-buf';
import { type FloatType, tensorFloats } from './floats.ts';
import type { Preprocessing } from './preprocessing.ts';
import { damaged, unsupported } from './refusal.ts';
import type { Convolution } from './vgg.ts';

const TYPES: ReadonlyMap<number, FloatType> = new Map([
  [TensorProto_DataType.FLOAT, 'float32'],
  [TensorProto_DataType.FLOAT16, 'float16'],
  [TensorProto_DataType.BFLOAT16, 'bfloat16'],
]);

/** Converters that keep the weights of the authors' Caffe model, and with them its preprocessing. */
const CAFFE_PRODUCERS = /caffe|keras|tf2onnx/i;

/** Node types that would make a plain reading of the convolutions wrong. */
const FOREIGN = new Set(['BatchNormalization', 'QLinearConv', 'ConvInteger', 'DequantizeLinear']);

/**
 * The 3×3 convolutions of an ONNX model, in the order of its nodes, which the format demands to be the order of
 * computation (onnx.ai, "IR specification"). Names of nodes and tensors do not matter.
 *
 * Without a word on preprocessing in the format, the producer tells: Caffe2's and Keras's converters carry the
 * authors' weights; everything else (MXNet's in the ONNX model zoo, PyTorch's) was trained as torchvision's.
 *
 * @param file what the sentences of errors call it
 * @throws UserError `loss-network-unsupported`, `loss-network-damaged`
 */
export function readOnnxNetwork(
  bytes: Uint8Array,
  file: string,
): { readonly convolutions: readonly Convolution[]; readonly preprocessing: Preprocessing } {
  const model = parse(bytes, file);
  const nodes = model.graph?.node ?? [];
  const foreign = nodes.find(({ opType }) => FOREIGN.has(opType));
  if (foreign) throw unsupported(file, `it holds ${foreign.opType} nodes; take a plain VGG in float32`);
  const initializers = new Map((model.graph?.initializer ?? []).map((tensor) => [tensor.name, tensor]));
  const convolutions: Convolution[] = [];
  for (const node of nodes.filter(({ opType }) => opType === 'Conv')) {
    const weight = initializerOf(node, 1, initializers, file);
    if (Number(weight.dims[2]) !== 3) break;
    const bias = initializerOf(node, 2, initializers, file);
    convolutions.push({
      source: node.name || weight.name,
      dims: weight.dims.map(Number),
      weight: floatsOf(weight, file),
      bias: floatsOf(bias, file),
    });
  }
  const preprocessing = CAFFE_PRODUCERS.test(model.producerName) ? 'caffe' : 'torchvision';
  return { convolutions, preprocessing };
}

function parse(bytes: Uint8Array, file: string): ModelProto {
  try {
    const model = fromBinary(ModelProtoSchema, bytes);
    if (model.graph && model.graph.node.length > 0) return model;
  } catch (cause) {
    throw damaged(file, 'it is neither a sound ONNX model nor a safetensors file', cause);
  }
  throw unsupported(file, 'it is neither an ONNX model, nor a safetensors file, nor a folder of .npy files');
}

function initializerOf(
  node: NodeProto,
  index: number,
  initializers: ReadonlyMap<string, TensorProto>,
  file: string,
): TensorProto {
  const tensor = initializers.get(node.input[index] ?? '');
  const what = index === 1 ? 'weights' : 'biases';
  if (!tensor)
    throw unsupported(file, `the ${what} of its convolution ${node.name} are not stored as initializers`);
  if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL) {
    throw unsupported(file, 'its weights lie in another file; save it with the weights inside');
  }
  return tensor;
}

function floatsOf(
  { name, dims: sizes, dataType, rawData, floatData }: TensorProto,
  file: string,
): Float32Array {
  const type = TYPES.get(dataType);
  if (type === undefined)
    throw unsupported(file, `${name} does not hold floats; take a plain VGG in float32`);
  const dims = sizes.map(Number);
  if (rawData.length > 0) return tensorFloats({ name, dims, bytes: rawData }, type, file);
  const floats = Float32Array.from(floatData);
  return tensorFloats({ name, dims, bytes: new Uint8Array(floats.buffer) }, 'float32', file);
}
