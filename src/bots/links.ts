import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Addresses at which one stored picture can be had for a while, and which nobody can guess. */
export interface Links {
  /** @param hash of the artefact @returns the address, and when it ends to work (ms since the epoch) */
  make(hash: string): { readonly url: string; readonly until: number };
  /** The artefact that the last part of an address stands for; undefined for a forged or expired one. */
  read(token: string): string | undefined;
}

const HASH = /^[0-9a-f]{64}$/;

/**
 * A link holds the artefact's hash and its end, signed (HMAC-SHA-256 under a key of its own, derived from the secret by
 * HKDF, RFC 5869): nothing is stored for it, and it works no longer than the artefact lives.
 *
 * @param options.olderSecrets earlier ones, whose links still work
 * @param options.base where `/pictures/` is served, such as `https://pictures.example.com`
 */
export function createLinks(options: {
  readonly base: string;
  readonly secret: string;
  readonly olderSecrets?: readonly string[];
  readonly seconds: number;
  readonly now?: () => number;
}): Links {
  const { base, secret, olderSecrets = [], seconds, now = Date.now } = options;
  const key = keyOf(secret);
  const keys = [key, ...olderSecrets.map(keyOf)];

  return {
    make: (hash) => {
      const until = now() + seconds * 1000;
      const body = `${hash}.${until.toString(36)}`;
      // Letters and digits alone: some platforms take others for the marks of their formatting.
      const token = `${body}.${sign(key, body).toString('hex')}`;
      return { url: `${base.replace(/\/+$/, '')}/pictures/${token}`, until };
    },
    read: (token) => {
      const [hash = '', until = '', signature = ''] = token.split('.');
      const given = Buffer.from(signature, 'hex');
      const genuine = keys.some((each) => {
        const own = sign(each, `${hash}.${until}`);
        return given.length === own.length && timingSafeEqual(given, own);
      });
      if (!genuine) return undefined;
      if (!HASH.test(hash) || Number.parseInt(until, 36) < now()) return undefined;
      return hash;
    },
  };
}

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(secret), '', 'impasto link', 32));
}

function sign(key: Buffer, body: string): Buffer {
  return createHmac('sha256', key).update(body).digest();
}
