import { ImpastoError } from '../errors.ts';
import type { QueueContext } from './context.ts';
import type { Json } from './request.ts';
import { createSealer } from './secrets.ts';

/** Seals what is needed to speak in a place, such as an interaction token. */
export interface Places {
  seal(request: string, place: Json): Buffer;
  /**
   * @throws ImpastoError `place-unreadable` where it was sealed under another secret, for another request, or is damaged;
   * retryable, for another process may have that secret
   */
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
          retryable: true,
          report: true,
          data: { request },
          cause,
        });
      }
    },
  };
}

/**
 * The place of a request; undefined once it has expired.
 * @throws ImpastoError as `Places.open` does
 */
export async function openPlace(
  { records }: QueueContext,
  places: Places,
  request: string,
): Promise<Json | undefined> {
  const sealed = await records.sealedPlace(request);
  return sealed === undefined ? undefined : places.open(request, sealed);
}

/** A place, as far as it is known. */
export interface KnownPlace {
  /** Undefined where it has expired, or can't be read. */
  readonly place: Json | undefined;
  /** Why it can't be read. */
  readonly unreadable?: ImpastoError;
}

/** The same where there is nothing to wait for: that it can't be read is told to the log. */
export async function openIfReadable(
  context: QueueContext,
  places: Places,
  request: string,
): Promise<KnownPlace> {
  try {
    return { place: await openPlace(context, places, request) };
  } catch (error) {
    if (!(error instanceof ImpastoError) || error.code !== 'place-unreadable') throw error;
    context.log.error({ request, err: error }, 'A place could not be read');
    return { place: undefined, unreadable: error };
  }
}
