import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, it } from 'vitest';
import { createLog } from '../../src/observing/log.ts';
import { createMask } from '../../src/observing/mask.ts';
import { findings } from '../secrecy.ts';

const secrets = {
  'our secret': 'correct "horse" battery\\staple ü',
  'a token': 'xoxb-0000000000-abcdefghij',
  'a password': 'love lace/ada+',
};

function aLog(): { readonly log: ReturnType<typeof createLog>; written(): string; lines(): unknown[] } {
  const written: string[] = [];
  const log = createLog({
    level: 'trace',
    mask: createMask(Object.values(secrets)),
    scope: new AsyncLocalStorage(),
    destination: { write: (line) => written.push(line) },
  });
  const text = () => written.join('');
  return {
    log,
    written: text,
    lines: () =>
      text()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
  };
}

it('holds no secret, wherever and however it was written into a line, and every line is JSON', () => {
  const { log, written, lines } = aLog();
  for (const secret of Object.values(secrets)) {
    const bytes = Buffer.from(secret);
    log.warn({ err: new Error(`refused: ${secret}`, { cause: new Error(secret) }) }, secret);
    log.info({ [secret]: [secret], deep: { er: { still: secret } } }, 'A line');
    for (const form of [encodeURIComponent(secret), bytes.toString('base64'), bytes.toString('hex')]) {
      log.info({ url: `https://example.com/?x=${form}` }, `as ${form}`);
    }
  }
  expect(findings({ 'the log': written() }, secrets)).toEqual([]);
  expect(lines()).toHaveLength(3 * 5);
  expect(lines()[0]).toMatchObject({ msg: '…', err: { message: 'refused: …: …' } });
});

it.each([
  ['xapp-1-A0-123-abcdef', 'xapp-…'],
  ['authorization: Bearer abcdefghijklmnop', 'authorization: Bearer …'],
  ['https://discord.com/api/webhooks/123/aW50ZXJhY3Rpb24/messages/@original', 'webhooks/123/…/messages'],
  ['https://discord.com/api/interactions/12/tokentokentoken/callback', 'interactions/12/…/callback'],
  ['https://hooks.slack.com/commands/T1/2/abc', 'hooks.slack.com/commands/…'],
  ['MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs', '"msg":"…"'],
])('knows what a platform’s tokens look like: %s', (text, shown) => {
  const { log, written } = aLog();
  log.warn({}, text);
  expect(written()).toContain(shown);
});

it('leaves out what stands under a name that tells of a secret', () => {
  const { log, written } = aLog();
  log.warn(
    { err: { config: { headers: { authorization: 'opaque-value' } } }, token: 'opaque-value' },
    'Refused',
  );
  expect(written()).not.toContain('opaque-value');
});

it('says in each line for which request something is done', async () => {
  const scope = new AsyncLocalStorage<Record<string, unknown>>();
  const written: string[] = [];
  const log = createLog({
    level: 'info',
    mask: createMask([]),
    scope,
    destination: { write: (line) => written.push(line) },
  });
  await scope.run({ request: 'r1' }, async () => log.info({}, 'Inside'));
  log.info({}, 'Outside');
  expect(written.map((line) => JSON.parse(line).request)).toEqual(['r1', undefined]);
});

it('takes out a secret that it learns of later', () => {
  const mask = createMask([]);
  expect(mask('a made secret')).toBe('a made secret');
  mask.hide('made secret');
  expect(mask('a made secret')).toBe('a …');
});
