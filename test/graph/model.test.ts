import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type ValueInfoProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { toModel } from '../../src/graph/model.ts';
import { depthToSpace } from '../../src/graph/operators/image.ts';

describe('a model', () => {
  // Some providers take two axes of one name for equally long, and give the one the other's memory.
  it('names no axis of an output as one of the input that may be shorter', () => {
    const graph = new Graph();
    const enlarged = depthToSpace(graph.input('image', [1, 12, 'dynamic', 'dynamic']));
    const { graph: written } = fromBinary(ModelProtoSchema, toModel(graph, { enlarged }));
    const [input, output] = [written?.input, written?.output].map((values) => values?.flatMap(axisNames));
    expect(input).toEqual(['height', 'width']);
    expect(output).toEqual(['enlarged_height', 'enlarged_width']);
  });
});

function axisNames({ type }: ValueInfoProto): string[] {
  if (type?.value.case !== 'tensorType') return [];
  const dims = type.value.value.shape?.dim ?? [];
  return dims.flatMap(({ value }) => (value.case === 'dimParam' ? [value.value] : []));
}
