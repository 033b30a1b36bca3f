import { create, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import type { Attribute, ElementType, Graph, Operation, Tensor } from './graph.ts';
import { bytesOf } from './values.ts';

/** The operator set that every operator here is written for (ONNX 1.14); runs in any later runtime. */
const OPSET = 18n;
const IR_VERSION = 8n;

/** ONNX's numbers for what a tensor's entries are. */
export const ELEMENT: Readonly<Record<ElementType, TensorProto_DataType>> = {
  float32: TensorProto_DataType.FLOAT,
  float16: TensorProto_DataType.FLOAT16,
  int64: TensorProto_DataType.INT64,
  bool: TensorProto_DataType.BOOL,
};

/**
 * Write a graph as an ONNX model. Operations and constants that no output needs are left out.
 *
 * @param outputs by the names under which they appear
 * @param metadata the model's metadata properties
 * @returns the bytes of a ModelProto
 */
export function toModel(
  graph: Graph,
  outputs: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const { operations, used } = needed(graph, Object.values(outputs));
  const renamed = Object.entries(outputs).map(([name, tensor]) =>
    create(NodeProtoSchema, { opType: 'Identity', name, input: [tensor.name], output: [name] }),
  );
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'impasto',
    opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: OPSET })],
    metadataProps: Object.entries(metadata).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    ),
    graph: create(GraphProtoSchema, {
      name: 'impasto',
      node: [...operations.map(toNode), ...renamed],
      initializer: graph.constants.filter((constant) => used.has(constant)).map(toInitializer),
      input: graph.inputs.map((tensor) => toValueInfo(tensor, tensor.name)),
      // Names of their own: axes of one name must be of one length, and an output may be larger than the input.
      output: Object.entries(outputs).map(([name, tensor]) => toValueInfo(tensor, name, `${name}_`)),
    }),
  });
  return toBinary(ModelProtoSchema, model);
}

function needed(graph: Graph, outputs: readonly Tensor[]): { operations: Operation[]; used: Set<Tensor> } {
  const used = new Set(outputs);
  const operations: Operation[] = [];
  for (const operation of [...graph.operations].reverse()) {
    if (!used.has(operation.output)) continue;
    operations.push(operation);
    for (const input of operation.inputs) used.add(input);
  }
  return { operations: operations.reverse(), used };
}

function toNode(operation: Operation): ReturnType<typeof create<typeof NodeProtoSchema>> {
  return create(NodeProtoSchema, {
    opType: operation.type,
    name: operation.output.name,
    input: operation.inputs.map((input) => input.name),
    output: [operation.output.name],
    attribute: Object.entries(operation.attributes).map(([name, value]) => toAttribute(name, value)),
  });
}

function toAttribute(name: string, value: Attribute): AttributeProto {
  const { INT, FLOAT, STRING, INTS } = AttributeProto_AttributeType;
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: INT, i: BigInt(value) });
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: STRING, s: new TextEncoder().encode(value) });
  }
  if ('float' in value) return create(AttributeProtoSchema, { name, type: FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: INTS, ints: value.map(BigInt) });
}

function toInitializer({ name, dims, type, constant }: Tensor): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: dims.map((dim) => BigInt(dim)),
    dataType: ELEMENT[type],
    rawData: bytesOf(constant ?? new Float32Array(0)).slice(),
  });
}

const AXIS_NAMES = ['batch', 'channels', 'height', 'width'];

function toValueInfo(tensor: Tensor, name: string, prefix = ''): ValueInfoProto {
  const dim = tensor.dims.map((length, axis) =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        length === 'dynamic'
          ? { case: 'dimParam', value: `${prefix}${AXIS_NAMES[axis] ?? `axis${axis}`}` }
          : { case: 'dimValue', value: BigInt(length) },
    }),
  );
  const tensorType = create(TypeProto_TensorSchema, {
    elemType: ELEMENT[tensor.type],
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensorType } }),
  });
}
