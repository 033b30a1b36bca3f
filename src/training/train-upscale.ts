import { join } from 'node:path';
import { readNetwork } from '../graph/network-file.ts';
import { publishedUpscaler } from '../graph/networks/upscale.ts';
import type { Picture } from '../images/picture.ts';
import { centreCrop, resizeShortSide } from '../images/resample.ts';
import { type LossNetworkWeights, requireLayers } from './features.ts';
import { loadLossNetwork } from './loss-network/load.ts';
import { foldPreprocessing, type Preprocessing } from './loss-network/preprocessing.ts';
import { type NotedRecipe, networkMetadata, stepsOf } from './network-metadata.ts';
import { decodeOwn, readOwn } from './own-file.ts';
import { photoBatches } from './photos/batches.ts';
import { type Pair, pairOf, readTruth } from './photos/pairs.ts';
import { openPhotos, type PhotoSource } from './photos/source.ts';
import { createProgress } from './report/progress.ts';
import { openRun, recipeWrong } from './resume.ts';
import { RunFolder } from './run-folder.ts';
import { runTraining } from './run-training.ts';
import type { OpenSession } from './session-values.ts';
import { type TrainingState, weightsOf } from './trainer.ts';
import {
  agreeUpscale,
  noteUpscaleRecipe,
  UPSCALE_RUN,
  type UpscaleNotes,
  upscaleMeta,
} from './upscale-notes.ts';
import { UpscalePreviews } from './upscale-previews.ts';
import type { UpscaleRecipe } from './upscale-recipe.ts';
import { createUpscaleTrainer, upscaleBeginning } from './upscale-trainer.ts';

/** What a training is made from, and where it leaves what it makes. */
export interface TrainUpscaleOptions {
  readonly name: string;
  /** A folder. */
  readonly photos: string;
  /** A file or a folder; asked for by a sentence where features are compared. */
  readonly lossNetwork: string | undefined;
  readonly preprocessing?: Preprocessing | undefined;
  /** Files, of which the catalogue's preview is made. */
  readonly previewPhotos: readonly string[];
  /** A finished network to start from. */
  readonly from?: string | undefined;
  /** Where checkpoints, previews and the loss curve go: one folder for one training. */
  readonly folder: string;
  readonly resume: boolean;
  /** What is given of the recipe; the rest is default, or as it was where the training is resumed. */
  readonly recipe: Readonly<Partial<UpscaleRecipe>>;
  readonly checkpointSeconds: number;
  readonly open: OpenSession;
  readonly stream: NodeJS.WriteStream;
  /** Stops the training after the step at hand. */
  readonly signal: AbortSignal;
}

/** What a training comes to, finished or stopped. */
export interface TrainedUpscale {
  readonly state: TrainingState;
  /** As noted in the network's metadata. */
  readonly recipe: NotedRecipe;
  /** Of each preview photo: enlarged by the cubic kernel, by the network, and as it truly is. */
  readonly previews: readonly (readonly Picture[])[];
  readonly finished: boolean;
}

/**
 * Train a super-resolution network, from nothing, from a finished network or from a checkpoint, and leave in `folder`:
 * checkpoints, `NAME.onnx`, `losses.jsonl`, `losses.png` and `previews/step-N.png`.
 *
 * @throws UserError, ImpastoError for whatever keeps it from starting or going on; the last checkpoint is then intact
 */
export async function trainUpscale(options: TrainUpscaleOptions): Promise<TrainedUpscale> {
  const { name, folder, stream, open, signal } = options;
  const begun = await begin(options, (sentence) => void stream.write(`${sentence}\n`));
  const { notes } = begun;
  const { recipe } = notes;
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(resource: T): T => {
    opened.unshift(resource);
    return resource;
  };
  try {
    const previews = keep(await UpscalePreviews.create(begun.heldOut, recipe, open));
    const { step } = begun.state;
    const progress = createProgress({ label: name, total: recipe.iterations, done: step, stream });
    keep({ close: async () => progress.stop() });
    const files = await RunFolder.open({
      folder,
      name,
      meta: upscaleMeta(notes),
      publish: (state) => published(name, notes, state),
      previews: async (state) => {
        const seen = await previews.look(weightsOf(state), state.step);
        const [ours, plain] = [seen.psnr, seen.plainPsnr].map((decibels) => decibels.toFixed(2));
        if (begun.heldOut.length > 0)
          progress.say(`${name} ${state.step}: ${ours} dB on held-out photos, bicubic ${plain} dB`);
        return seen.rows;
      },
      step,
    });
    const photos = keep(
      photoBatches(begun.source, {
        ...recipe,
        cut: { ...recipe, jpegQuality: [recipe.jpegFrom, recipe.jpegTo] },
        onDamaged: (file, reason) => progress.say(`${file} is passed over: ${reason}`),
      }),
    );
    const trainer = keep(await createUpscaleTrainer({ ...begun, recipe, photos, open }));
    const finished = await runTraining(
      trainer,
      {
        onStep: async (done, losses) => {
          progress.update(done, losses);
          await files.append(done, losses);
        },
        save: (state) => files.save(state),
      },
      { iterations: recipe.iterations, everySeconds: options.checkpointSeconds, signal },
    );
    const { state } = trainer;
    const shown = keep(await UpscalePreviews.create(begun.shown, recipe, open));
    const { rows } = await shown.look(weightsOf(state), state.step);
    const made = rows.map(({ pictures }) => pictures);
    return { state, recipe: noteUpscaleRecipe(notes, state.step), previews: made, finished };
  } finally {
    for (const resource of opened) await resource.close();
  }
}

function published(name: string, notes: UpscaleNotes, state: TrainingState): Uint8Array {
  const metadata = networkMetadata(name, noteUpscaleRecipe(notes, state.step));
  return publishedUpscaler(weightsOf(state), notes.recipe.skip, metadata);
}

/** A training's inputs, read and found to belong together; nothing is written yet, and nothing has to be closed. */
interface Begun {
  readonly notes: UpscaleNotes;
  readonly lossNetwork: LossNetworkWeights | undefined;
  readonly source: PhotoSource;
  readonly heldOut: readonly Pair[];
  /** The preview photos. */
  readonly shown: readonly Pair[];
  readonly state: TrainingState;
}

async function begin(options: TrainUpscaleOptions, warn: (sentence: string) => void): Promise<Begun> {
  const run = await openRun(UPSCALE_RUN, { ...options, onWarning: warn });
  const recipe = run?.notes.recipe ?? UPSCALE_RUN.parse(options.recipe);
  const judge = recipe.loss === 'feature' ? await openJudge(options, run?.notes, recipe) : undefined;
  const all = await openPhotos(options.photos);
  const now = { lossNetwork: judge?.notes, photos: all.files.length };
  if (run) agreeUpscale(run.notes, now);
  const { source, heldOut } = divided(all, recipe.holdOut);
  const from =
    run || !options.from ? undefined : readNetwork(await readOwn(options.from, 'network to start from'));
  const stepsBefore = run?.notes.stepsBefore ?? (from ? stepsOf(from.metadata) : 0);
  return {
    notes: { recipe, ...now, stepsBefore },
    lossNetwork: judge?.weights,
    source,
    heldOut: await Promise.all(heldOut.map((file) => toHeldOut(join(all.folder, file), recipe))),
    shown: await Promise.all(options.previewPhotos.map((file) => toShown(file, recipe))),
    state: run?.checkpoint ?? upscaleBeginning(recipe, from?.weights),
  };
}

async function openJudge(
  options: TrainUpscaleOptions,
  noted: UpscaleNotes | undefined,
  recipe: UpscaleRecipe,
): Promise<{ notes: NonNullable<UpscaleNotes['lossNetwork']>; weights: LossNetworkWeights }> {
  const published = await loadLossNetwork(options.lossNetwork);
  const preprocessing = options.preprocessing ?? noted?.lossNetwork?.preprocessing ?? published.preprocessing;
  const weights = foldPreprocessing({ ...published, preprocessing });
  requireLayers(weights, recipe.featureLayers);
  return { notes: { name: published.name, hash: published.hash, preprocessing }, weights };
}

/** Photos to train on, and those that are held out, taken from everywhere in the folder. */
function divided(
  { folder, files }: PhotoSource,
  holdOut: number,
): { source: PhotoSource; heldOut: string[] } {
  if (holdOut >= files.length)
    throw recipeWrong(`--hold-out keeps ${holdOut} of ${files.length} photos out of training.`);
  const every = files.length / Math.max(1, holdOut);
  const out = new Set(Array.from({ length: holdOut }, (_, index) => files[Math.floor(index * every)]));
  return {
    source: { folder, files: files.filter((file) => !out.has(file)) },
    heldOut: files.filter((file) => out.has(file)),
  };
}

/** Longest side of what is looked at of a held-out photo, in pixels of the truth. */
const LOOK_SIDE = 256;

async function toHeldOut(file: string, recipe: UpscaleRecipe): Promise<Pair> {
  const truth: Picture = await readTruth(file, recipe.shrink);
  const side = Math.min(LOOK_SIDE, truth.width, truth.height);
  return pairOf(centreCrop(truth, side), recipe, (recipe.jpegFrom + recipe.jpegTo) / 2);
}

/** Short side to which a preview photo is resized, and side of what is shown of it, in pixels. */
const SHOWN = { shortSide: 480, side: 240 };

async function toShown(file: string, recipe: UpscaleRecipe): Promise<Pair> {
  const picture = await decodeOwn(await readOwn(file, 'preview photo'), file, 'preview photo');
  const truth = centreCrop(await resizeShortSide(picture, SHOWN.shortSide), SHOWN.side);
  return pairOf(truth, recipe, (recipe.jpegFrom + recipe.jpegTo) / 2);
}
