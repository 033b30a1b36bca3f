import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { Artefacts, IntakePart } from '../queue/contract.ts';
import { source as sourceFormat } from '../queue/formats.ts';
import type { Json, Source } from '../queue/request.ts';

/** A request's source that is stored already: what a button below an answer works on. */
export interface KeptSource {
  readonly kind: 'kept';
  readonly sources: readonly Source[];
}

const keptSource: z.ZodType<KeptSource> = z.object({
  kind: z.literal('kept'),
  sources: z.array(sourceFormat).min(1),
});

/** The source where it is one that is stored already; undefined where an adapter must look for it. */
export function keptSourceOf(source: Json): KeptSource | undefined {
  const parsed = keptSource.safeParse(source);
  return parsed.success ? parsed.data : undefined;
}

/** Intake of a kept source: renews each artefact; UserError `picture-gone` among the parts for those that expired. */
export async function takeKept(
  artefacts: Artefacts,
  { sources }: KeptSource,
): Promise<readonly IntakePart[]> {
  const parts: IntakePart[] = [];
  for (const source of sources) {
    const there = await artefacts.touch(source.hash);
    parts.push(there ? { source } : { error: pictureGone() });
  }
  return parts;
}

/** What is said where a stored picture has expired, or was deleted. */
export function pictureGone(): UserError {
  return new UserError('picture-gone', 'This picture is no longer stored. Send it again.');
}
