import { expect } from 'vitest';
import { en } from '../../src/commands/messages/en.ts';
import { sentenceOf } from '../../src/commands/messages/failures.ts';
import { zhHant } from '../../src/commands/messages/zh-hant.ts';
import { UserError } from '../../src/errors.ts';

/** What sentences for people never hold: words of machines, gaps, and placeholders that nothing filled. */
const FOR_MACHINES = /\bvips|sharp|buffer|undefined|NaN|\[object|\{\w+(:\w+)?\}|Error:|\bnull\b/i;

/** What would break a line, move the text around it, or be no letter at all. */
const INVISIBLE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/u;

/** An error that is a person's own mistake, said in a sentence for people, in every language; else the test fails. */
export function expectRefusal(error: unknown, codes?: ReadonlySet<string>): UserError {
  // Whatever else it is, its own stack tells more than what is expected here.
  if (!(error instanceof UserError)) throw error;
  if (codes !== undefined) expect(codes).toContain(error.code);
  for (const said of [error.userMessage, sentenceOf(error, en), sentenceOf(error, zhHant)]) {
    expectSentence(said ?? '', error.data.typed);
  }
  return error;
}

/** @param typed what a person's own words in it are */
export function expectSentence(said: string, typed: unknown = ''): void {
  expect(said.trim()).not.toBe('');
  expect(said.length).toBeLessThan(900);
  expect(said).not.toMatch(INVISIBLE);
  const ours = typeof typed === 'string' && typed !== '' ? said.replaceAll(typed, '') : said;
  expect(ours).not.toMatch(FOR_MACHINES);
}
