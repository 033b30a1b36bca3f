import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { systemCode, UserError } from '../../errors.ts';

/** A folder of photographs to train on. */
export interface PhotoSource {
  readonly folder: string;
  /** Paths below the folder with `/` between their parts, sorted by code unit: the same on every machine. */
  readonly files: readonly string[];
}

const PHOTO = /\.(jpe?g|png|webp)$/i;

/**
 * List the photographs of a folder and of all folders in it: a flat folder, COCO's `train2014/` or `train2017/`,
 * DIV2K's `DIV2K_train_HR/`. Hidden files and folders are passed over, and links to folders are not followed.
 *
 * @throws UserError `photos-missing`, `photos-unreadable`, `photos-none`
 */
export async function openPhotos(folder: string): Promise<PhotoSource> {
  const entries = await list(folder);
  const files = entries
    .filter((entry) => PHOTO.test(entry.name) && !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !/(^|\/)[.]/.test(path) && !path.startsWith('__MACOSX/'))
    .sort(byCodeUnit);
  if (files.length === 0) {
    throw new UserError(
      'photos-none',
      `${folder} holds no photos. Give a folder of JPEG, PNG or WebP files.`,
      {
        data: { folder },
      },
    );
  }
  return { folder, files };
}

async function list(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (cause) {
    const code = systemCode(cause);
    if (code === undefined) throw cause;
    const data = { folder };
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new UserError('photos-missing', `There is no folder ${folder}. Give the folder of your photos.`, {
        data,
        cause,
      });
    }
    throw new UserError('photos-unreadable', `The photos in ${folder} cannot be listed (${code}).`, {
      data,
      cause,
    });
  }
}

function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
