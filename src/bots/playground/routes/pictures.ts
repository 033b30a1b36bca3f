import { readFile } from 'node:fs/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { en } from '../../../commands/messages/en.ts';
import { refuse } from '../../../commands/messages/failures.ts';
import { messagesFor } from '../../../commands/messages/language.ts';
import type { Artefacts } from '../../../queue/contract.ts';
import { readBody } from '../body.ts';
import type { Pace } from '../pace.ts';
import type { Picture } from '../page/wire.ts';
import { type Pictures, pictureExpired, pictureView } from '../pictures.ts';
import { type Session, sessionOf } from '../session.ts';
import type { PlaygroundSettings } from '../settings.ts';
import { readUpload } from '../upload.ts';
import { createTurns } from '../upload-turns.ts';
import { findSample, type Sample } from './samples.ts';

/** What decoding tells of a picture; upright size. Throws UserError for what cannot be taken. */
export type Inspect = (
  bytes: Buffer,
) => Promise<{ readonly contentType: string; readonly width: number; readonly height: number }>;

/** Where pictures go, what looks at them, and how many are taken. */
export interface PictureRouteOptions {
  /** Whose people the visitors are. */
  readonly platform: string;
  readonly artefacts: Artefacts;
  readonly pictures: Pictures;
  readonly inspect: Inspect;
  readonly samples: readonly Sample[];
  readonly settings: PlaygroundSettings;
  readonly pace: Pace;
}

/** What a browser may show by itself; anything else is handed out as a file. */
const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
};

const sampleBody = z.object({ sample: z.string().max(100) });

/** `POST /api/pictures` takes pictures in, `GET /api/pictures/:id` gives them out. */
export function pictureRoutes(app: FastifyInstance, options: PictureRouteOptions): void {
  const { platform, artefacts, pictures, inspect, samples, settings, pace } = options;
  const uploads = createTurns(settings.uploadsAtOnce, settings.sessionUploadsAtOnce);

  app.post('/api/pictures', async (request, reply): Promise<{ picture: Picture }> => {
    const session = sessionOf(request);
    await pace(session.thread, 'pictures');
    const end = uploads.begin(session.thread);
    try {
      const { bytes, alt } = await sourceOf(request, session);
      const seen = await inspect(bytes);
      const artefact = await artefacts.put(bytes, seen, { platform, person: session.thread });
      const record = await pictures.add({ thread: session.thread, artefact, alt, fileName: 'photo' });
      reply.code(201);
      return { picture: pictureView(record) };
    } finally {
      end();
    }
  });

  async function sourceOf(
    request: FastifyRequest,
    { locale }: Session,
  ): Promise<{ bytes: Buffer; alt: string }> {
    if (request.isMultipart()) {
      return { bytes: await readUpload(request, settings), alt: messagesFor(locale).photoAlt };
    }
    const sample = findSample(samples, readBody(sampleBody, request).sample);
    return { bytes: await readFile(sample.file), alt: sample.title };
  }

  app.get<{ Params: { id: string }; Querystring: { download?: string } }>(
    '/api/pictures/:id',
    async (request, reply) => {
      const record = await pictures.find(request.params.id);
      if (record === undefined) throw refuse(en, 'picture-unknown');
      const stored = await artefacts.get(record.artefact.hash);
      if (stored === undefined) throw pictureExpired();
      const { contentType } = record.artefact;
      const ending = ENDINGS[contentType];
      const inline = ending !== undefined && request.query.download === undefined;
      const fileName = `${record.fileName}.${ending ?? 'bin'}`;
      return reply
        .type(ending === undefined ? 'application/octet-stream' : contentType)
        .header('content-disposition', `${inline ? 'inline' : 'attachment'}; filename="${fileName}"`)
        .header('content-security-policy', "default-src 'none'; sandbox; frame-ancestors 'none'")
        .header('cache-control', 'private, max-age=3600, immutable')
        .send(stored.bytes);
    },
  );
}
