import { join } from 'node:path';
import { publishedGraph } from '../graph/networks/style.ts';
import type { Picture } from '../images/picture.ts';
import { saveCheckpoint } from './checkpoint.ts';
import { networkMetadata, noteRecipe } from './network-metadata.ts';
import type { Previews } from './previews.ts';
import { CHECKPOINT_SAFE } from './report/disk-error.ts';
import { LossHistory } from './report/history.ts';
import { lossCurve } from './report/loss-curve.ts';
import { previewSheet } from './report/preview-sheet.ts';
import { writeWhole } from './report/write-file.ts';
import type { TrainingNotes } from './resume.ts';
import type { Losses } from './session-values.ts';
import { type TrainingState, weightsOf } from './style-trainer.ts';

/** Which training the folder is of, and where that stands. */
export interface RunFolderInit {
  readonly folder: string;
  /** The style's. */
  readonly name: string;
  readonly notes: TrainingNotes;
  readonly lossNetworkName: string;
  readonly previews: Previews;
  /** Where the training stands; what the history holds of later steps is taken out. */
  readonly step: number;
}

/**
 * What one training leaves on disk: checkpoints, `NAME.onnx`, `losses.jsonl`, `losses.png`, `previews/step-N.png`.
 * All its methods throw ImpastoError `disk-full`, `not-writable` or `write-failed`.
 */
export class RunFolder {
  readonly #init: RunFolderInit;
  readonly #history: LossHistory;
  /** Seconds on this process's clock at which the training would have begun, had it never been interrupted. */
  readonly #began: number;

  private constructor(init: RunFolderInit, history: LossHistory) {
    this.#init = init;
    this.#history = history;
    this.#began = performance.now() / 1000 - (history.entries.at(-1)?.seconds ?? 0);
  }

  /** Make the folder, or take up what an earlier run left in it. */
  static async open(init: RunFolderInit): Promise<RunFolder> {
    return new RunFolder(init, await LossHistory.open(join(init.folder, 'losses.jsonl'), init.step));
  }

  /** Note a step's losses. */
  async append(step: number, losses: Losses): Promise<void> {
    await this.#history.append({ step, seconds: performance.now() / 1000 - this.#began, ...losses });
  }

  /** The checkpoint first, so that it stands whatever becomes of the rest. */
  async save(state: TrainingState): Promise<void> {
    const { folder, name, notes, lossNetworkName, previews } = this.#init;
    const { recipe } = notes;
    await saveCheckpoint(folder, {
      ...state,
      meta: { ...notes, recipe: { ...recipe, styleLayers: [...recipe.styleLayers] } },
    });
    const weights = weightsOf(state);
    const metadata = networkMetadata(name, noteRecipe(notes, state.step, lossNetworkName));
    await this.#write(`${name}.onnx`, publishedGraph(weights, metadata));
    const { entries } = this.#history;
    if (entries.length > 1) await this.#write('losses.png', await lossCurve(entries, name));
    await this.#savePreviews(state.step, previews.photos, await previews.paint(weights));
  }

  async #savePreviews(
    step: number,
    photos: readonly Picture[],
    paintings: readonly Picture[],
  ): Promise<void> {
    if (photos.length === 0) return;
    const rows = photos.map((photo, index) => ({
      label: `step ${step}`,
      pictures: [photo, paintings[index] ?? photo],
    }));
    const sheet = join('previews', `step-${String(step).padStart(6, '0')}.png`);
    await this.#write(sheet, await previewSheet(rows));
  }

  #write(path: string, content: Uint8Array): Promise<void> {
    return writeWhole(join(this.#init.folder, path), content, CHECKPOINT_SAFE);
  }
}
