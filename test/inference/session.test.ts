import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { ImpastoError } from '../../src/errors.ts';
import { Graph } from '../../src/graph/graph.ts';
import { toModel } from '../../src/graph/model.ts';
import { scale } from '../../src/graph/operators/elementwise.ts';
import { PROVIDERS, whyMissing } from '../../src/inference/providers.ts';
import { openSession } from '../../src/inference/session.ts';

function doubling(): Uint8Array {
  const graph = new Graph();
  return toModel(graph, { y: scale(graph.input('x', [3]), 2) });
}

async function double(session: InferenceSession): Promise<unknown> {
  try {
    const { y } = await session.run({ x: new Tensor('float32', Float32Array.of(1, 2, 3), [3]) });
    return Array.from(y?.data as Float32Array);
  } finally {
    await session.release();
  }
}

describe('openSession', () => {
  it('runs a model', async () => {
    const session = await openSession(doubling(), { provider: 'cpu', threads: 1 });
    expect(await double(session)).toEqual([2, 4, 6]);
  });

  it.each([
    ['no protobuf', new Uint8Array(100).fill(7)],
    ['empty', new Uint8Array(0)],
    ['half a model', doubling().slice(0, 40)],
  ])('refuses bytes that are %s', async (_, bytes) => {
    await expect(openSession(bytes, { provider: 'cpu', threads: 1 })).rejects.toMatchObject({
      name: 'ImpastoError',
      code: 'model-refused',
      report: true,
    });
  });
});

describe.each(PROVIDERS)('the provider %s', (provider) => {
  it('either runs, or says what to install and falls back only when asked to', async () => {
    const missing = await whyMissing(provider);
    if (!missing) {
      const session = await openSession(doubling(), { provider, threads: 1 });
      expect(await double(session)).toEqual([2, 4, 6]);
      return;
    }
    expect(missing.code).toBe('provider-missing');
    expect(missing.userMessage).toMatch(/Install .+, or choose the provider cpu\.$/);
    expect(missing.data).toEqual({ provider });
    await expect(openSession(doubling(), { provider, threads: 1 })).rejects.toMatchObject({
      code: 'provider-missing',
    });

    const told: ImpastoError[] = [];
    const session = await openSession(doubling(), {
      provider,
      threads: 1,
      onFallback: (error) => told.push(error),
    });
    expect(told).toHaveLength(1);
    expect(told[0]).toBeInstanceOf(ImpastoError);
    expect(told[0]?.code).toBe('provider-missing');
    expect(await double(session)).toEqual([2, 4, 6]);
  });
});
