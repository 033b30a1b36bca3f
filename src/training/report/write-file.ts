import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskError } from './disk-error.ts';

/**
 * Write a file whole or not at all, and the folders that it lies in: whoever reads it finds the old one or the new.
 *
 * @param advice a sentence on what is safe where it fails
 * @throws ImpastoError `disk-full`, `not-writable`, `write-failed`
 */
export async function writeWhole(file: string, content: Uint8Array | string, advice: string): Promise<void> {
  const partial = `${file}.partial`;
  try {
    await mkdir(dirname(file), { recursive: true });
    try {
      await writeFile(partial, content);
      await rename(partial, file);
    } catch (cause) {
      await rm(partial, { force: true });
      throw cause;
    }
  } catch (cause) {
    throw diskError(cause, file, advice);
  }
}
