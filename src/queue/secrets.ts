import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { ImpastoError } from '../errors.ts';
import type { Json } from './request.ts';

/** Seals what must not lie open in Redis, such as a platform's tokens. */
export interface Sealer {
  seal(name: string, value: Json): Buffer;
  /**
   * @throws ImpastoError `sealed-unreadable` where it was sealed under a secret that is not known here, for another
   * purpose or under another name, or is damaged; retryable, for another process may know the secret
   */
  open(name: string, sealed: Buffer): Json;
  /**
   * The same under the current secret; undefined where it is under it already.
   * @throws ImpastoError as `open` does
   */
  renew(name: string, sealed: Buffer): Buffer | undefined;
}

const CIPHER = 'aes-256-gcm';
const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A key of 32 bytes for one purpose alone (HKDF-SHA-256, RFC 5869): who comes to know one knows neither the secret nor
 * another key.
 * @param secret at least 16 bytes in UTF-8
 * @throws RangeError where the secret is shorter
 */
export function derivedKey(secret: string, purpose: string): Buffer {
  const material = Buffer.from(secret);
  if (material.length < 16) throw new RangeError('expected at least 16 bytes of secret');
  return Buffer.from(hkdfSync('sha256', material, '', `impasto ${purpose}`, 32));
}

/**
 * AES-256-GCM under a key derived from secret and purpose; the name is associated data, so
 * what was sealed under one name can't be passed off as another's. Layout: version (1 byte), iv (12), tag (16),
 * ciphertext.
 * @param secret at least 16 bytes in UTF-8
 * @param purpose keeps apart what is sealed under the same secret: `place`, `installation`
 * @param older earlier secrets: nothing more is sealed under them, but what was can be opened
 * @throws RangeError where a secret is shorter
 */
export function createSealer(secret: string, purpose: string, older: readonly string[] = []): Sealer {
  const current = derivedKey(secret, purpose);
  const keys = [current, ...older.map((each) => derivedKey(each, purpose))];

  function seal(name: string, value: Json): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, current, iv, { authTagLength: TAG_BYTES }).setAAD(
      Buffer.from(name),
    );
    const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), text]);
  }

  /** Under whichever key it was sealed; the first that fits is the one, for GCM authenticates. */
  function open(name: string, sealed: Buffer): { readonly key: Buffer; readonly value: Json } {
    let cause: unknown;
    for (const key of keys) {
      try {
        return { key, value: decipher(key, name, sealed) };
      } catch (error) {
        cause ??= error;
      }
    }
    throw new ImpastoError({
      code: 'sealed-unreadable',
      userMessage: `The sealed ${purpose} ${name} cannot be read. Was IMPASTO_SECRET changed, or is it another one here?`,
      retryable: true,
      report: true,
      data: { purpose, name },
      cause,
    });
  }

  return {
    seal,
    open: (name, sealed) => open(name, sealed).value,
    renew: (name, sealed) => {
      const { key, value } = open(name, sealed);
      return key === current ? undefined : seal(name, value);
    },
  };
}

/** @throws Error of the system where the key is another one, or anything was changed */
function decipher(key: Buffer, name: string, sealed: Buffer): Json {
  const iv = sealed.subarray(1, 1 + IV_BYTES);
  const tag = sealed.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES);
  if (sealed[0] !== VERSION) throw new RangeError(`expected version ${VERSION} but found ${sealed[0]}`);
  const open = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  open.setAAD(Buffer.from(name)).setAuthTag(tag);
  const text = Buffer.concat([open.update(sealed.subarray(1 + IV_BYTES + TAG_BYTES)), open.final()]);
  return JSON.parse(text.toString('utf8'));
}
