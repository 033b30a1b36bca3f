import { DiscordAPIError, HTTPError } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { redacted, troubleOf } from '../../../src/bots/discord/api-errors.ts';
import { sentenceOf } from '../../../src/commands/messages/failures.ts';
import { messagesFor } from '../../../src/commands/messages/language.ts';

const url = 'https://discord.com/api/v10/webhooks/123456/aW50ZXJhY3Rpb246c2VjcmV0/messages/@original';

function refusal(code: number, status: number): DiscordAPIError {
  return new DiscordAPIError({ code, message: 'No' }, code, status, 'PATCH', url, {
    body: {},
    files: undefined,
  });
}

describe('an error of Discord’s', () => {
  it.each([
    [10062, 404, 'discord-interaction-gone', false],
    [50027, 401, 'discord-interaction-gone', false],
    [10008, 404, 'discord-message-gone', false],
    [40005, 413, 'discord-upload-too-large', false],
    [40060, 400, 'discord-interaction-answered', false],
    [50013, 403, 'discord-permission-missing', false],
    [50001, 403, 'discord-access-missing', false],
    [50035, 400, 'discord-request-refused', false],
    [0, 401, 'discord-token-refused', false],
    [0, 502, 'discord-away', true],
  ])('%i with %i is %s', (code, status, ours, retryable) => {
    expect(troubleOf(refusal(code, status))).toMatchObject({ code: ours, retryable });
  });

  it.each([
    ['en-US', /^[^\u4e00-\u9fff]+$/],
    ['zh-TW', /[\u4e00-\u9fff].*。$/],
  ])('is told to people in %s alone, or not at all', (locale, language) => {
    const codes = [
      10003, 10008, 10015, 10062, 40005, 40060, 50001, 50006, 50013, 50035, 131000, 160002, 160004,
    ];
    const told = codes.map((code) => sentenceOf(troubleOf(refusal(code, 400)), messagesFor(locale)));
    expect(told.filter((sentence) => sentence === undefined)).toHaveLength(2);
    for (const sentence of told) if (sentence !== undefined) expect(sentence).toMatch(language);
  });

  it('is worth another try where nothing is known of it', () => {
    expect(troubleOf(new HTTPError(503, 'Away', 'GET', url, { body: {}, files: undefined }))).toMatchObject({
      code: 'discord-away',
      retryable: true,
    });
    expect(troubleOf(new TypeError('fetch failed')).retryable).toBe(true);
  });

  it('keeps no token, not in its cause either', () => {
    const { cause, ...own } = troubleOf(refusal(50027, 401));
    expect(JSON.stringify([own, Object.entries(Object(cause)), String(cause)])).not.toContain(
      'aW50ZXJhY3Rpb246',
    );
  });
});

it('addresses and tokens are taken out of what is logged', () => {
  expect(redacted(`PATCH ${url}`)).toBe(
    'PATCH https://discord.com/api/v10/webhooks/123456/…/messages/@original',
  );
  expect(redacted('POST /interactions/1/secret/callback')).toBe('POST /interactions/1/…/callback');
  expect(redacted(`Bot ${'a'.repeat(26)}.${'b'.repeat(6)}.${'c'.repeat(38)} is wrong`)).toBe(
    'Bot … is wrong',
  );
});
