import { z } from 'zod';
import type { Message, Picture } from './page/wire.ts';

/** A message as Redis keeps it: without its place in the thread, and without the reactions to it. */
export type StoredMessage = Omit<Message, 'order' | 'reactions'>;

const picture: z.ZodType<Picture> = z.object({
  id: z.string(),
  url: z.string(),
  contentType: z.string(),
  width: z.number(),
  height: z.number(),
  alt: z.string(),
});

const storedMessage: z.ZodType<StoredMessage> = z.object({
  id: z.string(),
  at: z.number(),
  author: z.enum(['you', 'impasto']),
  tone: z.enum(['plain', 'hint', 'failure']),
  text: z.string(),
  replyTo: z.string().nullable(),
  pictures: z.array(picture),
  request: z
    .object({ id: z.string(), state: z.enum(['open', 'answered', 'failed', 'cancelled']) })
    .nullable(),
  buttons: z.array(z.object({ action: z.string(), label: z.string(), request: z.string() })),
});

/** @throws where Redis holds something else under a message's key: a defect, or another release's data */
export function readStored(json: string): StoredMessage {
  return storedMessage.parse(JSON.parse(json));
}
