import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readNetwork } from '../graph/network-file.ts';
import { publishedGraph } from '../graph/networks/style.ts';
import type { Picture } from '../images/picture.ts';
import { resizeShortSide } from '../images/resample.ts';
import { type LossNetworkWeights, requireLayers } from './features.ts';
import { loadLossNetwork } from './loss-network/load.ts';
import { foldPreprocessing, type Preprocessing } from './loss-network/preprocessing.ts';
import { type NotedRecipe, networkMetadata, stepsOf } from './network-metadata.ts';
import type { StyleTargets } from './objective.ts';
import { decodeOwn, readOwn } from './own-file.ts';
import { photoBatches } from './photos/batches.ts';
import { openPhotos, type PhotoSource } from './photos/source.ts';
import { Previews } from './previews.ts';
import type { StyleRecipe } from './recipe.ts';
import { createProgress } from './report/progress.ts';
import { mismatch, openRun } from './resume.ts';
import { RunFolder, TEACHER_FILE } from './run-folder.ts';
import { runTraining } from './run-training.ts';
import type { OpenSession } from './session-values.ts';
import { agree, noteRecipe, STYLE_RUN, type TrainingNotes, toMeta } from './style-notes.ts';
import { shapeOf } from './style-step.ts';
import { styleTargets } from './style-targets.ts';
import { beginning, createStyleTrainer } from './style-trainer.ts';
import { checkTeaches, readTeacher, type Teacher } from './teacher-file.ts';
import { type TrainingState, weightsOf } from './trainer.ts';

/** What a training is made from, and where it leaves what it makes. */
export interface TrainStyleOptions {
  readonly name: string;
  /** A file. */
  readonly artwork: string;
  /** A folder. */
  readonly photos: string;
  /** A file or a folder; one that is left out is asked for by a sentence. */
  readonly lossNetwork: string | undefined;
  readonly preprocessing?: Preprocessing | undefined;
  /** Files. */
  readonly previewPhotos: readonly string[];
  /** A finished network to start from. */
  readonly from?: string | undefined;
  /** A finished network, of any width, to learn from in place of features. */
  readonly teacher?: string | undefined;
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
  /** As noted in the network's metadata. */
  readonly recipe: NotedRecipe;
  /** The preview photos, painted. */
  readonly paintings: readonly Picture[];
  readonly finished: boolean;
}

/**
 * Train a style, from nothing, from a finished network or from a checkpoint, and leave in `folder`: checkpoints,
 * `NAME.onnx`, `losses.jsonl`, `losses.png`, `previews/step-N.png`, and `teacher.onnx` where there is a teacher.
 *
 * @throws UserError, ImpastoError for whatever keeps it from starting or going on; the last checkpoint is then intact
 */
export async function trainStyle(options: TrainStyleOptions): Promise<TrainedStyle> {
  const { name, folder, stream, open, signal } = options;
  const begun = await begin(options, (sentence) => void stream.write(`${sentence}\n`));
  const { notes, lossNetworkName } = begun;
  const { recipe } = notes;
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(resource: T): T => {
    opened.unshift(resource);
    return resource;
  };
  try {
    const previews = keep(await Previews.create(begun.previewPhotos, shapeOf(recipe), open));
    const { step } = begun.state;
    const files = await RunFolder.open({
      folder,
      name,
      meta: toMeta(notes),
      teacher: begun.teacher?.bytes,
      publish: (state) =>
        publishedGraph(
          weightsOf(state),
          networkMetadata(name, noteRecipe(notes, state.step, lossNetworkName)),
        ),
      previews: async (state) => {
        const paintings = await previews.paint(weightsOf(state));
        return previews.photos.map((photo, index) => ({
          label: `step ${state.step}`,
          pictures: [photo, paintings[index] ?? photo],
        }));
      },
      step,
    });
    const progress = createProgress({ label: name, total: recipe.iterations, done: step, stream });
    keep({ close: async () => progress.stop() });
    const photos = keep(
      photoBatches(begun.source, {
        ...recipe,
        cut: { crop: recipe.crop, shortSide: recipe.photoShortSide },
        onDamaged: (file, reason) => progress.say(`${file} is passed over: ${reason}`),
      }),
    );
    const teacher = begun.teacher?.weights;
    const trainer = keep(await createStyleTrainer({ ...begun, teacher, recipe, photos, open }));
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
    const paintings = await previews.paint(weightsOf(state));
    return { state, recipe: noteRecipe(notes, state.step, lossNetworkName), paintings, finished };
  } finally {
    for (const resource of opened) await resource.close();
  }
}

/** A training's inputs, read and found to belong together; nothing is written yet, and nothing has to be closed. */
interface Begun {
  readonly notes: TrainingNotes;
  readonly lossNetworkName: string;
  readonly lossNetwork: LossNetworkWeights;
  readonly targets: StyleTargets;
  readonly source: PhotoSource;
  readonly previewPhotos: readonly Picture[];
  readonly state: TrainingState;
  readonly teacher: Teacher | undefined;
}

async function begin(options: TrainStyleOptions, warn: (sentence: string) => void): Promise<Begun> {
  const run = await openRun(STYLE_RUN, { ...options, onWarning: warn });
  const teacher = await teacherOf(options, run?.notes);
  const loss = teacher ? 'distillation' : 'perceptual';
  const recipe = run?.notes.recipe ?? STYLE_RUN.parse({ ...teacher?.inherited, ...options.recipe, loss });
  const artwork = await readOwn(options.artwork, 'artwork');
  const artworkPicture = await decodeOwn(artwork, options.artwork, 'artwork');
  const previewPhotos = await Promise.all(options.previewPhotos.map(toPreviewPhoto));
  const published = await loadLossNetwork(options.lossNetwork);
  const noted = run?.notes.preprocessing ?? published.preprocessing;
  const preprocessing = options.preprocessing ?? noted;
  const lossNetwork = foldPreprocessing({ ...published, preprocessing });
  requireLayers(lossNetwork, [...recipe.styleLayers, recipe.contentLayer]);
  const source = await openPhotos(options.photos);
  const now = {
    artwork: createHash('sha256').update(artwork).digest('hex'),
    lossNetwork: published.hash,
    preprocessing,
    photos: source.files.length,
    ...(teacher ? { teacher: teacher.notes } : {}),
  };
  if (run) agree({ ...run.notes, preprocessing: noted }, now);
  if (teacher) checkTeaches(teacher, now.artwork);
  const given =
    run || !options.from ? undefined : readNetwork(await readOwn(options.from, 'network to start from'));
  const from = given ?? (teacher?.width === recipe.width ? teacher : undefined);
  const stepsBefore = run?.notes.stepsBefore ?? (from ? stepsOf(from.metadata) : 0);
  return {
    notes: { recipe, ...now, stepsBefore },
    lossNetworkName: published.name,
    lossNetwork,
    source,
    state: run?.checkpoint ?? beginning(recipe, from?.weights),
    previewPhotos,
    teacher,
    targets: teacher ? new Map() : await styleTargets(artworkPicture, lossNetwork, recipe, options.open),
  };
}

/** The network to learn from: as it is given, or as a training that is resumed has kept it. */
async function teacherOf(
  { teacher: file, folder }: TrainStyleOptions,
  begun: TrainingNotes | undefined,
): Promise<Teacher | undefined> {
  const given = file === undefined ? undefined : await readTeacher(file);
  if (!begun) return given;
  if (given && given.notes.sha256 !== begun.teacher?.sha256) throw mismatch('it learns from another network');
  return begun.teacher && (await readTeacher(join(folder, TEACHER_FILE)));
}

const PREVIEW_SHORT_SIDE = 256;

async function toPreviewPhoto(file: string): Promise<Picture> {
  const picture = await decodeOwn(await readOwn(file, 'preview photo'), file, 'preview photo');
  return resizeShortSide(picture, PREVIEW_SHORT_SIDE);
}
