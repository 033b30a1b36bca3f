import { z } from 'zod';
import type { Json } from '../../queue/request.ts';

const place = z.object({
  application: z.string(),
  token: z.string(),
  /** Milliseconds since the epoch. */
  expires: z.number(),
  /** Bytes of one file. */
  limit: z.number(),
});

/** What is needed to speak in an interaction's own answer; sealed, for the token is a secret. */
export type Place = z.output<typeof place>;

/** The same as JSON. */
export function placeJson(of: Place): Json {
  return place.parse(of);
}

/** Undefined where there never was a token, or where it no longer works. */
export function readPlace(json: Json | undefined, now: number): Place | undefined {
  const read = place.safeParse(json);
  return read.success && read.data.expires > now ? read.data : undefined;
}
