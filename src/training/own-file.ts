import { readFile } from 'node:fs/promises';
import { UserError } from '../errors.ts';
import { decode } from '../images/decode.ts';
import type { Picture } from '../images/picture.ts';

/**
 * The bytes of a file that the person who trains or evaluates has named.
 *
 * @param what it is to them, for the sentence: `artwork`, `photo`
 * @throws UserError `file-unreadable`
 */
export async function readOwn(file: string, what: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new UserError('file-unreadable', `The ${what} ${file} can't be read. Check the path.`, {
      data: { file },
      cause,
    });
  }
}

/**
 * Decode such a file, named in the sentence where it is no sound picture.
 *
 * @throws UserError with the code that `decode` gives it
 */
export async function decodeOwn(bytes: Uint8Array, file: string, what: string): Promise<Picture> {
  try {
    return await decode(bytes);
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    const why = WHY.get(cause.code) ?? 'can’t be read as a picture';
    throw new UserError(cause.code, `The ${what} ${file} ${why}. Replace it, or leave it out.`, {
      data: { ...cause.data, file },
      cause,
    });
  }
}

/** What is wrong with a file, by the code of `decode`, whose own sentences are for people who send pictures. */
const WHY: ReadonlyMap<string, string> = new Map([
  ['image-damaged', 'is damaged or incomplete'],
  ['image-empty', 'is empty'],
  ['image-not-an-image', 'is no picture'],
  ['image-format-unsupported', 'has a format that is not read'],
  ['image-file-too-large', 'is too large'],
  ['image-too-large', 'is too large'],
  ['image-too-many-frames', 'has too many frames'],
]);
