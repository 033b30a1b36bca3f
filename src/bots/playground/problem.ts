import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ImpastoError, UserError } from '../../errors.ts';
import { failureOf } from '../../queue/failure.ts';
import type { Log } from '../../queue/log.ts';
import { sentences } from './sentences.ts';

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
  'too-fast': 429,
};

/** Answer a request that failed: `{error: {code, message, incident?}}`, and the log hears what it should. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): void {
  const known = isFastifyError(error) ? ofFastify(error) : error;
  const { url, method } = request;
  if (known instanceof UserError) {
    const { code, userMessage, data } = known;
    if (data.retryAfterSeconds !== undefined) reply.header('retry-after', String(data.retryAfterSeconds));
    // What is still to come on the connection is of no use.
    if (code === 'upload-silent') reply.header('connection', 'close');
    void reply.code(STATUS[code] ?? 422).send({ error: { code, message: userMessage } });
    return;
  }
  const { userMessage, incident, ...failure } = failureOf(known, log, { method, url: url.split('?', 1)[0] });
  // A program that calls is told by the code what may pass, also where its sentence is for whoever runs the house.
  const code = known instanceof ImpastoError ? known.code : failure.code;
  const status = known instanceof ImpastoError && known.retryable ? 503 : 500;
  void reply.code(status).send({ error: { code, message: userMessage, incident } });
}

/** What the server's library refuses by itself, in our words; anything else of its making is a defect. */
function ofFastify(error: FastifyError): unknown {
  switch (error.statusCode) {
    case 404:
      return new UserError('not-found', sentences.notFound, { cause: error });
    case 406:
    case 415:
      return new UserError('content-type-unsupported', sentences.contentTypeUnsupported, { cause: error });
    case 413:
      return new UserError('request-too-large', sentences.requestTooLarge, { cause: error });
    default:
      return (error.statusCode ?? 500) < 500
        ? new UserError('request-invalid', sentences.requestInvalid, { cause: error })
        : error;
  }
}

/** An error of the server's library, which says by itself how to answer. */
export function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}
