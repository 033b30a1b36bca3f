import { z } from 'zod';
import type { CommandRequest } from '../../commands/request.ts';
import { ImpastoError } from '../../errors.ts';
import type { Json } from '../../queue/request.ts';
import { type KeptSource, keptSourceOf } from '../kept-intake.ts';

/** One picture on Discord's servers. */
export interface Link {
  /** The attachment's, the sticker's, or one that follows from the embed's place in its message. */
  readonly id: string;
  readonly url: string;
  readonly alt?: string | undefined;
  readonly spoiler?: boolean | undefined;
  /** Why it cannot be fetched, where that is known before. */
  readonly refused?: 'lottie' | undefined;
}

/** A message, by its channel. */
export interface MessageAt {
  readonly channel: string;
  readonly message: string;
}

/** What intake is to find. */
export type Wanted =
  | {
      /** Pictures that the event told of. */
      readonly kind: 'links';
      readonly links: readonly Link[];
      /** The message that holds them. */
      readonly from?: MessageAt | undefined;
      /** The channel that they were forwarded from. */
      readonly origin?: string | undefined;
    }
  | { readonly kind: 'message'; readonly channel: string; readonly message: string }
  /** The latest picture in a channel or thread: by this person, else by anyone. */
  | { readonly kind: 'latest'; readonly channel: string; readonly person: string };

/** Where the answer goes; no secret, for it outlives the token. */
export interface Where {
  /** Channel or thread in which it was asked. */
  readonly channel: string;
  readonly server?: string | undefined;
  /** The message that the answer replies to, should it be a message of its own. */
  readonly reply?: string | undefined;
  /** The name of a thread that is made on that message, for the answer to stand in. */
  readonly thread?: string | undefined;
}

const link = z.object({
  id: z.string(),
  url: z.string(),
  alt: z.string().optional(),
  spoiler: z.boolean().optional(),
  refused: z.literal('lottie').optional(),
});

const at = z.object({ channel: z.string(), message: z.string() });

const wanted: z.ZodType<Wanted> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('links'),
    links: z.array(link),
    from: at.optional(),
    origin: z.string().optional(),
  }),
  z.object({ kind: z.literal('message'), channel: z.string(), message: z.string() }),
  z.object({ kind: z.literal('latest'), channel: z.string(), person: z.string() }),
]);

const where = z.object({
  channel: z.string(),
  server: z.string().optional(),
  reply: z.string().optional(),
  thread: z.string().optional(),
});

const source = z.object({ where, what: z.json() });

/** What a request of ours carries as its source. */
export function sourceJson(place: Where, what: Wanted | Json): Json {
  return z.json().parse({ where: { ...place }, what });
}

/** What a request's source stands for. */
export interface ReadSource {
  readonly where: Where;
  readonly what: Wanted | KeptSource;
}

/** @throws ImpastoError `source-unreadable` where it is none of ours, as after a downgrade */
export function readSource(request: Pick<CommandRequest, 'source'>): ReadSource {
  const read = source.safeParse(request.source);
  if (!read.success) throw unreadable(read.error);
  const kept = keptSourceOf(read.data.what);
  if (kept !== undefined) return { where: read.data.where, what: kept };
  const found = wanted.safeParse(read.data.what);
  if (!found.success) throw unreadable(found.error);
  return { where: read.data.where, what: found.data };
}

function unreadable(cause: unknown): ImpastoError {
  return new ImpastoError({
    code: 'source-unreadable',
    userMessage: 'A request names its picture in a way that this version does not know.',
    report: true,
    cause,
  });
}
