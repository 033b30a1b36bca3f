import { expect } from 'vitest';
import { en } from '../../src/commands/messages/en.ts';
import { sentenceOf } from '../../src/commands/messages/failures.ts';
import { zhHant } from '../../src/commands/messages/zh-hant.ts';
import { UserError } from '../../src/errors.ts';

/** What sentences for people never hold: words of machines, gaps, and placeholders that nothing filled. */
const FOR_MACHINES = /\bvips|sharp|buffer|undefined|NaN|\[object|\{\w+(:\w+)?\}|Error:|\bnull\b/i;

/** An error that is a person's own mistake, said in a sentence for people, in every language; else the test fails. */
export function expectRefusal(error: unknown, codes?: ReadonlySet<string>): UserError {
  // Whatever else it is, its own stack tells more than what is expected here.
  if (!(error instanceof UserError)) throw error;
  if (codes !== undefined) expect(codes).toContain(error.code);
  for (const said of [error.userMessage, sentenceOf(error, en), sentenceOf(error, zhHant)]) {
    expect(said).toBeTypeOf('string');
    expect(said?.trim()).not.toBe('');
    expect(said?.length).toBeLessThan(900);
    expect(said).not.toMatch(FOR_MACHINES);
  }
  return error;
}
