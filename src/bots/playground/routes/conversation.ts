import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { MOST_PICTURES } from '../../../commands/preconditions/pictures-given.ts';
import type { CommandRequest } from '../../../commands/request.ts';
import type { RequestQueue } from '../../../queue/contract.ts';
import { readBody } from '../body.ts';
import type { Conversation } from '../conversation.ts';
import type { Pace } from '../pace.ts';
import { sessionOf } from '../session.ts';

/** Who is spoken to, and how much at once. */
export interface ConversationRouteOptions {
  readonly conversation: Conversation;
  readonly queue: Pick<RequestQueue<CommandRequest>, 'cancel'>;
  readonly textLength: number;
  readonly pace: Pace;
}

const key = z.string().regex(/^[\w-]{8,64}$/);
const id = z.string().regex(/^[\w-]{1,80}$/);
// No white space: an emoji of several signs is joined by U+200D, which is none.
const emoji = z.string().regex(/^\S{1,32}$/u);

/** What people do in the thread: messages, reactions, cancelling. */
export function conversationRoutes(app: FastifyInstance, options: ConversationRouteOptions): void {
  const { conversation, queue, pace } = options;
  const messageBody = z
    .object({
      key: key.optional(),
      text: z.string().max(options.textLength),
      pictures: z.array(id).max(MOST_PICTURES).optional(),
    })
    .refine(({ text, pictures }) => text.trim() !== '' || (pictures?.length ?? 0) > 0);
  const reactionBody = z.object({ key: key.optional(), message: id, picture: id, emoji });

  app.post('/api/messages', async (request, reply) => {
    const session = sessionOf(request);
    await pace(session.thread, 'messages');
    const body = readBody(messageBody, request);
    reply.code(202);
    const pictures = [...new Set(body.pictures ?? [])];
    return conversation.message(session, { ...body, key: body.key ?? randomUUID(), pictures });
  });

  app.post('/api/reactions', async (request, reply) => {
    const session = sessionOf(request);
    await pace(session.thread, 'reactions');
    const body = readBody(reactionBody, request);
    reply.code(202);
    return conversation.reaction(session, { ...body, key: body.key ?? randomUUID() });
  });

  app.post<{ Params: { id: string } }>('/api/requests/:id/cancel', async (request) => {
    const session = sessionOf(request);
    await pace(session.thread, 'cancel');
    return { cancelled: await queue.cancel(request.params.id, session.thread) };
  });
}
