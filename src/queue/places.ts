import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { ImpastoError } from '../errors.ts';
import type { QueueContext } from './context.ts';
import type { Json } from './request.ts';

/** Seals what is needed to speak in a place, such as an interaction token. */
export interface Places {
  seal(request: string, place: Json): Buffer;
  /** @throws ImpastoError `place-unreadable` where it was sealed under another secret, for another request, or is damaged */
  open(request: string, sealed: Buffer): Json;
}

const CIPHER = 'aes-256-gcm';
const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM under a key derived from the secret (HKDF-SHA-256, RFC 5869); the request's id is associated data,
 * so one request's place can't be passed off as another's. Layout: version (1 byte), iv (12), tag (16), ciphertext.
 * @param secret at least 16 bytes in UTF-8
 * @throws RangeError where it is shorter
 */
export function createPlaces(secret: string): Places {
  const material = Buffer.from(secret);
  if (material.length < 16) throw new RangeError('expected at least 16 bytes of secret');
  const key = Buffer.from(hkdfSync('sha256', material, '', 'impasto place', 32));
  return {
    seal: (request, place) => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(
        Buffer.from(request),
      );
      const text = Buffer.concat([cipher.update(JSON.stringify(place), 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), text]);
    },
    open: (request, sealed) => {
      try {
        const iv = sealed.subarray(1, 1 + IV_BYTES);
        const tag = sealed.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES);
        if (sealed[0] !== VERSION) throw new RangeError(`expected version ${VERSION} but found ${sealed[0]}`);
        const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
        decipher.setAAD(Buffer.from(request)).setAuthTag(tag);
        const text = Buffer.concat([
          decipher.update(sealed.subarray(1 + IV_BYTES + TAG_BYTES)),
          decipher.final(),
        ]);
        return JSON.parse(text.toString('utf8'));
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
