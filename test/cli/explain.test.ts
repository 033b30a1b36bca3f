import { CommanderError } from 'commander';
import { expect, it } from 'vitest';
import { explain } from '../../src/cli/explain.ts';
import { ImpastoError, UserError } from '../../src/errors.ts';
import { createMask } from '../../src/observing/mask.ts';

const mask = createMask(['hunter2 hunter2']);

function told(error: unknown, detailed = false): { readonly code: number; readonly said: readonly string[] } {
  const said: string[] = [];
  const code = explain(error, (sentence) => said.push(sentence), mask, detailed);
  return { code, said };
}

it('a mistake is a sentence and the code 2, what went wrong elsewhere one and the code 1', () => {
  expect(told(new UserError('picture-missing', 'There is no file x.jpg.'))).toEqual({
    code: 2,
    said: ['There is no file x.jpg.'],
  });
  const away = new ImpastoError({ code: 'redis-away', userMessage: 'Redis can’t be reached.' });
  expect(told(away)).toEqual({ code: 1, said: ['Redis can’t be reached.'] });
});

it('what commander has said is not said again', () => {
  expect(told(new CommanderError(0, 'commander.help', ''))).toEqual({ code: 0, said: [] });
  expect(told(new CommanderError(1, 'commander.unknownCommand', ''))).toEqual({ code: 2, said: [] });
});

it('a defect is told of with where it lies if that is asked for', () => {
  const [sentence, more] = told(new TypeError('x is no picture')).said;
  expect(sentence).toBe('Something went wrong in Impasto itself: x is no picture');
  expect(more).toBe('LOG_LEVEL=debug tells more.');
  expect(told(new TypeError('x is no picture'), true).said[1]).toMatch(/^ {4}at .*explain\.test\.ts/m);
  expect(told('a text', true).code).toBe(1);
});

it('no secret is told, neither in the sentence nor in where it lies', () => {
  const text = 'PATCH https://discord.com/api/webhooks/1/SECRETTOKEN/x with hunter2 hunter2 failed';
  const refused = new ImpastoError({ code: 'refused', userMessage: text });
  const said = [...told(new Error(text), true).said, ...told(refused).said].join('\n');
  expect(said.match(/PATCH .*\/webhooks\/1\/…\/x with … failed/g)).toHaveLength(3);
  expect(said).not.toMatch(/SECRETTOKEN|hunter2/);
});
