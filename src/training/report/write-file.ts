import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskError } from './disk-error.ts';

/** What a file is to hold; pieces follow each other. */
export type FileContent = string | Uint8Array | readonly Uint8Array[];

/**
 * Write a file whole or not at all, and the folders that it lies in: whoever reads it finds the old one or the new, also
 * after the machine has stopped.
 *
 * @param advice a sentence on what is safe where it fails
 * @throws ImpastoError `disk-full`, `not-writable`, `write-failed`
 */
export function writeWhole(file: string, content: FileContent, advice: string): Promise<void> {
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
  files: readonly (readonly [file: string, content: FileContent])[],
  advice: string,
): Promise<void> {
  let [current = ''] = files[0] ?? [];
  const begun: string[] = [];
  try {
    for (const [file, content] of files) {
      current = file;
      await mkdir(dirname(file), { recursive: true });
      begun.push(partialOf(file));
      await writeDurably(partialOf(file), content);
    }
    for (const [file] of files) {
      current = file;
      await rename(partialOf(file), file);
    }
    // A new name is durable only when its folder is.
    for (const folder of new Set(files.map(([file]) => dirname(file)))) {
      await withFile(folder, 'r', (handle) => handle.sync());
    }
  } catch (cause) {
    for (const partial of begun) await rm(partial, { force: true, recursive: true });
    throw diskError(cause, current, advice);
  }
}

function partialOf(file: string): string {
  return `${file}.partial`;
}

async function writeDurably(path: string, content: FileContent): Promise<void> {
  const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
  await withFile(path, 'w', async (file) => {
    for (const piece of pieces) await file.writeFile(piece);
    await file.sync();
  });
}

async function withFile(
  path: string,
  flags: 'r' | 'w',
  use: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
