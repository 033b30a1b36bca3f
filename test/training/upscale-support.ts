import { join } from 'node:path';
import { resizeBicubic } from '../../src/images/bicubic.ts';
import { toPlanes } from '../../src/inference/planes.ts';
import type { TrainUpscaleOptions } from '../../src/training/train-upscale.ts';
import type { PhotoBatches } from '../../src/training/trainer.ts';
import { type UpscaleRecipe, upscaleRecipeSchema } from '../../src/training/upscale-recipe.ts';
import { putPicture, type TinyHouse, tinyHouse, trainingOf, waves } from './support.ts';

const TINY = { patch: 8, batch: 1, factor: 2, iterations: 6, holdOut: 1 } as const;

/** A recipe whose steps take little. */
export function tinyUpscaleRecipe(given: Partial<UpscaleRecipe> = {}): UpscaleRecipe {
  return upscaleRecipeSchema.parse({ ...TINY, ...given });
}

/** Pairs without a folder, others at every step and the same for the same step. */
export function wavePairs({ batch, patch, factor }: UpscaleRecipe): PhotoBatches {
  return {
    batch: async (step) => {
      const highs = Array.from({ length: batch }, (_, slot) =>
        waves(100 * step + slot, factor * patch, factor * patch),
      );
      const lows = highs.map((high) => resizeBicubic(high, patch, patch));
      return Float32Array.from([...lows, ...highs].flatMap((picture) => [...toPlanes(picture)]));
    },
  };
}

/** A house whose photos are large enough to be made small. */
export async function tinyUpscaleHouse(): Promise<TinyHouse> {
  const house = await tinyHouse();
  for (let number = 0; number < 4; number++)
    await putPicture(join(house.photos, `photo-${number}.png`), waves(number, 96, 80));
  return house;
}

/** Options for `trainUpscale` on a tiny house, and what it has said so far. */
export function upscaleTrainingOf(
  house: TinyHouse,
  given: Partial<TrainUpscaleOptions> = {},
): { options: TrainUpscaleOptions; said: () => string } {
  const { options, said } = trainingOf(house);
  const { photos, lossNetwork, folder, open, stream, signal } = options;
  return {
    options: {
      ...{
        name: 'waves',
        photos,
        lossNetwork,
        folder,
        open,
        stream,
        signal,
        previewPhotos: [],
        resume: false,
      },
      recipe: TINY,
      checkpointSeconds: 3600,
      ...given,
    },
    said,
  };
}
