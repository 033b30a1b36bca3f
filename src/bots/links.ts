import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Artefacts, Owner } from '../queue/contract.ts';
import { ownerName } from '../queue/keys.ts';
import { derivedKey } from '../queue/secrets.ts';
import { publicAddress } from './public-url.ts';

/** Addresses at which one stored picture can be had for a while, and which nobody can guess. */
export interface Links {
  /**
   * @param hash of the artefact
   * @param owner one of the artefact's own: the address works while it is theirs
   * @returns the address, and when it ends to work (ms since the epoch)
   */
  make(hash: string, owner: Owner): { readonly url: string; readonly until: number };
  /**
   * The artefact that the last part of an address stands for; undefined for a forged or expired one, and where it is no
   * longer theirs for whom it was made.
   * @param ownersOf names of an artefact's owners (`ownerName`)
   */
  read(token: string, ownersOf: Artefacts['owners']): Promise<string | undefined>;
}

const HASH = /^[0-9a-f]{64}$/;

/**
 * A link holds the artefact's hash and its end, signed (HMAC-SHA-256 under a key of its own, derived from the secret by
 * HKDF, RFC 5869) together with its owner's name: nothing is stored for it, and it works no longer than the artefact
 * lives and is theirs.
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
  const key = derivedKey(secret, 'link');
  const keys = [key, ...olderSecrets.map((older) => derivedKey(older, 'link'))];

  return {
    make: (hash, owner) => {
      const until = now() + seconds * 1000;
      const body = `${hash}.${until.toString(36)}`;
      // Letters and digits alone: some platforms take others for the marks of their formatting.
      const token = `${body}.${sign(key, `${body}.${ownerName(owner)}`)}`;
      return { url: publicAddress(base, `/pictures/${token}`), until };
    },
    read: async (token, ownersOf) => {
      const [hash = '', until = '', signature = ''] = token.split('.');
      if (!HASH.test(hash) || !(Number.parseInt(until, 36) >= now())) return undefined;
      // As text: read as hexadecimal, large letters would make another address of the same picture.
      const given = Buffer.from(signature);
      for (const owner of await ownersOf(hash)) {
        const genuine = keys.some((each) => {
          const own = Buffer.from(sign(each, `${hash}.${until}.${owner}`));
          return given.length === own.length && timingSafeEqual(given, own);
        });
        if (genuine) return hash;
      }
      return undefined;
    },
  };
}

function sign(key: Buffer, body: string): string {
  return createHmac('sha256', key).update(body).digest('hex');
}
