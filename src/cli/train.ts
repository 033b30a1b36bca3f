import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import { encode } from '../images/encode.ts';
import { stylesOf } from '../inference/catalogue.ts';
import type { StyleEntry } from '../inference/catalogue-schema.ts';
import { openSession } from '../inference/session.ts';
import { PREPROCESSINGS, type Preprocessing } from '../training/loss-network/preprocessing.ts';
import { strip } from '../training/previews.ts';
import { checkPlace, listed, publishStyle, type StyleInit } from '../training/publish.ts';
import type { StyleRecipe } from '../training/recipe.ts';
import { type TrainedStyle, trainStyle } from '../training/train-style.ts';
import { weightsOf } from '../training/trainer.ts';
import { toName, toNumber, toText, toYear } from './arguments.ts';
import { type ComputeDefaults, type ComputeFlags, withComputing } from './compute-options.ts';
import { samplePhotos } from './samples.ts';
import { stopSignal } from './stop-signal.ts';

interface TrainFlags extends ComputeFlags, Partial<StyleRecipe> {
  readonly name: string;
  readonly artwork: string;
  readonly photos: string;
  readonly lossNetwork?: string;
  readonly preprocessing?: Preprocessing;
  readonly from?: string;
  readonly teacher?: string;
  readonly resume?: true;
  readonly folder?: string;
  readonly previewPhoto?: string[];
  readonly checkpointMinutes: number;
  readonly title?: string;
  readonly artist?: string;
  readonly year?: number;
  readonly credit?: string;
  readonly photosCredit?: string;
  readonly emoji?: string;
  readonly publish?: true;
}

/**
 * `impasto train style`: a transform network for one artwork.
 *
 * @param defaults.state the folder below which each training has a folder of its own
 */
export function addTrainStyle(train: Command, defaults: ComputeDefaults & Pick<Config, 'state'>): void {
  withComputing(train.command('style'), defaults)
    .description('train a transform network that paints like an artwork')
    .requiredOption('--name <name>', 'the style’s name, lower-case words joined by hyphens', toName)
    .requiredOption('--artwork <file>', 'the picture whose style is learnt')
    .requiredOption('--photos <folder>', 'photographs to train on: any folder, COCO’s, DIV2K’s')
    .option('--loss-network <path>', 'VGG-16 or VGG-19: a folder of .npy, ONNX, or torchvision’s safetensors')
    .addOption(
      new Option('--preprocessing <convention>', 'what the loss network was trained to be given').choices(
        PREPROCESSINGS,
      ),
    )
    .addOption(new Option('--from <network>', 'a finished network (.onnx) to start from').conflicts('resume'))
    .option('--teacher <network>', 'a finished network (.onnx) to learn from, in place of features')
    .option('--resume', 'go on from the last checkpoint')
    .option('--folder <folder>', 'where checkpoints and previews go (default: below the state folder)')
    .option('--preview-photo <file...>', 'photos to paint at every checkpoint (default: three sample photos)')
    .option('--checkpoint-minutes <minutes>', 'how often to save', toNumber, 5)
    .option('--title <title>', 'the artwork’s title, for its credit', toText)
    .option('--artist <artist>', 'who made it', toText)
    .option('--year <year>', 'when', toYear)
    .option('--credit <credit>', 'on what terms it may be used (default: public domain)', toText)
    .option(
      '--photos-credit <credit>',
      'whose the photographs are, and on what terms they may be used',
      toText,
    )
    .option('--emoji <emoji>', 'the reaction that asks for this style', toText)
    .option('--publish', 'put the network into the catalogue even where the training was stopped')
    .optionsGroup(
      'Recipe (defaults are the recommended ones; the meaning of each stands in docs/training.md):',
    )
    .option('--iterations <steps>', 'steps in all', toNumber)
    .addOption(
      new Option('--width <width>', 'channels: half 16-32-64, full 32-64-128').choices(['half', 'full']),
    )
    .option('--batch <count>', 'crops per step', toNumber)
    .option('--crop <pixels>', 'side of the crops', toNumber)
    .option('--photo-short-side <pixels>', 'short side to which photos are resized', toNumber)
    .option('--artwork-short-side <pixels>', 'short side of the artwork: the size of the strokes', toNumber)
    .option('--artwork-blur <pixels>', 'σ of the Gaussian that softens the artwork’s grain', toNumber)
    .option('--content-layer <layer>', 'where features are compared')
    .option('--content-weight <weight>', 'weight of the feature loss', toNumber)
    .option('--style-layers <layer...>', 'where Gram matrices are compared')
    .option('--style-weight <weight>', 'weight of the style loss', toNumber)
    .option('--total-variation-weight <weight>', 'weight of total variation', toNumber)
    .addOption(new Option('--pooling <kind>', 'pooling in the loss network').choices(['max', 'average']))
    .addOption(new Option('--judged <part>', 'where features are compared').choices(['whole', 'inner']))
    .option('--consistency-weight <weight>', 'weight of painting alike wherever the grid lies', toNumber)
    .option('--no-flips', 'do not mirror half of the crops')
    .option('--rate <rate>', 'Adam’s learning rate', toNumber)
    .addOption(new Option('--schedule <kind>', 'how the rate falls').choices(['constant', 'cosine']))
    .option('--seed <seed>', 'of the first weights and of the order of photos', toNumber)
    .action(async (flags: TrainFlags) => run(flags, defaults.state));
}

async function run(flags: TrainFlags, state: string): Promise<void> {
  const { name } = flags;
  const folder = flags.folder ?? join(state, 'training', name);
  const previewPhotos = flags.previewPhoto ?? samplePhotos().map(({ file }) => file);
  const entry = toEntry(flags, { recipe: {} }, await inCatalogue(flags));
  if (entry) await checkPlace(flags.models, { ...entry, kind: 'style' });
  else if (flags.publish) {
    throw new UserError('credit-missing', 'To publish, give --title, --artist, --year and --emoji too.');
  }
  const signal = stopSignal('Stopping after this step, to save. Once more to stop at once.');
  const trained = await trainStyle({
    name,
    artwork: flags.artwork,
    photos: flags.photos,
    lossNetwork: flags.lossNetwork,
    preprocessing: flags.preprocessing,
    previewPhotos,
    from: flags.from,
    teacher: flags.teacher,
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
async function publish(flags: TrainFlags, trained: TrainedStyle): Promise<void> {
  const { name, models } = flags;
  const known = await inCatalogue(flags);
  const entry = toEntry(flags, trained, known);
  if (!entry) {
    console.log('To put it into the catalogue, give --title, --artist, --year and --emoji.');
  } else if (!flags.publish && !trained.finished) {
    console.log(
      'The catalogue stays as it is, for the training was stopped: --publish puts it there all the same.',
    );
  } else if (!flags.publish && known && !known.provisional) {
    console.log(
      `The catalogue keeps its ${name}, which is finished; --resume --publish puts this provisional one in its place.`,
    );
  } else {
    const preview = await encode(await strip(trained.paintings), { format: 'jpeg', quality: 88 });
    await publishStyle(models, entry, weightsOf(trained.state), preview);
    console.log(
      `${name} stands in ${join(models, 'catalogue.json')}, provisional until it has been evaluated.`,
    );
  }
}

async function inCatalogue(flags: Pick<TrainFlags, 'models' | 'name'>): Promise<StyleEntry | undefined> {
  return stylesOf({ networks: await listed(flags.models) }).find(({ name }) => name === flags.name);
}

const RECIPE_KEYS: readonly (keyof StyleRecipe)[] = [
  'iterations',
  'width',
  'batch',
  'crop',
  'judged',
  'photoShortSide',
  'artworkShortSide',
  'artworkBlur',
  'contentLayer',
  'contentWeight',
  'styleLayers',
  'styleWeight',
  'totalVariationWeight',
  'consistencyWeight',
  'pooling',
  'rate',
  'schedule',
  'seed',
];

/** What is given of the recipe, and nothing else. */
function recipeOf(flags: TrainFlags): Partial<StyleRecipe> {
  const given = RECIPE_KEYS.flatMap((key) => (flags[key] === undefined ? [] : [[key, flags[key]]]));
  return { ...Object.fromEntries(given), ...(flags.flips === false ? { flips: false } : {}) };
}

/** The style's catalogue entry; undefined where its credit is neither given nor known. */
function toEntry(
  flags: TrainFlags,
  { recipe }: Pick<TrainedStyle, 'recipe'>,
  known: StyleEntry | undefined,
): StyleInit | undefined {
  const { title = known?.artwork.title, artist = known?.artwork.artist, year = known?.artwork.year } = flags;
  const emoji = flags.emoji ?? known?.emoji;
  if (title === undefined || artist === undefined || year === undefined || emoji === undefined)
    return undefined;
  const photosCredit = flags.photosCredit ?? known?.recipe.photosCredit ?? 'not stated';
  return {
    name: flags.name,
    emoji,
    provisional: true,
    artwork: { title, artist, year, credit: flags.credit ?? known?.artwork.credit ?? 'public domain' },
    recipe: { ...recipe, photosCredit },
    scores: {},
  };
}
