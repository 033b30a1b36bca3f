import { randomUUID } from 'node:crypto';
import { access, constants, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { systemCode, UserError } from '../errors.ts';
import type { ImageFormat } from '../images/encode.ts';

const FORMATS: ReadonlyMap<string, ImageFormat> = new Map([
  ['.jpg', 'jpeg'],
  ['.jpeg', 'jpeg'],
  ['.png', 'png'],
  ['.webp', 'webp'],
  ['.gif', 'gif'],
]);

/**
 * The bytes of a picture that a person named, up to `mostBytes`.
 * @throws UserError `input-missing`, `input-is-a-folder`, `input-not-a-file`, `input-too-large`, `input-unreadable`
 */
export async function readPictureFile(file: string, mostBytes: number): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(cause) ?? ''))
      throw refused('input-missing', file, 'There is no file', 'Check the path', cause);
    throw refused('input-unreadable', file, 'This program may not read', 'Check its permissions', cause);
  });
  try {
    const about = await handle.stat();
    if (about.isDirectory()) throw refused('input-is-a-folder', file, 'This is a folder:', 'Give a picture');
    if (!about.isFile()) throw refused('input-not-a-file', file, 'This is no file:', 'Give a picture');
    if (about.size > mostBytes) {
      const most = Math.floor(mostBytes / 1024 / 1024);
      throw refused('input-too-large', file, `This is over ${most} MB:`, 'Give a smaller picture');
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/**
 * The format that a file's name asks for, once it is sure that the file can be written: looked at before the
 * long work begins.
 * @throws UserError `output-format-unknown`, `output-folder-missing`, `output-is-a-folder`, `output-not-writable`
 */
export async function checkOutput(file: string): Promise<ImageFormat> {
  const format = FORMATS.get(extname(file).toLowerCase());
  if (!format) {
    const endings = [...FORMATS.keys()].join(', ');
    throw refused(
      'output-format-unknown',
      file,
      'No format is known by the name',
      `End it in one of ${endings}`,
    );
  }
  const folder = dirname(file);
  const around = await kindOf(folder);
  if (around !== 'folder') {
    throw refused('output-folder-missing', folder, 'There is no folder', 'Make it first, or give another');
  }
  if ((await kindOf(file)) === 'folder') {
    throw refused('output-is-a-folder', file, 'This is a folder:', 'Give a file’s name');
  }
  await access(folder, constants.W_OK).catch((cause: unknown) => {
    throw refused(
      'output-not-writable',
      folder,
      'This program may not write to',
      'Give another folder',
      cause,
    );
  });
  return format;
}

/**
 * Write a file as a whole or not at all: under another name beside it, then renamed. What stood there before
 * stays until the last moment, so a picture may be replaced by its own painting.
 * @throws UserError `output-not-written`
 */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const partial = join(dirname(file), `.${basename(file)}.${randomUUID()}.partial`);
  try {
    const handle = await open(partial, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
  } catch (cause) {
    await rm(partial, { force: true });
    const full = systemCode(cause) === 'ENOSPC';
    const advice = full ? 'The disk is full' : 'Check the name and the disk, or give another place';
    throw refused('output-not-written', file, 'The painting can’t be written to', advice, cause);
  }
}

async function kindOf(path: string): Promise<'folder' | 'other' | 'missing'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'other';
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT' || systemCode(cause) === 'ENOTDIR') return 'missing';
    throw refused('output-not-writable', path, 'This program may not look at', 'Give another place', cause);
  }
}

function refused(code: string, path: string, what: string, advice: string, cause?: unknown): UserError {
  return new UserError(code, `${what} ${path}. ${advice}.`, { data: { path }, cause });
}
