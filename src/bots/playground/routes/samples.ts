import type { FastifyInstance } from 'fastify';
import { en } from '../../../commands/messages/en.ts';
import { refuse } from '../../../commands/messages/failures.ts';
import type { Sample as SampleView } from '../page/wire.ts';
import { sendFile } from '../send-file.ts';

/** A photo that anyone can try Impasto with. */
export interface Sample {
  /** As it stands in addresses: lower case, digits, `-`. */
  readonly name: string;
  readonly title: string;
  /** Path of a JPEG, PNG or WebP. */
  readonly file: string;
}

/** The sample photos, as a list and as pictures. */
export function sampleRoutes(app: FastifyInstance, samples: readonly Sample[]): void {
  app.get('/api/samples', async (): Promise<{ samples: readonly SampleView[] }> => {
    return {
      samples: samples.map(({ name, title }) => ({
        name,
        title,
        url: `/api/samples/${encodeURIComponent(name)}`,
      })),
    };
  });

  app.get<{ Params: { name: string } }>('/api/samples/:name', async (request, reply) =>
    sendFile(reply, findSample(samples, request.params.name).file, 'private, max-age=86400'),
  );
}

/** @throws UserError `sample-unknown` */
export function findSample(samples: readonly Sample[], name: string): Sample {
  const sample = samples.find((each) => each.name === name);
  if (sample === undefined) throw refuse(en, 'sample-unknown');
  return sample;
}
