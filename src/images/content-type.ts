import { fileTypeFromBuffer } from 'file-type';
import { UserError } from '../errors.ts';

/** What can be decoded. */
export type ContentType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif';

const ACCEPTED: ReadonlyMap<string, ContentType> = new Map([
  ['image/jpeg', 'image/jpeg'],
  ['image/png', 'image/png'],
  ['image/apng', 'image/png'],
  ['image/webp', 'image/webp'],
  ['image/gif', 'image/gif'],
]);

const ADVICE = 'Send a JPEG, PNG, WebP or GIF picture.';

/**
 * What a file is by its first bytes; its name and what a stranger says of it count for nothing.
 * @throws UserError `image-format-unsupported`, `image-not-an-image`
 */
export async function contentTypeOf(bytes: Uint8Array): Promise<ContentType> {
  const found = await sniff(bytes);
  const accepted = found && ACCEPTED.get(found.mime);
  if (accepted) return accepted;
  if (looksLikeSvg(bytes)) throw unsupported('SVG');
  if (found?.mime.startsWith('image/')) throw unsupported(found.ext.toUpperCase());
  const what = found ? `a .${found.ext} file` : 'no picture';
  throw new UserError('image-not-an-image', `The file is ${what}. ${ADVICE}`, {
    data: { found: found?.mime ?? 'unknown' },
  });
}

async function sniff(bytes: Uint8Array): Promise<{ ext: string; mime: string } | undefined> {
  try {
    return await fileTypeFromBuffer(bytes);
  } catch (cause) {
    // Its parsers of containers may stumble over hostile ones; those are no pictures of ours.
    throw new UserError('image-not-an-image', `The file is no picture. ${ADVICE}`, { cause });
  }
}

function looksLikeSvg(bytes: Uint8Array): boolean {
  return /^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s/>]/i.test(
    new TextDecoder().decode(bytes.subarray(0, 1024)),
  );
}

function unsupported(format: string): UserError {
  return new UserError('image-format-unsupported', `${format} pictures can't be read. ${ADVICE}`, {
    data: { format },
  });
}
