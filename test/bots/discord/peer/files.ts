import sharp from 'sharp';
import type { StoredFile, World } from './world.ts';

/** A file that somebody posts. */
export interface NewFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Told by the name where it is missing. */
  readonly contentType?: string | undefined;
  /** Alt text. */
  readonly description?: string | undefined;
  /** Hidden until somebody clicks. */
  readonly spoiler?: boolean | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  txt: 'text/plain; charset=utf-8',
};

/** Keep a file as Discord does: its name made plain, the size of a picture read from its bytes. */
export async function storeFile(
  world: World,
  file: NewFile,
  place: { readonly folder: string; readonly ephemeral: boolean },
): Promise<StoredFile> {
  const id = world.ids.next();
  const plain = file.name.replaceAll(/\s/g, '_').replaceAll(/[^\w.-]/g, '');
  const name = plain === '' ? 'unknown' : plain;
  const contentType = file.contentType ?? TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''];
  const stored: StoredFile = {
    id,
    name,
    bytes: file.bytes,
    contentType: contentType ?? 'application/octet-stream',
    path: `/${place.ephemeral ? 'ephemeral-attachments' : 'attachments'}/${place.folder}/${id}/${name}`,
    ...((contentType ?? '').startsWith('image/') ? await sizeOf(file.bytes) : {}),
    description: file.description,
    ephemeral: place.ephemeral,
    spoiler: file.spoiler === true || name.startsWith('SPOILER_'),
  };
  world.files.set(id, stored);
  return stored;
}

/** As Discord's own client sends a file: a spoiler is told by its name. */
export function fromClient(file: NewFile): NewFile {
  const named = file.spoiler !== true || file.name.startsWith('SPOILER_');
  return named ? file : { ...file, name: `SPOILER_${file.name}` };
}

/** Nothing for bytes that are no picture: Discord tells no size then. */
async function sizeOf(bytes: Uint8Array): Promise<{ width?: number; height?: number }> {
  try {
    const { width, height } = await sharp(bytes).metadata();
    return { width, height };
  } catch {
    return {};
  }
}
