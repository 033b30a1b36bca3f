import { z } from 'zod';
import type { CommandRequest } from '../../commands/request.ts';
import { ImpastoError } from '../../errors.ts';
import type { Json } from '../../queue/request.ts';
import { type KeptSource, keptSourceOf } from '../kept-intake.ts';

const link = z.object({
  /** The attachment's, the sticker's, or one that follows from the embed's place in its message. */
  id: z.string(),
  url: z.string(),
  alt: z.string().optional(),
  spoiler: z.boolean().optional(),
  /** Why it cannot be fetched, where that is known before. */
  refused: z.literal('lottie').optional(),
});

const from = z.object({ channel: z.string(), message: z.string() });

const wanted = z.discriminatedUnion('kind', [
  /** Pictures that the event told of; `from` where a message holds them, `origin` the channel it was forwarded from. */
  z.object({
    kind: z.literal('links'),
    links: z.array(link),
    from: from.optional(),
    origin: z.string().optional(),
  }),
  z.object({ kind: z.literal('message'), channel: z.string(), message: z.string() }),
  /** The latest picture in a channel or thread: by this person, else by anyone. */
  z.object({ kind: z.literal('latest'), channel: z.string(), person: z.string() }),
]);

const where = z.object({
  /** Channel or thread in which it was asked. */
  channel: z.string(),
  server: z.string().optional(),
  /** The message that the answer replies to, should it be a message of its own. */
  reply: z.string().optional(),
});

/** One picture on Discord's servers. */
export type Link = z.output<typeof link>;
/** What intake is to find. */
export type Wanted = z.output<typeof wanted>;
/** Where the answer goes; no secret, for it outlives the token. */
export type Where = z.output<typeof where>;

const source = z.object({ where, what: z.json() });

/** What a request of ours carries as its source. */
export function sourceJson(at: Where, what: Wanted | Json): Json {
  return source.parse({ where: at, what });
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
