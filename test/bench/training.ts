import { readFileSync } from 'node:fs';
import { HALF_WIDTH, styleNetwork } from '../../src/graph/networks/style.ts';
import { openSession } from '../../src/inference/session.ts';
import { LossNetwork, type LossNetworkWeights } from '../../src/training/features.ts';
import { styleRecipeSchema } from '../../src/training/recipe.ts';
import { beginning, createStyleTrainer } from '../../src/training/style-trainer.ts';
import type { Figure } from './report.ts';
import { matrixProduct, noise, operationsOf, race } from './subjects.ts';

const MOST_MB = 4096;

/** VGG-19 to relu4_3: output channels by block. Speed does not depend on the values of weights. */
const VGG = [
  [64, 64],
  [128, 128],
  [256, 256, 256, 256],
  [512, 512, 512],
];

/** A step of training, against the product of two matrices of the same operation count. */
export async function benchTraining(threads: number): Promise<Figure[]> {
  const recipe = styleRecipeSchema.parse({ batch: 4, crop: 160 });
  const { batch, crop } = recipe;
  const lossNetwork = randomVgg();
  const targets = new Map(
    recipe.styleLayers.map((layer, block) => {
      const channels = 64 * 2 ** block;
      return [layer, { dims: [1, channels, channels], data: new Float32Array(channels ** 2) }];
    }),
  );
  const photos = noise(3 * batch * crop * crop).map((value) => 127.5 + 127.5 * value);
  const trainer = await createStyleTrainer({
    recipe,
    lossNetwork,
    targets,
    teacher: undefined,
    photos: { batch: async () => photos },
    state: beginning(recipe),
    open: (model) => openSession(model, { provider: 'cpu', threads }),
  });
  const transform = operationsOf((image, weights) => styleNetwork(image, weights, HALF_WIDTH), crop);
  const phi = (layers: readonly string[]): number =>
    operationsOf((image) => new LossNetwork(lossNetwork).features(image, layers), crop);
  const step = {
    name: `a training step, ${batch} × ${crop}², half width, ${threads} threads`,
    // Forward, and for each weight and each input as much again; the loss network has no gradients of weights.
    operations: batch * (3 * transform + 2 * phi(recipe.styleLayers) + phi([recipe.contentLayer])),
    run: () => trainer.step(),
    seconds: Number.POSITIVE_INFINITY,
  };
  const product = await matrixProduct(threads);
  await race([product, step]);
  const ratio = step.seconds / (step.operations * (product.seconds / product.operations));
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
  return [
    { name: `${step.name}: against a matrix product`, value: ratio, unit: 'ratio', most: 2 },
    { name: 'peak memory of this process, training included', value: peak, unit: 'MB', most: MOST_MB },
  ];
}

function randomVgg(): LossNetworkWeights {
  let inChannels = 3;
  const layers = VGG.flatMap((block, index) =>
    block.map((outChannels, place) => {
      const spread = Math.sqrt(6 / (9 * inChannels));
      const weight = noise(outChannels * inChannels * 9).map((value) => spread * value);
      const layer = {
        name: `conv${index + 1}_${place + 1}`,
        outChannels,
        inChannels,
        weight,
        bias: new Float32Array(outChannels),
      };
      inChannels = outChannels;
      return layer;
    }),
  );
  return { layers, mean: [124, 117, 104] };
}
