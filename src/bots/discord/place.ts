import { z } from 'zod';
import type { Json } from '../../queue/request.ts';

/** What is needed to speak in an interaction's own answer; sealed, for the token is a secret. */
export interface Place {
  readonly application: string;
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  /** Bytes of one file. */
  readonly limit: number;
  /** Whether the bot could post a message of its own there when it was asked. */
  readonly posts: boolean;
}

const place: z.ZodType<Place> = z.object({
  application: z.string(),
  token: z.string(),
  expires: z.number(),
  limit: z.number(),
  posts: z.boolean().default(true),
});

/** The same as JSON. */
export function placeJson({ application, token, expires, limit, posts }: Place): Json {
  return { application, token, expires, limit, posts };
}

/** Undefined where there never was a token, or where it no longer works. */
export function readPlace(json: Json | undefined, now: number): Place | undefined {
  const read = place.safeParse(json);
  return read.success && read.data.expires > now ? read.data : undefined;
}
