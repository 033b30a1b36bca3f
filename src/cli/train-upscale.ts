import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { Config } from '../config.ts';
import { encode } from '../images/encode.ts';
import { upscalersOf } from '../inference/catalogue.ts';
import type { UpscaleEntry } from '../inference/catalogue-schema.ts';
import { openSession } from '../inference/session.ts';
import { PREPROCESSINGS, type Preprocessing } from '../training/loss-network/preprocessing.ts';
import type { NotedRecipe } from '../training/network-metadata.ts';
import { DEGRADATIONS } from '../training/photos/degrade.ts';
import { stacked, strip } from '../training/previews.ts';
import { checkPlace, listed, publishUpscaler, type UpscaleInit } from '../training/publish.ts';
import { type TrainedUpscale, trainUpscale } from '../training/train-upscale.ts';
import { weightsOf } from '../training/trainer.ts';
import type { UpscaleRecipe } from '../training/upscale-recipe.ts';
import { toName, toNumber, toText } from './arguments.ts';
import { type ComputeDefaults, type ComputeFlags, withComputing } from './compute-options.ts';
import { samplePhotos } from './samples.ts';
import { stopSignal } from './stop-signal.ts';

interface TrainFlags extends ComputeFlags, Partial<UpscaleRecipe> {
  readonly name: string;
  readonly photos: string;
  readonly lossNetwork?: string;
  readonly preprocessing?: Preprocessing;
  readonly from?: string;
  readonly resume?: true;
  readonly folder?: string;
  readonly checkpointMinutes: number;
  readonly previewPhoto?: string[];
  readonly photosCredit?: string;
  readonly emoji?: string;
  readonly publish?: true;
}

/**
 * `impasto train upscale`: a super-resolution network.
 *
 * @param defaults.state the folder below which each training has a folder of its own
 */
export function addTrainUpscale(train: Command, defaults: ComputeDefaults & Pick<Config, 'state'>): void {
  withComputing(train.command('upscale'), defaults)
    .description('train a network that makes pictures larger')
    .requiredOption('--name <name>', 'the network’s name, lower-case words joined by hyphens', toName)
    .requiredOption('--photos <folder>', 'sharp photographs to train on: any folder, DIV2K’s')
    .option('--loss-network <path>', 'VGG-16 or VGG-19: a folder of .npy, ONNX, or torchvision’s safetensors')
    .addOption(
      new Option('--preprocessing <convention>', 'what the loss network was trained to be given').choices(
        PREPROCESSINGS,
      ),
    )
    .addOption(new Option('--from <network>', 'a finished network (.onnx) to start from').conflicts('resume'))
    .option('--resume', 'go on from the last checkpoint')
    .option('--folder <folder>', 'where checkpoints and previews go (default: below the state folder)')
    .option('--preview-photo <file...>', 'photos for the catalogue’s preview (default: three sample photos)')
    .option('--checkpoint-minutes <minutes>', 'how often to save', toNumber, 5)
    .option(
      '--photos-credit <credit>',
      'whose the photographs are, and on what terms they may be used',
      toText,
    )
    .option('--emoji <emoji>', 'the reaction that asks for this network', toText)
    .option(
      '--publish',
      'put the network into the catalogue; needed for one that was stopped or is there already',
    )
    .optionsGroup(
      'Recipe (defaults are the recommended ones; the meaning of each stands in docs/training.md):',
    )
    .option('--iterations <steps>', 'steps in all', toNumber)
    .option('--factor <factor>', '2, 4 or 8: how many times longer each side becomes', toNumber)
    .addOption(new Option('--skip <kind>', 'what the output is added to').choices(['bicubic', 'none']))
    .addOption(
      new Option('--normalisation <kind>', 'what follows each convolution').choices(['none', 'batch']),
    )
    .addOption(
      new Option('--matching <kind>', 'what is done with what the network makes').choices([
        'none',
        'histogram',
      ]),
    )
    .addOption(new Option('--loss <kind>', 'what is compared with the truth').choices(['pixel', 'feature']))
    .option('--feature-layers <layer...>', 'where features are compared')
    .addOption(
      new Option('--features <kind>', 'features as they are, or divided by their length').choices([
        'plain',
        'normalised',
      ]),
    )
    .option('--pixel-weight <weight>', 'weight of the pixels beside the features', toNumber)
    .addOption(new Option('--degradation <kind>', 'how pictures are made small').choices(DEGRADATIONS))
    .option('--jpeg-from <quality>', 'the worst quality, for the degradation jpeg', toNumber)
    .option('--jpeg-to <quality>', 'the best', toNumber)
    .option('--clean-share <part>', 'part of the crops that is not compressed', toNumber)
    .option('--text-share <part>', 'part of the crops that is of text and line art', toNumber)
    .option('--shrink <times>', 'make photos smaller first, which takes away their own compression', toNumber)
    .option('--patch <pixels>', 'side of the small crops', toNumber)
    .option('--batch <count>', 'crops per step', toNumber)
    .option('--no-flips', 'do not mirror and turn crops')
    .option('--hold-out <count>', 'photos kept out of training, to see on them how it goes', toNumber)
    .option('--rate <rate>', 'Adam’s learning rate', toNumber)
    .addOption(new Option('--schedule <kind>', 'how the rate falls').choices(['constant', 'cosine']))
    .option('--seed <seed>', 'of the first weights and of the order of photos', toNumber)
    .action(async (flags: TrainFlags) => run(flags, defaults.state));
}

async function run(flags: TrainFlags, state: string): Promise<void> {
  const { name } = flags;
  const folder = flags.folder ?? join(state, 'training', name);
  const known = await inCatalogue(flags);
  await checkPlace(flags.models, { ...toEntry(flags, {}, known), kind: 'upscale' });
  const signal = stopSignal('Stopping after this step, to save. Once more to stop at once.');
  const trained = await trainUpscale({
    name,
    photos: flags.photos,
    lossNetwork: flags.lossNetwork,
    preprocessing: flags.preprocessing,
    previewPhotos: flags.previewPhoto ?? samplePhotos().map(({ file }) => file),
    from: flags.from,
    folder,
    resume: flags.resume ?? false,
    recipe: recipeOf(flags),
    checkpointSeconds: 60 * flags.checkpointMinutes,
    open: (model) => openSession(model, flags),
    stream: process.stderr,
    signal,
  });
  console.log(
    `${join(folder, `${name}.onnx`)} has ${trained.state.step} steps${trained.finished ? '.' : '; go on with --resume.'}`,
  );
  await publish(flags, trained);
}

/** Into the catalogue, or a sentence on why not: a network of a few steps would take the place of a good one. */
async function publish(flags: TrainFlags, trained: TrainedUpscale): Promise<void> {
  const { name, models } = flags;
  const known = await inCatalogue(flags);
  if (!flags.publish && !trained.finished) {
    console.log(
      'The catalogue stays as it is, for the training was stopped: --publish puts it there all the same.',
    );
  } else if (!flags.publish && known && !known.provisional) {
    console.log(
      `The catalogue keeps its ${name}, which is finished; --resume --publish puts this provisional one in its place.`,
    );
  } else {
    const preview = stacked(await Promise.all(trained.previews.map(strip)));
    await publishUpscaler(
      models,
      toEntry(flags, trained.recipe, known),
      weightsOf(trained.state),
      trained.recipe.skip === 'none' ? 'none' : 'bicubic',
      await encode(preview, { format: 'jpeg', quality: 90 }),
    );
    console.log(
      `${name} stands in ${join(models, 'catalogue.json')}, provisional until its recorded scores reach the bar.`,
    );
  }
}

async function inCatalogue({ models, name }: TrainFlags): Promise<UpscaleEntry | undefined> {
  return upscalersOf({ networks: await listed(models) }).find((entry) => entry.name === name);
}

function toEntry(
  { name, emoji: given, photosCredit: credit, factor }: TrainFlags,
  recipe: NotedRecipe,
  known: UpscaleEntry | undefined,
): UpscaleInit {
  const emoji = given ?? known?.emoji;
  const photosCredit = credit ?? String(known?.recipe.photosCredit ?? 'not stated');
  return {
    name,
    factor: Number(recipe.factor ?? factor ?? known?.factor ?? USUAL_FACTOR),
    ...(emoji === undefined ? {} : { emoji }),
    provisional: true,
    recipe: { ...recipe, photosCredit },
    scores: {},
  };
}

/** The recipe's default. */
const USUAL_FACTOR = 4;

const RECIPE_KEYS: readonly (keyof UpscaleRecipe)[] = [
  'iterations',
  'factor',
  'skip',
  'normalisation',
  'matching',
  'loss',
  'featureLayers',
  'features',
  'pixelWeight',
  'degradation',
  'jpegFrom',
  'jpegTo',
  'cleanShare',
  'textShare',
  'shrink',
  'patch',
  'batch',
  'holdOut',
  'rate',
  'schedule',
  'seed',
];

/** What is given of the recipe, and nothing else. */
function recipeOf(flags: TrainFlags): Partial<UpscaleRecipe> {
  const given = RECIPE_KEYS.flatMap((key) => (flags[key] === undefined ? [] : [[key, flags[key]]]));
  return { ...Object.fromEntries(given), ...(flags.flips === false ? { flips: false } : {}) };
}
