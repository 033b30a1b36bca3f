import { readFileSync } from 'node:fs';
import { Tensor } from 'onnxruntime-node';
import { Graph } from '../../dist/graph/graph.js';
import { toModel } from '../../dist/graph/model.js';
import { servingGraph } from '../../dist/graph/networks/serving.js';
import { HALF_WIDTH, styleNetwork, styleParameters } from '../../dist/graph/networks/style.js';
import { matmul } from '../../dist/graph/operators/matmul.js';
import { openSession } from '../../dist/inference/session.js';
import { LossNetwork } from '../../dist/training/features.js';
import { initialWeights } from '../../dist/training/initial-weights.js';
import { styleRecipeSchema } from '../../dist/training/recipe.js';
import { beginning, createStyleTrainer } from '../../dist/training/style-trainer.js';
import { say } from './run.mjs';

const ROUNDS = 5;
const SIDE = 2048;
const MEMORY_GIB = 4;
/** VGG-19 to relu4_3: output channels by block. Speed does not depend on the values of weights. */
const VGG = [
  [64, 64],
  [128, 128],
  [256, 256, 256, 256],
  [512, 512, 512],
];

/**
 * @typedef {{name: string, limit?: number, operations: number, run: () => Promise<unknown>, best: number}} Subject
 */

/** @param {number} threads of every session */
export async function bench(threads) {
  const open = (model) => openSession(model, { provider: 'cpu', threads });
  const product = await matrixProduct(open);
  const subjects = [await trainingStep(open), await picture(open, 256), await picture(open, 512)];
  for (const subject of [product, ...subjects]) await subject.run();
  for (let round = 0; round < ROUNDS; round++) {
    // Interleaved, so that whatever else the machine does meets all alike.
    for (const subject of [product, ...subjects])
      subject.best = Math.min(subject.best, await seconds(subject.run));
  }
  const speed = product.operations / product.best;
  say(
    `A product of two ${SIDE} × ${SIDE} matrices on ${threads} threads: ${(speed / 1e9).toFixed(0)} GFLOP/s.`,
  );
  for (const { name, limit, operations, best } of subjects) {
    const ratio = best / (operations / speed);
    const bar =
      limit === undefined ? '' : ` (at most ${limit.toFixed(1)}: ${ratio <= limit ? 'held' : 'MISSED'})`;
    const count = `${(operations / 1e9).toFixed(1)} GFLOP`;
    say(`${name}: ${best.toFixed(3)} s, ${count}, ${ratio.toFixed(2)} times a matrix product${bar}`);
    if (limit !== undefined && ratio > limit) process.exitCode = 1;
  }
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024 ** 2;
  const held = peak <= MEMORY_GIB ? 'held' : 'MISSED';
  say(
    `The largest memory of this process, training included: ${peak.toFixed(2)} GiB (at most ${MEMORY_GIB}: ${held})`,
  );
  if (peak > MEMORY_GIB) process.exitCode = 1;
}

/** @returns {Promise<Subject>} */
async function matrixProduct(open) {
  const graph = new Graph();
  const dims = [SIDE, SIDE];
  const session = await open(toModel(graph, { c: matmul(graph.input('a', dims), graph.input('b', dims)) }));
  const [a, b] = [noise(SIDE * SIDE), noise(SIDE * SIDE)].map((data) => new Tensor('float32', data, dims));
  return { name: 'product', operations: 2 * SIDE ** 3, run: () => session.run({ a, b }), best: Infinity };
}

/** @returns {Promise<Subject>} */
async function trainingStep(open) {
  const recipe = styleRecipeSchema.parse({ batch: 4, crop: 160 });
  const { batch, crop } = recipe;
  const lossNetwork = randomVgg();
  const targets = new Map(
    [64, 128, 256, 512].map((channels, block) => [
      recipe.styleLayers[block],
      { dims: [1, channels, channels], data: new Float32Array(channels ** 2) },
    ]),
  );
  const photos = noise(3 * batch * crop * crop).map((value) => 127.5 + 127.5 * value);
  const trainer = await createStyleTrainer({
    recipe,
    lossNetwork,
    targets,
    photos: { batch: async () => photos },
    state: beginning(recipe),
    open,
  });
  const dims = [batch, 3, crop, crop];
  const transform = operations((image) => styleNetwork(image, parameter(image), HALF_WIDTH), dims);
  const phi = (layers) => operations((image) => new LossNetwork(lossNetwork).features(image, layers), dims);
  return {
    name: `A training step, ${batch} × ${crop}², half width`,
    limit: 2,
    // Forward, and for each weight and each input as much again; the loss network has no gradients of weights.
    operations: 3 * transform + 2 * phi(recipe.styleLayers) + phi([recipe.contentLayer]),
    run: () => trainer.step(),
    best: Infinity,
  };
}

/** @returns {Promise<Subject>} */
async function picture(open, side) {
  const weights = initialWeights(styleParameters(HALF_WIDTH), 1);
  const session = await open(servingGraph(weights));
  const dims = [1, 3, side, side];
  const image = new Tensor(
    'float32',
    noise(3 * side * side).map((value) => 127.5 + 127.5 * value),
    dims,
  );
  return {
    name: `A picture of ${side}², half width`,
    limit: side === 256 ? 1.5 : undefined,
    operations: operations((input) => styleNetwork(input, parameter(input), HALF_WIDTH), dims),
    run: () => session.run({ image }),
    best: Infinity,
  };
}

/** Multiplications and additions of the convolutions that `build` adds for an image of these dims. */
function operations(build, dims) {
  const graph = new Graph();
  build(graph.input('image', dims));
  return graph.operations
    .filter(({ type }) => type === 'Conv')
    .map(({ inputs: [, weight], output }) => 2 * count(output.dims) * count(weight.dims.slice(1)))
    .reduce((sum, own) => sum + own, 0);
}

function count(dims) {
  return dims.reduce((product, dim) => product * dim, 1);
}

function parameter(image) {
  return (name, dims) => image.graph.input(name, dims);
}

function randomVgg() {
  let inChannels = 3;
  const layers = VGG.flatMap((block, index) =>
    block.map((outChannels, place) => {
      const spread = Math.sqrt(6 / (9 * inChannels));
      const weight = noise(outChannels * inChannels * 9).map((value) => spread * value);
      const name = `conv${index + 1}_${place + 1}`;
      const layer = { name, outChannels, inChannels, weight, bias: new Float32Array(outChannels) };
      inChannels = outChannels;
      return layer;
    }),
  );
  return { layers, mean: [124, 117, 104] };
}

/** Uniform in [−1, 1). */
function noise(length) {
  return Float32Array.from({ length }, () => 2 * Math.random() - 1);
}

async function seconds(run) {
  const began = performance.now();
  await run();
  return (performance.now() - began) / 1000;
}
