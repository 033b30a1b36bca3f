/** Takes out of a text what nobody may read. */
export interface Mask {
  (text: string): string;
  /** Take out this secret too, from now on. */
  hide(secret: string): void;
}

/** Shorter ones would be found in innocent words. */
const LEAST = 6;
const HIDDEN = '…';

/** What opens doors by its very look, whoever it belongs to; what is kept in front of it tells which it was. */
const shapes: readonly RegExp[] = [
  /(xox[a-z]-|xapp-)[\w-]+/g,
  /(\b(?:Bearer|Bot|Basic) )[\w.~+/=-]{6,}/g,
  /(\/webhooks\/\d+\/)[^/\s?"\\]+/g,
  /(\/interactions\/\d+\/)[^/\s?"\\]+/g,
  /(\/(?:commands|actions|response|hooks)\/)[A-Z0-9][^\s"'\\]+/g,
  /(\/pictures\/)[0-9a-f]{64}\.[^\s"'\\]+/g,
  /()\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/g,
];

/**
 * A mask for log lines: it knows these secrets, however they are written, and what platforms' tokens look like.
 * @param secrets of fewer than six characters are left alone
 */
export function createMask(secrets: readonly string[]): Mask {
  const written = new Set<string>();
  let known: readonly string[] = [];

  function hide(secret: string): void {
    if (secret.length < LEAST) return;
    for (const form of formsOf(secret)) written.add(form);
    // The longest first: one may be part of another.
    known = [...written].sort((a, b) => b.length - a.length);
  }

  function mask(text: string): string {
    const unnamed = known.reduce((left, secret) => left.replaceAll(secret, HIDDEN), text);
    return shapes.reduce((left, shape) => left.replace(shape, `$1${HIDDEN}`), unnamed);
  }

  for (const secret of secrets) hide(secret);
  return Object.assign(mask, { hide });
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  return [
    secret,
    json,
    encodeURIComponent(secret),
    base64,
    bytes.toString('base64url'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
  ];
}
