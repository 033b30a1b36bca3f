import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { en } from '../../commands/messages/en.ts';
import { refuse } from '../../commands/messages/failures.ts';
import { UserError } from '../../errors.ts';
import { isFastifyError } from './problem.ts';
import type { PlaygroundSettings } from './settings.ts';

/**
 * The bytes of the one file of a form.
 * @throws UserError `picture-too-large`, `files-too-many`, `upload-silent`, `request-invalid`, `file-missing`
 */
export async function readUpload(
  request: FastifyRequest,
  { pictureBytes, uploadSilenceMs }: Pick<PlaygroundSettings, 'pictureBytes' | 'uploadSilenceMs'>,
): Promise<Buffer> {
  const silence = new Promise<never>((_, fail) => {
    request.raw.setTimeout(uploadSilenceMs, () => fail(refuse(en, 'upload-silent')));
  });
  const form = readForm(request, pictureBytes).finally(() => request.raw.setTimeout(0));
  const bytes = await Promise.race([form, silence]).catch((error: unknown) => {
    // A form that breaks off, or is none, is the sender's mistake; its parser throws it without a status.
    if (isFastifyError(error) && error.code === 'FST_FILES_LIMIT')
      throw refuse(en, 'files-too-many', {}, error);
    if (error instanceof UserError || isFastifyError(error)) throw error;
    throw refuse(en, 'request-invalid', {}, error);
  });
  if (bytes === undefined) throw refuse(en, 'file-missing');
  return bytes;
}

async function readForm(request: FastifyRequest, limit: number): Promise<Buffer | undefined> {
  let bytes: Buffer | undefined;
  // To the form's very end: a connection with something unread on it is neither used again nor closed.
  for await (const part of request.parts({
    limits: { fileSize: limit, files: 1, fields: 4, fieldSize: 1024, parts: 5 },
  })) {
    if (part.type === 'file') bytes = await fileOf(part, limit);
  }
  return bytes;
}

async function fileOf(part: Extract<Multipart, { type: 'file' }>, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // What is beyond the limit is read and dropped, so that the browser gets to hear the answer.
  for await (const chunk of part.file) chunks.push(chunk);
  if (!part.file.truncated) return Buffer.concat(chunks);
  throw refuse(en, 'picture-too-large', { limit });
}
