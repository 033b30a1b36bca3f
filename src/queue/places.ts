import { ImpastoError } from '../errors.ts';
import type { QueueContext } from './context.ts';
import type { Json } from './request.ts';
import { createSealer } from './secrets.ts';

/** Seals what is needed to speak in a place, such as an interaction token. */
export interface Places {
  seal(request: string, place: Json): Buffer;
  /** @throws ImpastoError `place-unreadable` where it was sealed under another secret, for another request, or is damaged */
  open(request: string, sealed: Buffer): Json;
}

/**
 * Each place is sealed under its request's id.
 * @param secret at least 16 bytes in UTF-8
 * @param older earlier secrets, under which places may still be sealed
 * @throws RangeError where it is shorter
 */
export function createPlaces(secret: string, older: readonly string[] = []): Places {
  const sealer = createSealer(secret, 'place', older);
  return {
    seal: sealer.seal,
    open: (request, sealed) => {
      try {
        return sealer.open(request, sealed);
      } catch (cause) {
        throw new ImpastoError({
          code: 'place-unreadable',
          userMessage: 'The place to answer in cannot be read; was IMPASTO_SECRET changed? Please ask again.',
          report: true,
          data: { request },
          cause,
        });
      }
    },
  };
}

/**
 * The place of a request; undefined once it has expired. One that can't be read is told to the log and treated
 * alike: the adapter knows best whether it can answer without.
 */
export async function openPlace(
  { records, log }: QueueContext,
  places: Places,
  request: string,
): Promise<Json | undefined> {
  const sealed = await records.sealedPlace(request);
  if (sealed === undefined) return undefined;
  try {
    return places.open(request, sealed);
  } catch (error) {
    log.error({ request, err: error }, 'A place could not be read');
    return undefined;
  }
}
