import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { toModel } from '../../src/graph/model.ts';
import { HALF_WIDTH, publishedGraph, styleParameters } from '../../src/graph/networks/style.ts';
import type { WeightValues } from '../../src/graph/networks/weights.ts';
import { mirroredPart } from '../../src/inference/mirror.ts';
import { toPlanes } from '../../src/inference/planes.ts';
import { initialWeights } from '../../src/training/initial-weights.ts';
import { floats } from '../../src/training/session-values.ts';
import { beginning, createStyleTrainer } from '../../src/training/style-trainer.ts';
import { taughtPainting } from '../../src/training/teacher.ts';
import { open, tinyLossNetwork, tinyRecipe, waves, wavesOf } from './support.ts';

/** A network that paints: new weights as they begin give little but grey. */
const teacher: ReadonlyMap<string, WeightValues> = new Map(
  [...initialWeights(styleParameters(HALF_WIDTH), 5)].map(([name, { dims, data }]) => [
    name,
    { dims, data: name === 'out.weight' ? data.map((value) => 4 * value) : data },
  ]),
);

const SIDE = 40;
const picture = waves(3, SIDE, SIDE);

/** One run of the teacher's published network on the picture, which is moved and has its mirror image around it. */
async function run(shift: number): Promise<(channel: number, row: number, column: number) => number> {
  const before = 24 + shift;
  const side = before + SIDE + 24;
  const seen = mirroredPart(picture, { left: -before, top: -before, width: side, height: side });
  const session = await open(publishedGraph(teacher));
  const image = new Tensor('float32', toPlanes(seen), [1, 3, side, side]);
  const planes = Float32Array.from(floats((await session.run({ image })).painting));
  await session.release();
  return (channel, row, column) => planes[(channel * side + row + before) * side + column + before] ?? 0;
}

describe('what a teacher would have', () => {
  it('is the mean of its paintings on two places of its grid, its borders thrown away', async () => {
    const graph = new Graph();
    const taught = taughtPainting(graph.input('photos', [1, 3, SIDE, SIDE]), teacher);
    const session = await open(toModel(graph, { taught }));
    const photos = new Tensor('float32', toPlanes(picture), [1, 3, SIDE, SIDE]);
    const values = floats((await session.run({ photos })).taught);
    const runs = [await run(0), await run(2)];
    let apart = 0;
    let most = 0;
    values.forEach((value, at) => {
      const [column, row] = [at % SIDE, Math.floor(at / SIDE) % SIDE];
      const [one = 0, other = 0] = runs.map((painted) => painted(Math.floor(at / SIDE ** 2), row, column));
      most = Math.max(most, Math.abs(value - (one + other) / 2));
      apart = Math.max(apart, Math.abs(one - other));
    });
    await session.release();
    expect(apart, 'the two differ').toBeGreaterThan(1);
    expect(most).toBeLessThan(0.01);
  });
});

describe('learning from a teacher', () => {
  it('begins where the teacher is and comes nearer to what it would have', async () => {
    const recipe = tinyRecipe({ loss: 'distillation', crop: 48, rate: 2e-3, schedule: 'constant' });
    const { batch } = wavesOf(recipe);
    const trainer = await createStyleTrainer({
      recipe,
      lossNetwork: tinyLossNetwork(),
      targets: new Map(),
      teacher,
      photos: { batch: () => batch(1) },
      state: beginning(recipe, teacher),
      open,
    });
    const first = await trainer.step();
    for (let step = 0; step < 30; step++) await trainer.step();
    const last = await trainer.step();
    await trainer.close();
    expect(Object.keys(first)).toEqual(['objective', 'distillation']);
    expect(first.distillation).toBe(first.objective);
    expect(last.objective).toBeLessThan(0.5 * first.objective);
  });
});
