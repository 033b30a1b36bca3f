import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import { readNetwork } from '../graph/network-file.ts';
import type { Picture } from '../images/picture.ts';
import { centreCrop, resizeShortSide } from '../images/resample.ts';
import { findStyle, loadCatalogue, readPublished } from '../inference/catalogue.ts';
import type { StyleEntry } from '../inference/catalogue-schema.ts';
import { type ProviderChoice, trainingProvider } from '../inference/providers.ts';
import { openSession } from '../inference/session.ts';
import { evaluateStyle, passesBar, type Scored, type StyleEvaluation } from '../training/evaluate-style.ts';
import { loadLossNetwork } from '../training/loss-network/load.ts';
import { foldPreprocessing } from '../training/loss-network/preprocessing.ts';
import { notedPreprocessing } from '../training/network-metadata.ts';
import { BASELINE, type OptimisationSettings } from '../training/optimisation.ts';
import { decodeOwn, readOwn } from '../training/own-file.ts';
import { openPhotos } from '../training/photos/source.ts';
import { saveEntry } from '../training/publish.ts';
import { objectiveOf, trainedRecipe } from '../training/recipe.ts';
import { scoreCache } from '../training/score-cache.ts';
import type { OpenSession } from '../training/session-values.ts';
import { styleTargets } from '../training/style-targets.ts';
import { toCount } from './arguments.ts';
import { providerOption } from './provider-option.ts';

interface EvaluateFlags {
  readonly photos: string;
  readonly againstOptimisation: number;
  readonly limit?: number;
  readonly artwork?: string;
  readonly lossNetwork?: string;
  readonly models: string;
  readonly threads: number;
  readonly provider: ProviderChoice;
  readonly json?: true;
  readonly record?: true;
}

/** Side of the squares on which styles are compared, in pixels: the paper's. */
const SIDE = 256;

/**
 * `impasto evaluate style`: a network's objective beside that of Gatys's optimisation.
 *
 * @param defaults.data holds `artworks/STYLE.jpg` and `loss-network`; without it both have to be given
 * @param defaults.state keeps the optimisation's scores
 */
export function addEvaluateStyle(
  evaluate: Command,
  defaults: Pick<Config, 'data' | 'state' | 'models' | 'provider' | 'threads'>,
): void {
  evaluate
    .command('style')
    .description('compare a style’s network with the optimisation that it stands in for')
    .argument('<style>', 'a style of the catalogue')
    .requiredOption('--photos <folder>', 'photographs that training did not see')
    .requiredOption(
      '--against-optimisation <iterations>',
      'evaluations of loss and gradient for L-BFGS',
      toCount,
    )
    .option('--limit <count>', 'take the first so many photos only', toCount)
    .option('--artwork <file>', 'the style’s artwork (default: artworks/STYLE.jpg below IMPASTO_DATA)')
    .option('--loss-network <path>', 'what it was trained with (default: loss-network below IMPASTO_DATA)')
    .option('--models <folder>', 'the catalogue’s folder', defaults.models)
    .option('--threads <count>', 'threads of onnxruntime', toCount, defaults.threads)
    .addOption(providerOption(defaults.provider))
    .option(
      '--record',
      'write the scores into the catalogue and the card; a style that passes is no longer provisional',
    )
    .option('--json', 'print JSON only')
    .action(async (style: string, flags: EvaluateFlags) => run(style, flags, defaults));
}

async function run(
  style: string,
  flags: EvaluateFlags,
  defaults: Pick<Config, 'data' | 'state'>,
): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const { threads } = flags;
  const provider = await trainingProvider(flags.provider);
  const open: OpenSession = (model) => openSession(model, { provider, threads });
  if (flags.record && flags.limit !== undefined) {
    throw new UserError(
      'record-limited',
      'Scores of some of the photos are not recorded: leave out --limit or --record.',
    );
  }
  const artworkFile = flags.artwork ?? below(defaults.data, 'artworks', `${style}.jpg`);
  const lossNetworkPath = flags.lossNetwork ?? below(defaults.data, 'loss-network');
  const catalogue = await loadCatalogue(flags.models);
  const entry = findStyle(catalogue, style);
  const { weights } = readNetwork(await readPublished(catalogue, entry));
  const recipe = trainedRecipe(entry.recipe, style);
  const photos = await readPhotos(flags.photos, flags.limit);
  const preprocessing = notedPreprocessing(entry.recipe);
  const published = await loadLossNetwork(lossNetworkPath, { preprocessing });
  const artwork = await readOwn(artworkFile, 'artwork');
  const hashes = { artwork: createHash('sha256').update(artwork).digest('hex'), lossNetwork: published.hash };
  checkSame(entry, hashes);

  const lossNetwork = foldPreprocessing(published);
  const picture = await decodeOwn(artwork, artworkFile, 'artwork');
  const targets = await styleTargets(picture, lossNetwork, recipe, open);
  const settings: OptimisationSettings = { ...BASELINE, iterations: flags.againstOptimisation };
  const subject = {
    objective: objectiveOf(recipe),
    ...hashes,
    preprocessing: published.preprocessing,
    artworkShortSide: recipe.artworkShortSide,
    artworkBlur: recipe.artworkBlur,
    settings: { ...settings },
  };
  say(protocol(settings));
  const result = await evaluateStyle({
    style,
    weights,
    photos,
    targets,
    lossNetwork,
    recipe,
    settings,
    open,
    cache: scoreCache(join(defaults.state, 'evaluations'), subject),
    onPhoto: (index, ours, theirs) =>
      say(
        `${index + 1}/${photos.length}: network ${Math.round(ours.objective)}, optimisation ${Math.round(theirs.objective)}`,
      ),
  });
  console.log(flags.json ? JSON.stringify(result) : table(result));
  if (flags.record) await record(flags.models, entry, result);
}

/** A path below the data folder. @throws UserError `data-unset` */
function below(data: string | undefined, ...parts: readonly string[]): string {
  if (data !== undefined) return join(data, ...parts);
  throw new UserError(
    'data-unset',
    'Give --artwork and --loss-network, or set IMPASTO_DATA to a folder that holds artworks/STYLE.jpg and loss-network.',
  );
}

/** A network that is no worse than the bar is finished: its entry is no longer provisional. */
async function record(models: string, entry: StyleEntry, result: StyleEvaluation): Promise<void> {
  const { style: _, ...scores } = result;
  const { provisional: __, ...rest } = entry;
  await saveEntry(models, { ...rest, ...(passesBar(result) ? {} : { provisional: true }), scores });
}

/** The squares on which styles are compared. */
async function readPhotos(folder: string, limit = Number.POSITIVE_INFINITY): Promise<Picture[]> {
  const { files } = await openPhotos(folder);
  const photos: Picture[] = [];
  for (const file of files.slice(0, limit)) {
    const path = join(folder, file);
    const picture = await decodeOwn(await readOwn(path, 'photo'), path, 'photo');
    photos.push(await centreCrop(await resizeShortSide(picture, SIDE), SIDE));
  }
  return photos;
}

/** Scores compare only under what the network was trained with. @throws UserError `evaluation-mismatch` */
function checkSame(entry: StyleEntry, hashes: { artwork: string; lossNetwork: string }): void {
  for (const [what, hash] of Object.entries(hashes)) {
    if (!String(entry.recipe[what]).endsWith(hash)) {
      throw new UserError(
        'evaluation-mismatch',
        `${entry.name} was trained with another ${what} than the one given.`,
      );
    }
  }
}

/** How both sides are made and measured, so that the scores can be read without the source. */
function protocol(settings: OptimisationSettings): string {
  return (
    `Photos: short side ${SIDE}, centre ${SIDE} × ${SIDE}. Optimisation: L-BFGS, ${settings.iterations} evaluations of loss and ` +
    `gradient, history ${settings.history}, full step halved until Armijo's condition holds, from Gaussian noise ` +
    `(127.5 ± ${settings.noise}, seed ${settings.seed}). Both clipped to 0–255, rounded and scored by the same graph.`
  );
}

function table({ style, photos, network, optimisation, ratio }: StyleEvaluation): string {
  const row = (name: string, cells: readonly (string | number)[]): string =>
    name.padEnd(24) + cells.map((cell) => String(cell).padStart(12)).join('');
  const scores = ({ objective, feature, style, totalVariation, seconds }: Scored): (string | number)[] => [
    ...[objective, feature, style, totalVariation].map(Math.round),
    seconds.toFixed(3),
  ];
  return [
    `${style}, means over ${photos} photos`,
    row('', ['objective', 'feature', 'style', 'variation', 'seconds']),
    row('network', scores(network)),
    row(`optimisation, ${optimisation.iterations}`, scores(optimisation)),
    `The network's objective is ${ratio.objective.toFixed(3)} times the optimisation's, and it is ${Math.round(ratio.time)} times as fast.`,
  ].join('\n');
}
