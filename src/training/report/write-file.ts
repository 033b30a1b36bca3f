import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskError } from './disk-error.ts';

/**
 * Write a file whole or not at all, and the folders that it lies in: whoever reads it finds the old one or the new.
 *
 * @param advice a sentence on what is safe where it fails
 * @throws ImpastoError `disk-full`, `not-writable`, `write-failed`
 */
export function writeWhole(file: string, content: Uint8Array | string, advice: string): Promise<void> {
  return writeTogether([[file, content]], advice);
}

/**
 * Write files that belong together, each whole: none gets its name before all are on the disk, and then they get them
 * in this order. Where one cannot be written, all stay as they were.
 *
 * @param advice a sentence on what is safe where it fails
 * @throws ImpastoError `disk-full`, `not-writable`, `write-failed`
 */
export async function writeTogether(
  files: readonly (readonly [file: string, content: Uint8Array | string])[],
  advice: string,
): Promise<void> {
  let [current = ''] = files[0] ?? [];
  const begun: string[] = [];
  try {
    for (const [file, content] of files) {
      current = file;
      await mkdir(dirname(file), { recursive: true });
      begun.push(partialOf(file));
      await writeFile(partialOf(file), content);
    }
    for (const [file] of files) {
      current = file;
      await rename(partialOf(file), file);
    }
  } catch (cause) {
    for (const partial of begun) await rm(partial, { force: true, recursive: true });
    throw diskError(cause, current, advice);
  }
}

function partialOf(file: string): string {
  return `${file}.partial`;
}
