import { ImpastoError, systemCode } from '../../errors.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const FORBIDDEN = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR']);

/** What is safe where writing fails in the middle of a training. */
export const CHECKPOINT_SAFE = 'The last checkpoint is intact; go on from it with --resume.';

/**
 * An error of the file system while a training writes, as a sentence for who runs it. Errors that are not of the
 * file system are handed back as they are.
 *
 * @param where the folder or file written to
 * @param advice a sentence on what is safe and what to do then
 * @returns ImpastoError `disk-full`, `not-writable` or `write-failed`
 */
export function diskError(cause: unknown, where: string, advice: string): unknown {
  const code = systemCode(cause);
  if (code === undefined) return cause;
  const data = { where, system: code };
  if (FULL.has(code)) {
    const userMessage = `The disk that holds ${where} is full. ${advice} Make room first.`;
    return new ImpastoError({ code: 'disk-full', userMessage, data, cause });
  }
  if (FORBIDDEN.has(code)) {
    const userMessage = `${where} cannot be written to (${code}). ${advice} Give a folder that you may write to.`;
    return new ImpastoError({ code: 'not-writable', userMessage, data, cause });
  }
  const userMessage = `Writing to ${where} failed (${code}). ${advice}`;
  return new ImpastoError({ code: 'write-failed', userMessage, data, cause });
}
