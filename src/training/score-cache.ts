import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Picture } from '../images/picture.ts';
import type { Json } from './checkpoint.ts';
import type { EvaluationInit, Scored } from './evaluate-style.ts';
import { writeWhole } from './report/write-file.ts';

const scoredSchema: z.ZodType<Scored> = z.object({
  objective: z.number(),
  feature: z.number(),
  style: z.number(),
  totalVariation: z.number(),
  seconds: z.number(),
});

/** Part of every name, to be counted up when the optimiser itself changes: its earlier scores no longer hold. */
const METHOD = 'lbfgs-2';

/**
 * The optimisation's scores as files in a folder, one per photo, named by the hash of the photo's pixels and of
 * all that the score depends on. A file that does not read is as if it were not there.
 *
 * @param subject the objective, artwork, loss network and settings
 */
export function scoreCache(folder: string, subject: Json): EvaluationInit['cache'] {
  const fileOf = ({ width, height, rgb }: Picture): string => {
    const hash = createHash('sha256')
      .update(JSON.stringify([METHOD, subject, width, height]))
      .update(rgb);
    return join(folder, `${hash.digest('hex')}.json`);
  };
  return {
    async get(photo) {
      const text = await readFile(fileOf(photo), 'utf8').catch(() => undefined);
      if (text === undefined) return undefined;
      return parsed(text);
    },
    put: (photo, scored) => writeWhole(fileOf(photo), JSON.stringify(scored), 'The scores so far are kept.'),
  };
}

function parsed(text: string): Scored | undefined {
  try {
    return scoredSchema.parse(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof z.ZodError) return undefined;
    throw cause;
  }
}
