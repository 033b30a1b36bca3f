import { appendFile, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { systemCode } from '../../errors.ts';
import type { Losses } from '../session-values.ts';
import { CHECKPOINT_SAFE, diskError } from './disk-error.ts';
import { writeWhole } from './write-file.ts';

/** The losses of one step, weighted as in their sum. */
export interface HistoryEntry extends Losses {
  readonly step: number;
  /** Spent on training until then, over all its runs. */
  readonly seconds: number;
}

const entrySchema: z.ZodType<HistoryEntry> = z
  .object({
    step: z.int().min(1),
    objective: z.number(),
    seconds: z.number().min(0),
  })
  .catchall(z.number());

/** A training's losses, step by step, in a file of JSON lines. */
export class LossHistory {
  readonly #file: string;
  readonly #entries: HistoryEntry[];

  private constructor(file: string, entries: HistoryEntry[]) {
    this.#file = file;
    this.#entries = entries;
  }

  /**
   * Open the history of a training that stands behind `step`: 0 begins anew; otherwise what came after that step,
   * and what a killed run left half-written, is taken out of the file.
   *
   * @throws ImpastoError `disk-full`, `not-writable`, `write-failed`
   */
  static async open(file: string, step: number): Promise<LossHistory> {
    const entries = step === 0 ? [] : (await readEntries(file)).filter((entry) => entry.step <= step);
    await writeWhole(file, entries.map(toLine).join(''), CHECKPOINT_SAFE);
    return new LossHistory(file, entries);
  }

  /** In the order of their steps. */
  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  /** @throws ImpastoError as `open` does */
  async append(entry: HistoryEntry): Promise<void> {
    try {
      await appendFile(this.#file, toLine(entry));
    } catch (cause) {
      throw diskError(cause, this.#file, CHECKPOINT_SAFE);
    }
    this.#entries.push(entry);
  }
}

async function readEntries(file: string): Promise<HistoryEntry[]> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n');
    return lines.flatMap(toEntry);
  } catch (cause) {
    // A training may go on without its history; its checkpoint is what counts.
    if (systemCode(cause) === 'ENOENT') return [];
    throw diskError(cause, file, CHECKPOINT_SAFE);
  }
}

function toEntry(line: string): HistoryEntry[] {
  try {
    const entry = entrySchema.safeParse(JSON.parse(line));
    return entry.success ? [entry.data] : [];
  } catch (cause) {
    if (cause instanceof SyntaxError) return [];
    throw cause;
  }
}

function toLine({ step, seconds, ...losses }: HistoryEntry): string {
  return `${JSON.stringify({ step, ...losses, seconds })}\n`;
}
