import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { UserError } from '../../errors.ts';
import { isFastifyError } from './problem.ts';
import { sentences } from './sentences.ts';
import type { PlaygroundSettings } from './settings.ts';

/**
 * The bytes of the one file of a form.
 * @throws UserError `picture-too-large`, `upload-silent`, `request-invalid`
 */
export async function readUpload(
  request: FastifyRequest,
  { pictureBytes, uploadSilenceMs }: Pick<PlaygroundSettings, 'pictureBytes' | 'uploadSilenceMs'>,
): Promise<Buffer> {
  const silence = new Promise<never>((_, fail) => {
    request.raw.setTimeout(uploadSilenceMs, () =>
      fail(new UserError('upload-silent', sentences.uploadSilent)),
    );
  });
  const form = readForm(request, pictureBytes).finally(() => request.raw.setTimeout(0));
  const bytes = await Promise.race([form, silence]).catch((error: unknown) => {
    // A form that breaks off, or is none, is the sender's mistake; its parser throws it without a status.
    if (error instanceof UserError || isFastifyError(error)) throw error;
    throw new UserError('request-invalid', sentences.requestInvalid, { cause: error });
  });
  if (bytes === undefined) throw new UserError('request-invalid', sentences.fileMissing);
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
  const megabytes = Math.floor(limit / 1024 ** 2);
  throw new UserError('picture-too-large', sentences.pictureTooLarge(megabytes), { data: { limit } });
}
