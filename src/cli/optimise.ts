import type { Command } from 'commander';
import { nearest } from '../commands/near.ts';
import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import { encode } from '../images/encode.ts';
import type { Picture } from '../images/picture.ts';
import { resize } from '../images/resample.ts';
import { findStyle, loadCatalogue } from '../inference/catalogue.ts';
import { NETWORK_NAME } from '../inference/catalogue-schema.ts';
import { fromPlanes, toPlanes } from '../inference/planes.ts';
import { openSession } from '../inference/session.ts';
import { requireLayers } from '../training/features.ts';
import { BASELINE, Objective } from '../training/optimisation.ts';
import { decodeOwn, readOwn } from '../training/own-file.ts';
import { objectiveOf, type StyleRecipe, styleRecipeSchema, trainedRecipe } from '../training/recipe.ts';
import { createProgress } from '../training/report/progress.ts';
import type { OpenSession } from '../training/session-values.ts';
import { styleTargets } from '../training/style-targets.ts';
import { toCount } from './arguments.ts';
import { type ComputeDefaults, type ComputeFlags, withComputing } from './compute-options.ts';
import { checkOutput, readPictureFile, writeWhole } from './picture-files.ts';
import { stopSignal } from './stop-signal.ts';
import { readJudge, readTrainedWith, type TrainedWith } from './style-inputs.ts';

interface OptimiseFlags extends ComputeFlags {
  readonly style: string;
  readonly output: string;
  readonly iterations: number;
  readonly size: number;
  readonly lossNetwork?: string;
}

/** The loss network halves a picture three times before its last layer. */
const LEAST_SIDE = 16;

/**
 * `impasto optimise PHOTO --style STYLE -o OUT`: the picture that a style's network stands in for, by Gatys's optimisation.
 * Ctrl-C ends it with the best painting so far; OUT is written as a whole or not at all.
 *
 * @param defaults.data holds `artworks` and `loss-network`
 */
export function addOptimise(
  program: Command,
  defaults: ComputeDefaults & Pick<Config, 'data' | 'pictureMegabytes'>,
): void {
  withComputing(program.command('optimise'), defaults)
    .description('paint a photo by Gatys’s optimisation, without a network: minutes in place of a moment')
    .argument('<photo>', 'JPEG, PNG, WebP or GIF')
    .requiredOption('--style <style>', 'a style of the catalogue, by its own recipe, or any artwork’s file')
    .requiredOption('-o, --output <file>', 'the painting: .jpg, .jpeg, .png, .webp or .gif')
    .option('--iterations <count>', 'evaluations of loss and gradient', toCount, 500)
    .option('--size <pixels>', 'long side of the painting at most; time grows with the pixels', toCount, 512)
    .option('--loss-network <path>', 'the judge (default: loss-network below IMPASTO_DATA)')
    .action(async (photo: string, flags: OptimiseFlags) => run(photo, flags, defaults));
}

async function run(
  photo: string,
  flags: OptimiseFlags,
  { data, pictureMegabytes }: Pick<Config, 'data' | 'pictureMegabytes'>,
): Promise<void> {
  const { output, iterations, size } = flags;
  const format = await checkOutput(output);
  const bytes = await readPictureFile(photo, pictureMegabytes * 1024 * 1024);
  const content = await fitted(await decodeOwn(bytes, photo, 'photo'), size);
  const { artwork, lossNetwork, recipe } = await styleOf(flags, data);
  const open: OpenSession = (model) => openSession(model, flags);
  const targets = await styleTargets(artwork, lossNetwork, recipe, open);
  const signal = stopSignal(
    'Stopping after this iteration, to write the painting. Once more to stop at once.',
  );
  const progress = createProgress({ label: 'optimise', total: iterations, done: 0, stream: process.stderr });
  const objective = await Objective.create(content, targets, lossNetwork, objectiveOf(recipe), open);
  let done = 0;
  try {
    const planes = await objective.optimise(
      toPlanes(content),
      { ...BASELINE, iterations },
      {
        onEvaluation: (count, _, value) => {
          done = count;
          progress.update(count, { objective: value });
        },
        signal,
      },
    );
    const painting = fromPlanes(planes, content.width, content.height);
    const { alpha } = content;
    await writeWhole(output, await encode(alpha ? { ...painting, alpha } : painting, { format }));
  } finally {
    progress.stop();
    await objective.close();
  }
  const stopped = signal.aborted ? ', stopped' : '';
  console.log(`${output}: ${content.width} × ${content.height} pixels, ${done} iterations${stopped}`);
}

/** A style of the catalogue, which is painted by the recipe of its network; or an artwork's file, by the default recipe. */
async function styleOf(
  { style, models, lossNetwork }: OptimiseFlags,
  data: string | undefined,
): Promise<Pick<TrainedWith, 'artwork' | 'lossNetwork'> & { recipe: StyleRecipe }> {
  if (NETWORK_NAME.test(style)) {
    const entry = findStyle(await loadCatalogue(models), style, nearest);
    const trained = await readTrainedWith(entry, { models, lossNetwork, data });
    return { ...trained, recipe: trainedRecipe(entry.recipe, style) };
  }
  const artwork = await decodeOwn(await readOwn(style, 'artwork'), style, 'artwork');
  const recipe = styleRecipeSchema.parse({});
  const judge = await readJudge(lossNetwork, data);
  requireLayers(judge, [...recipe.styleLayers, recipe.contentLayer]);
  return { artwork, lossNetwork: judge, recipe };
}

/** A picture whose long side is at most `size`. @throws UserError `photo-too-small` */
async function fitted(picture: Picture, size: number): Promise<Picture> {
  const scale = Math.min(1, size / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width, picture.height].map((side) => Math.round(side * scale));
  if (!width || !height || Math.min(width, height) < LEAST_SIDE) {
    throw new UserError(
      'photo-too-small',
      `The photo would have a side of less than ${LEAST_SIDE} pixels. Give a larger --size, or another photo.`,
      { data: { width: width ?? 0, height: height ?? 0 } },
    );
  }
  return resize(picture, width, height);
}
