import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImpastoError, systemCode } from '../errors.ts';

/**
 * The secret under which places are sealed: the one that is set, else the one in the state folder, made there at
 * the first start, readable by this user alone. Processes that start at the same time end up with the same.
 * @throws ImpastoError `secret-unreadable`
 */
export async function openSecret(set: string | undefined, state: string): Promise<string> {
  if (set !== undefined) return set;
  const file = join(state, 'secret');
  try {
    return await readSecret(file);
  } catch (cause) {
    if (systemCode(cause) !== 'ENOENT') throw unreadable(file, cause);
  }
  try {
    await mkdir(state, { recursive: true, mode: 0o700 });
    const own = `${file}.${randomUUID()}`;
    await writeFile(own, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    try {
      // Unlike a rename, a link never replaces what another process was quicker to put there.
      await link(own, file);
    } catch (cause) {
      if (systemCode(cause) !== 'EEXIST') throw cause;
    } finally {
      await rm(own);
    }
    return await readSecret(file);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

async function readSecret(file: string): Promise<string> {
  const secret = (await readFile(file, 'utf8')).trim();
  if (secret.length < 16) throw new RangeError('the secret is shorter than 16 characters');
  await chmod(file, 0o600);
  return secret;
}

function unreadable(file: string, cause: unknown): ImpastoError {
  return new ImpastoError({
    code: 'secret-unreadable',
    userMessage: `The secret in ${file} can't be read or made. Check the folder's permissions, remove a damaged file, or set IMPASTO_SECRET.`,
    data: { file },
    cause,
  });
}
