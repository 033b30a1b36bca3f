import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ImpastoError, systemCode } from '../errors.ts';
import type { Picture } from '../images/picture.ts';
import type { Json } from './checkpoint.ts';
import { curveSchema, METHOD, type OptimisationCurve, reachesTo } from './optimisation-curve.ts';
import { writeWhole } from './report/write-file.ts';
import { pixelsHash } from './score-cache.ts';

/** The optimisation's curves for one style as they are committed beside the networks. */
export interface CommittedCurves {
  readonly style: string;
  readonly method: string;
  /** All that the curves depend on besides the photo. */
  readonly subject: Json;
  readonly photos: readonly (OptimisationCurve & { readonly photo: string; readonly pixels: string })[];
}

const schema = z.object({
  style: z.string(),
  method: z.string(),
  subject: z.json(),
  photos: z.array(z.object({ photo: z.string(), pixels: z.string() }).and(curveSchema)),
});

/** The folder of committed curves in a catalogue's folder: `STYLE.json` each. */
export function curvesFolder(models: string): string {
  return join(models, 'scores', 'optimisation');
}

/**
 * The committed curves of a subject, whatever style they were made for: networks of two widths share theirs. None where no
 * file's subject agrees.
 *
 * @throws ImpastoError `scores-damaged`, naming the file
 */
export async function committedCurves(models: string, subject: Json): Promise<CommittedCurves['photos']> {
  const folder = curvesFolder(models);
  for (const file of (await filesOf(folder)).sort()) {
    const curves = await read(join(folder, file));
    if (agrees(curves, subject)) return curves.photos;
  }
  return [];
}

/** A photo's curve among those that are committed, where it reaches so far. */
export function committedCurve(
  photos: CommittedCurves['photos'],
  photo: Picture,
  iterations: number,
): OptimisationCurve | undefined {
  const pixels = pixelsHash(photo);
  return photos.find((known) => known.pixels === pixels && reachesTo(known, iterations));
}

/**
 * Put curves where they are to be committed. Photos that stand there already stay, unless a curve that reaches farther comes.
 */
export async function commitCurves(
  models: string,
  { style, subject }: Pick<CommittedCurves, 'style' | 'subject'>,
  photos: readonly { readonly name: string; readonly picture: Picture; readonly curve: OptimisationCurve }[],
): Promise<void> {
  const all = new Map((await committedCurves(models, subject)).map((known) => [known.pixels, known]));
  for (const { name, picture, curve } of photos) {
    const pixels = pixelsHash(picture);
    const { points, lowest } = curve;
    if ((all.get(pixels)?.lowest.length ?? 0) <= lowest.length)
      all.set(pixels, { photo: name, pixels, points, lowest });
  }
  const sorted = [...all.values()].sort((a, b) => (a.photo < b.photo ? -1 : 1));
  const head = JSON.stringify({ style, method: METHOD, subject }, null, 2).slice(0, -2);
  const lines = sorted.map((photo) => `    ${JSON.stringify(photo)}`).join(',\n');
  await writeWhole(
    join(curvesFolder(models), `${style}.json`),
    `${head},\n  "photos": [\n${lines}\n  ]\n}\n`,
    'The scores are kept in the state folder.',
  );
}

function agrees(curves: CommittedCurves, subject: Json): boolean {
  return curves.method === METHOD && isDeepStrictEqual(curves.subject, JSON.parse(JSON.stringify(subject)));
}

async function filesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((file) => file.endsWith('.json'));
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return [];
    throw cause;
  }
}

async function read(file: string): Promise<CommittedCurves> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new ImpastoError({
      code: 'scores-damaged',
      userMessage: `${file} is not valid. Restore it from the repository, or remove it to measure anew.`,
      data: { file },
      cause,
    });
  }
}
