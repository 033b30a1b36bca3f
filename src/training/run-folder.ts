import { join } from 'node:path';
import { type Json, saveCheckpoint } from './checkpoint.ts';
import { CHECKPOINT_SAFE } from './report/disk-error.ts';
import { LossHistory } from './report/history.ts';
import { lossCurve } from './report/loss-curve.ts';
import { previewSheet, type SheetRow } from './report/preview-sheet.ts';
import { writeWhole } from './report/write-file.ts';
import type { Losses } from './session-values.ts';
import type { TrainingState } from './trainer.ts';

/** Under which name the teacher is kept. */
export const TEACHER_FILE = 'teacher.onnx';

/** Which training the folder is of, and where that stands. */
export interface RunFolderInit {
  readonly folder: string;
  /** The network's. */
  readonly name: string;
  /** What a resumed training has to agree with. */
  readonly meta: Json;
  /** The file of the network that is learnt from, kept here so that a training can be resumed whatever becomes of it. */
  readonly teacher?: Uint8Array | undefined;
  /** The published form of the network as it stands. */
  readonly publish: (state: TrainingState) => Uint8Array;
  /** What can be seen of the training as it stands; nothing is written where there is none. */
  readonly previews: (state: TrainingState) => Promise<readonly SheetRow[]>;
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
    const history = await LossHistory.open(join(init.folder, 'losses.jsonl'), init.step);
    const files = new RunFolder(init, history);
    if (init.teacher) await files.#write(TEACHER_FILE, init.teacher);
    return files;
  }

  /** Note a step's losses. */
  async append(step: number, losses: Losses): Promise<void> {
    await this.#history.append({ step, seconds: performance.now() / 1000 - this.#began, ...losses });
  }

  /** The checkpoint first, so that it stands whatever becomes of the rest. */
  async save(state: TrainingState): Promise<void> {
    const { folder, name, meta, publish, previews } = this.#init;
    await saveCheckpoint(folder, { ...state, meta });
    await this.#write(`${name}.onnx`, publish(state));
    const { entries } = this.#history;
    if (entries.length > 1) await this.#write('losses.png', await lossCurve(entries, name));
    const rows = await previews(state);
    if (rows.length === 0) return;
    const sheet = join('previews', `step-${String(state.step).padStart(6, '0')}.png`);
    await this.#write(sheet, await previewSheet(rows));
  }

  #write(path: string, content: Uint8Array): Promise<void> {
    return writeWhole(join(this.#init.folder, path), content, CHECKPOINT_SAFE);
  }
}
