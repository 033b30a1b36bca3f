import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { en } from '../../commands/messages/en.ts';
import { failureSentence, refuse, sentenceOf } from '../../commands/messages/failures.ts';
import { messagesFor } from '../../commands/messages/language.ts';
import { ImpastoError, UserError } from '../../errors.ts';
import { failureOf } from '../../queue/failure.ts';
import type { Log } from '../../queue/log.ts';
import { sessionLocale } from './session.ts';

/** How each refusal is answered; a UserError that is not listed here is about the picture: 422. */
export const STATUS: Readonly<Record<string, number>> = {
  'session-missing': 401,
  'host-refused': 403,
  'origin-refused': 403,
  'not-found': 404,
  'picture-unknown': 404,
  'sample-unknown': 404,
  'message-unknown': 404,
  'upload-silent': 408,
  'picture-expired': 410,
  'picture-too-large': 413,
  'request-too-large': 413,
  'content-type-unsupported': 415,
  'request-invalid': 400,
  'file-missing': 400,
  'files-too-many': 400,
  'too-fast': 429,
};

/** Answer a request that failed: `{error: {code, message, incident?}}`, and the log hears what it should. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): void {
  const known = isFastifyError(error) ? ofFastify(error) : error;
  const { url, method } = request;
  const messages = messagesFor(sessionLocale(request));
  if (known instanceof UserError) {
    const { code, userMessage, data } = known;
    if (data.retryAfterSeconds !== undefined) reply.header('retry-after', String(data.retryAfterSeconds));
    // What is still to come on the connection is of no use.
    if (code === 'upload-silent') reply.header('connection', 'close');
    void reply
      .code(STATUS[code] ?? 422)
      .send({ error: { code, message: sentenceOf(known, messages) ?? userMessage } });
    return;
  }
  const failure = failureOf(known, log, { method, url: url.split('?', 1)[0] });
  const { code, incident } = failure;
  const status = known instanceof ImpastoError && known.retryable ? 503 : 500;
  void reply.code(status).send({ error: { code, message: failureSentence(failure, messages), incident } });
}

/** What the server's library refuses by itself, in our words; anything else of its making is a defect. */
function ofFastify(error: FastifyError): unknown {
  switch (error.statusCode) {
    case 404:
      return refuse(en, 'not-found', {}, error);
    case 406:
    case 415:
      return refuse(en, 'content-type-unsupported', {}, error);
    case 413:
      return refuse(en, 'request-too-large', {}, error);
    default:
      return (error.statusCode ?? 500) < 500 ? refuse(en, 'request-invalid', {}, error) : error;
  }
}

/** An error of the server's library, which says by itself how to answer. */
export function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}
