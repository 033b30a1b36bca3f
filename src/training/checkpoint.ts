import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ImpastoError, systemCode } from '../errors.ts';
import type { WeightValues } from '../graph/networks/weights.ts';
import { bytesOf, entryCount } from '../graph/values.ts';
import { FLOAT_BYTES, toFloats } from './loss-network/floats.ts';
import { readSafetensors, writeSafetensors } from './loss-network/safetensors.ts';
import { CHECKPOINT_SAFE, diskError } from './report/disk-error.ts';
import { writeWhole } from './report/write-file.ts';

/** Anything that survives `JSON.parse(JSON.stringify(x))` unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Where a training stood. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  readonly tensors: ReadonlyMap<string, WeightValues>;
  /** Whatever else the training must find again, its recipe for one. */
  readonly meta: Json;
}

const FORMAT = 'impasto-checkpoint-1';
const KEPT = 2;

/**
 * Save a checkpoint as `checkpoint-STEP.safetensors` and remove all but it and the one before. A folder belongs to
 * one run: checkpoints of later steps, from which the run has turned back, go too. At no moment, not even when the
 * machine stops, is there less than there was: the file gets its name when all of it is on the disk.
 *
 * @throws ImpastoError `disk-full`, `not-writable`, `write-failed`; earlier checkpoints are then intact
 */
export async function saveCheckpoint(folder: string, { step, tensors, meta }: Checkpoint): Promise<void> {
  const metadata = {
    format: FORMAT,
    step: String(step),
    meta: JSON.stringify(meta),
    sha256: hashOf(tensors),
  };
  try {
    await writeWhole(join(folder, fileOf(step)), writeSafetensors(tensors, metadata), CHECKPOINT_SAFE);
    const steps = await stepsIn(folder);
    const earlier = steps.filter((other) => other < step).slice(0, KEPT - 1);
    for (const other of steps) {
      if (other !== step && !earlier.includes(other)) await rm(join(folder, fileOf(other)), { force: true });
    }
  } catch (cause) {
    throw diskError(cause, folder, CHECKPOINT_SAFE);
  }
}

/**
 * Load the newest sound checkpoint of a folder.
 *
 * @param onDamaged hears of every newer one that had to be passed over
 * @returns undefined where there is none, or no such folder
 * @throws ImpastoError `checkpoint-damaged` where there are some and none is sound, `not-readable`
 */
export async function loadCheckpoint(
  folder: string,
  onDamaged: (file: string, error: ImpastoError) => void = () => undefined,
): Promise<Checkpoint | undefined> {
  let last: ImpastoError | undefined;
  for (const step of await stepsIn(folder)) {
    const file = join(folder, fileOf(step));
    try {
      return parse(await readFile(file), step);
    } catch (cause) {
      last = damaged(file, cause);
      onDamaged(file, last);
    }
  }
  if (last) throw last;
  return undefined;
}

function parse(bytes: Uint8Array, step: number): Checkpoint {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.get('format') !== FORMAT) throw new TypeError('it is not a checkpoint');
  if (metadata.get('step') !== String(step)) throw new TypeError('it is of another step than its name says');
  const values = new Map<string, WeightValues>();
  for (const [name, { type, dims, bytes: stored }] of tensors) {
    if (type !== 'F32' || stored.length !== entryCount(dims) * FLOAT_BYTES.float32)
      throw new TypeError(`${name} is malformed`);
    values.set(name, { dims, data: toFloats(stored, 'float32') });
  }
  if (metadata.get('sha256') !== hashOf(values))
    throw new TypeError('its numbers have changed since it was written');
  return { step, tensors: values, meta: JSON.parse(metadata.get('meta') ?? 'null') };
}

function hashOf(tensors: ReadonlyMap<string, WeightValues>): string {
  const hash = createHash('sha256');
  for (const [name, { data }] of tensors) {
    hash.update(name).update(bytesOf(data));
  }
  return hash.digest('hex');
}

/** The steps of a folder's checkpoints, newest first. */
async function stepsIn(folder: string): Promise<readonly number[]> {
  try {
    const files = await readdir(folder);
    const steps = files.flatMap(
      (file) => /^checkpoint-(\d+)\.safetensors$/.exec(file)?.slice(1).map(Number) ?? [],
    );
    return steps.sort((a, b) => b - a);
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return [];
    throw new ImpastoError({
      code: 'not-readable',
      userMessage: `The checkpoints in ${folder} cannot be listed. Is it a folder that you may read?`,
      data: { folder },
      cause,
    });
  }
}

function fileOf(step: number): string {
  return `checkpoint-${step}.safetensors`;
}

function damaged(file: string, cause: unknown): ImpastoError {
  const why =
    cause instanceof ImpastoError
      ? cause.userMessage
      : cause instanceof Error
        ? cause.message
        : String(cause);
  return new ImpastoError({
    code: 'checkpoint-damaged',
    userMessage: `The checkpoint ${file} cannot be used (${why}).`,
    data: { file },
    cause,
  });
}
