import { randomBytes } from 'node:crypto';

const DISCORD_EPOCH = 1_420_070_400_000n;

/** Makes snowflakes: later ones are larger, and each tells when it was made, as Discord's do. */
export interface Ids {
  next(): string;
}

export function createIds(): Ids {
  let last = 0n;
  return {
    next() {
      const now = (BigInt(Date.now()) - DISCORD_EPOCH) << 22n;
      last = now > last ? now : last + 1n;
      return String(last);
    },
  };
}

/** A token as long and as opaque as Discord's, which begin with “interaction:” in base64. */
export function interactionToken(id: string): string {
  return Buffer.from(`interaction:${id}:${randomBytes(96).toString('base64url')}`).toString('base64url');
}

/** When a snowflake was made, in milliseconds since 1970. */
export function madeAt(id: string): number {
  return Number((BigInt(id) >> 22n) + DISCORD_EPOCH);
}
