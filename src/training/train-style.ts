import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { readNetwork } from '../graph/network-file.ts';
import { publishedGraph } from '../graph/networks/style.ts';
import { decode } from '../images/decode.ts';
import type { Picture } from '../images/picture.ts';
import { resizeShortSide } from '../images/resample.ts';
import { saveCheckpoint } from './checkpoint.ts';
import { loadLossNetwork } from './loss-network/load.ts';
import { foldPreprocessing, type Preprocessing } from './loss-network/preprocessing.ts';
import type { OpenSession } from './optimisation.ts';
import { photoBatches } from './photos/batches.ts';
import { openPhotos } from './photos/source.ts';
import { Previews } from './previews.ts';
import type { StyleRecipe } from './recipe.ts';
import { diskError } from './report/disk-error.ts';
import { LossHistory } from './report/history.ts';
import { lossCurve } from './report/loss-curve.ts';
import { previewSheet } from './report/preview-sheet.ts';
import { createProgress } from './report/progress.ts';
import { agree, openRun, parseRecipe, type TrainingNotes } from './resume.ts';
import { runTraining } from './style-run.ts';
import { shapeOf } from './style-step.ts';
import { styleTargets } from './style-targets.ts';
import { beginning, StyleTrainer, type TrainingState, weightsOf } from './style-trainer.ts';

export interface TrainStyleOptions {
  readonly name: string;
  /** Files and folders. */
  readonly artwork: string;
  readonly photos: string;
  readonly lossNetwork: string | undefined;
  readonly preprocessing?: Preprocessing | undefined;
  readonly previewPhotos: readonly string[];
  /** A finished network to start from. */
  readonly from?: string | undefined;
  /** Where checkpoints, previews and the loss curve go: one folder for one training. */
  readonly folder: string;
  readonly resume: boolean;
  /** What is given of the recipe; the rest is default, or as it was where the training is resumed. */
  readonly recipe: Readonly<Partial<StyleRecipe>>;
  readonly checkpointSeconds: number;
  readonly open: OpenSession;
  readonly stream: NodeJS.WriteStream;
  /** Stops the training after the step at hand. */
  readonly signal: AbortSignal;
}

/** What a training comes to, finished or stopped. */
export interface TrainedStyle {
  readonly state: TrainingState;
  readonly notes: TrainingNotes;
  readonly lossNetworkName: string;
  /** The preview photos, painted. */
  readonly paintings: readonly Picture[];
  readonly finished: boolean;
}

/**
 * Train a style, from nothing, from a finished network or from a checkpoint, and leave in `folder`: checkpoints,
 * `NAME.onnx`, `losses.jsonl`, `losses.png` and `previews/step-N.png`.
 *
 * @throws UserError, ImpastoError for whatever keeps it from starting or going on; the last checkpoint is then intact
 */
export async function trainStyle(options: TrainStyleOptions): Promise<TrainedStyle> {
  const { folder, stream } = options;
  const warn = (sentence: string): void => void stream.write(`${sentence}\n`);
  const run = await openRun(folder, options.resume, options.recipe, warn);
  const recipe = run?.notes.recipe ?? parseRecipe(options.recipe);
  const published = await loadLossNetwork(options.lossNetwork, { preprocessing: options.preprocessing });
  const lossNetwork = foldPreprocessing(published);
  const artworkBytes = await readOwn(options.artwork, 'artwork');
  const source = await openPhotos(options.photos);
  const now = {
    artwork: createHash('sha256').update(artworkBytes).digest('hex'),
    lossNetwork: published.hash,
    photos: source.files.length,
  };
  if (run) agree(run.notes, now);
  const from =
    run || !options.from ? undefined : readNetwork(await readOwn(options.from, 'network to start from'));
  const stepsBefore = run?.notes.stepsBefore ?? Number(from?.metadata.get('impasto.steps') ?? 0);
  const notes: TrainingNotes = { recipe, ...now, stepsBefore };

  const previewPhotos = await Promise.all(options.previewPhotos.map(toPreviewPhoto));
  const targets = await styleTargets(await decode(artworkBytes), lossNetwork, recipe, options.open);
  const previews = await Previews.create(previewPhotos, shapeOf(recipe), options.open);
  const photos = photoBatches(source, {
    ...recipe,
    shortSide: recipe.photoShortSide,
    onDamaged: (file, reason) => warn(`${file} is passed over: ${reason}`),
  });
  const history = await LossHistory.open(join(folder, 'losses.jsonl'), run?.checkpoint.step ?? 0);
  const trainer = await StyleTrainer.create({
    recipe,
    lossNetwork,
    targets,
    photos,
    state: run?.checkpoint ?? beginning(recipe, from?.weights),
    open: options.open,
  });
  const progress = createProgress({
    label: options.name,
    total: recipe.iterations,
    done: trainer.state.step,
    stream,
  });
  const spentBefore = history.entries.at(-1)?.seconds ?? 0;
  const began = performance.now();
  try {
    const finished = await runTraining(
      trainer,
      {
        onStep: async (step, losses) => {
          progress.update(step, losses);
          await history.append({
            step,
            seconds: spentBefore + (performance.now() - began) / 1000,
            ...losses,
          });
        },
        save: async (state) => {
          await saveCheckpoint(folder, {
            ...state,
            meta: { ...notes, recipe: { ...recipe, styleLayers: [...recipe.styleLayers] } },
          });
          const weights = weightsOf(state);
          await write(join(folder, `${options.name}.onnx`), publishedGraph(weights));
          if (history.entries.length > 1)
            await write(join(folder, 'losses.png'), await lossCurve(history.entries, options.name));
          const paintings = await previews.paint(weights);
          const rows = previews.photos.map((photo, index) => ({
            label: `step ${state.step}`,
            pictures: [photo, paintings[index] ?? photo],
          }));
          const sheet = join(folder, 'previews', `step-${String(state.step).padStart(6, '0')}.png`);
          if (rows.length > 0) await write(sheet, await previewSheet(rows));
        },
      },
      { iterations: recipe.iterations, everySeconds: options.checkpointSeconds, signal: options.signal },
    );
    const paintings = await previews.paint(weightsOf(trainer.state));
    return { state: trainer.state, notes, lossNetworkName: published.name, paintings, finished };
  } finally {
    progress.stop();
    await photos.close();
    await previews.close();
    await trainer.close();
  }
}

const PREVIEW_SHORT_SIDE = 256;

async function toPreviewPhoto(file: string): Promise<Picture> {
  return resizeShortSide(await decode(await readOwn(file, 'preview photo')), PREVIEW_SHORT_SIDE);
}

async function readOwn(file: string, what: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new UserError('file-unreadable', `The ${what} ${file} can't be read. Check the path.`, {
      data: { file },
      cause,
    });
  }
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(`${file}.partial`, bytes);
    await rename(`${file}.partial`, file);
  } catch (cause) {
    throw diskError(cause, file, 'The last checkpoint is intact; go on from it with --resume.');
  }
}
