import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Picture } from '../images/picture.ts';
import type { Json } from './checkpoint.ts';
import { curveSchema, METHOD, type OptimisationCurve, reachesTo } from './optimisation-curve.ts';
import { writeWhole } from './report/write-file.ts';

/** Where the optimisation's curves are looked up before they are run, and kept afterwards: they take minutes. */
export interface CurveStore {
  /** A photo's curve, where one is known that reaches so far. */
  get(photo: Picture, iterations: number): Promise<OptimisationCurve | undefined>;
  put(photo: Picture, curve: OptimisationCurve): Promise<void>;
}

/** What the pixels of a photo are known by, hexadecimal. */
export function pixelsHash({ width, height, rgb }: Picture): string {
  return createHash('sha256')
    .update(JSON.stringify([width, height]))
    .update(rgb)
    .digest('hex');
}

/**
 * Curves as files in a folder, one per photo, named by the hash of the photo's pixels and of all that the curve depends
 * on. A file that does not read is as if it were not there.
 *
 * @param subject the objective, artwork, loss network and settings
 */
export function scoreCache(folder: string, subject: Json): CurveStore {
  const fileOf = (photo: Picture): string => {
    const hash = createHash('sha256').update(JSON.stringify([METHOD, 'curve', subject, pixelsHash(photo)]));
    return join(folder, `${hash.digest('hex')}.json`);
  };
  return {
    async get(photo, iterations) {
      const text = await readFile(fileOf(photo), 'utf8').catch(() => undefined);
      const curve = text === undefined ? undefined : parsed(text);
      return curve && reachesTo(curve, iterations) ? curve : undefined;
    },
    put: (photo, curve) => writeWhole(fileOf(photo), JSON.stringify(curve), 'The scores so far are kept.'),
  };
}

function parsed(text: string): OptimisationCurve | undefined {
  try {
    return curveSchema.parse(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof z.ZodError) return undefined;
    throw cause;
  }
}
