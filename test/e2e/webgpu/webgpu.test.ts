import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { samplePhotos } from '../../../src/cli/samples.ts';
import { TOLERANCE } from '../../../src/inference/self-test.ts';
import { pixels } from '../../cli/compare.ts';
import { createProgram } from '../../cli/program.ts';
import { temporaryFolder } from '../../queue/support.ts';
import { type Case, networkCases, operatorCases } from './cases.ts';

/** What WebGPU needs in its environment; `npm run e2e` finds out, and leaves it out where WebGPU can't run. */
const environment = process.env.IMPASTO_TEST_VULKAN;
if (environment === undefined) console.log('WebGPU can’t run here: what runs on it is not tested');
const vulkan: Record<string, string> = z
  .record(z.string(), z.string())
  .parse(JSON.parse(environment ?? '{}'));

const outcomeSchema = z.object({
  name: z.string(),
  most: z.number(),
  mean: z.number(),
  largest: z.number(),
  failure: z.string().optional(),
});

type Outcome = z.infer<typeof outcomeSchema>;

/** A picture may be as far away as one that is trusted; anything else by its own size. */
function expectClose({ most, mean, largest, failure }: Outcome, { name, precision }: Case): void {
  expect(failure).toBeUndefined();
  expect(largest).toBeGreaterThan(0.1);
  if (/whole|held|upscaler/.test(name)) {
    expect(most).toBeLessThan(TOLERANCE[precision].most);
    expect(mean).toBeLessThan(TOLERANCE[precision].mean);
  } else {
    expect(most).toBeLessThan((precision === 'float16' ? 0.03 : 1e-4) * Math.max(1, largest));
  }
}

/** The kinds of operators in a model, but for the one that names its output. */
function kinds({ model, precision }: Case): string[] {
  const { graph } = fromBinary(ModelProtoSchema, model(precision));
  return graph?.node.map(({ opType }) => opType).filter((kind) => kind !== 'Identity') ?? [];
}

describe('the table of operators', () => {
  it('has every operator of the forms that are served', () => {
    const served = new Set(networkCases().flatMap(kinds));
    expect(served.size).toBeGreaterThan(15);
    expect([...served].filter((kind) => !operatorCases().flatMap(kinds).includes(kind))).toEqual([]);
  });
});

describe.runIf(environment !== undefined)('on WebGPU as on the cpu', () => {
  let outcomes: Map<string, Outcome>;
  beforeAll(async () => {
    const script = join(import.meta.dirname, 'run.ts');
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script], {
      env: { ...process.env, ...vulkan },
      maxBuffer: 2 ** 24,
    });
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    outcomes = new Map(
      lines.map((line) => outcomeSchema.parse(JSON.parse(line))).map((outcome) => [outcome.name, outcome]),
    );
  });

  it.each([...operatorCases(), ...networkCases()])('$name', (each) => {
    const outcome = outcomes.get(each.name);
    if (!outcome) throw new Error('it was not run');
    expectClose(outcome, each);
  });
});

describe.runIf(environment !== undefined)('the program on WebGPU', () => {
  let folder: string;
  let photo: string;
  const program = createProgram(() => ({ IMPASTO_STATE: folder, ...vulkan }));
  beforeAll(async () => {
    folder = temporaryFolder();
    photo = join(folder, 'photo.png');
    await sharp(samplePhotos()[0]?.file).resize(64, 64, { fit: 'cover' }).png().toFile(photo);
  });
  afterAll(async () => {
    await program.endAll();
    await rm(folder, { recursive: true });
  });

  async function made(args: readonly string[], env: Record<string, string>): Promise<[Buffer, string]> {
    const out = join(folder, `${Object.values(env).join('-')}.png`);
    const part = program.run([...args, photo, '-o', out], { PROVIDER_FALLBACK: 'off', ...env });
    expect(await part.ended(), part.said()).toBe(0);
    return [await pixels(sharp(out)), part.said()];
  }

  it.each([
    ['a painting', ['stylize', 'starry-night'], 64],
    ['an enlargement', ['upscale', 'x4'], 256],
  ])('makes %s of 64² as on the cpu, and in half precision nearly so', async (_, args, side) => {
    const [expected] = await made(args, { PROVIDER: 'cpu' });
    expect(expected).toHaveLength(3 * side ** 2);
    for (const [precision, { most, mean }] of Object.entries(TOLERANCE)) {
      const [got, said] = await made(args, { PROVIDER: 'webgpu', PRECISION: precision });
      expect(said).toContain(`Networks run on webgpu, in ${precision}.`);
      const away = expected.map((value, at) => Math.abs(value - (got[at] ?? 255)));
      // Both are rounded.
      expect(away.reduce((farthest, value) => Math.max(farthest, value), 0)).toBeLessThanOrEqual(most + 1);
      expect(away.reduce((sum, value) => sum + value, 0) / away.length).toBeLessThan(mean);
    }
  });

  it('finds a provider by itself, and says which', async () => {
    const [, said] = await made(['stylize', 'starry-night'], { PROVIDER: 'auto' });
    expect(said).toMatch(/^Networks run on (?:webgpu|cuda|the cpu), in float(?:16|32)\.$/m);
  });
});
