import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { en } from '../../commands/messages/en.ts';
import { refuse } from '../../commands/messages/failures.ts';

/**
 * The JSON body of a request.
 * @throws UserError `request-invalid`
 */
export function readBody<T>(schema: z.ZodType<T>, request: FastifyRequest): T {
  const parsed = schema.safeParse(request.body);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw refuse(en, 'request-invalid', { where }, parsed.error);
}
