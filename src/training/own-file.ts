import { readFile } from 'node:fs/promises';
import { UserError } from '../errors.ts';

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
