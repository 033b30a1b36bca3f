import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImpastoError } from '../errors.ts';

/** A socket's path has 108 bytes in Linux's `sockaddr_un` (104 elsewhere), the closing zero included. */
const SOCKET_PATH_LIMIT = process.platform === 'linux' ? 107 : 103;

/**
 * Where the Redis of a state folder listens: in that folder, or in a private folder in the temporary one where
 * that path is too long. The same folder always gives the same path.
 * @param folder absolute path
 * @throws ImpastoError `socket-folder-unsafe`
 */
export function socketPath(folder: string): string {
  const path = join(folder, 'redis.sock');
  if (Buffer.byteLength(path) <= SOCKET_PATH_LIMIT) return path;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const short = join(tmpdir(), `impasto-${name}`);
  mkdirSync(short, { recursive: true, mode: 0o700 });
  // Anyone may have made a folder of this name before us; what is said over the socket is not for them.
  const { uid, mode } = lstatSync(short);
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0 || !lstatSync(short).isDirectory()) {
    throw new ImpastoError({
      code: 'socket-folder-unsafe',
      userMessage: `The folder ${short} belongs to or is open to others. Remove it, or choose a state folder with a shorter path.`,
    });
  }
  return join(short, 'redis.sock');
}
