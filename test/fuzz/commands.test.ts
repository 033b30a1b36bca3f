import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OptionValue } from '../../src/commands/command.ts';
import { findCommand } from '../../src/commands/find-command.ts';
import { readOptions } from '../../src/commands/options.ts';
import { type Call, isCommandLine, isReaction, parseLine, readReaction } from '../../src/commands/parse.ts';
import { complete } from '../../src/commands/registry.ts';
import { applyOptions } from '../../src/commands/server-options/apply.ts';
import { someRegistry } from '../commands/support.ts';
import { holds } from './holds.ts';
import { expectRefusal } from './refusal.ts';
import { line, openPlace, optionNames, place, value, word } from './typed.ts';

/** A call whose options are valid, or a refusal in a sentence. */
function expectAnswer(read: () => Call): void {
  let call: Call;
  try {
    call = read();
  } catch (error) {
    expectRefusal(error);
    return;
  }
  const { command, options } = call;
  for (const [name, given] of options) {
    const option = command.options.find((each) => each.name === name);
    expect(option?.type).toBe(typeof given);
    if (option?.type !== 'number' || typeof given !== 'number') continue;
    expect(given).toBeGreaterThanOrEqual(option.min);
    expect(given).toBeLessThanOrEqual(option.max);
  }
}

it('any line is a call with valid options, or is refused in a sentence', () =>
  holds(
    fc.asyncProperty(line, place, async (text, where) => {
      const { registry, messages, settings } = openPlace(where);
      expect(isCommandLine(text)).toBeTypeOf('boolean');
      expectAnswer(() => parseLine(text, registry, messages));
      expectAnswer(() => parseLine(text, registry, messages, settings));
    }),
    400,
  ));

it('any emoji is a call, or is none beforehand and refused in a sentence', () =>
  holds(
    fc.asyncProperty(fc.oneof(word, line), place, async (emoji, where) => {
      const { registry, messages, settings } = openPlace(where);
      const wanted = isReaction(emoji, registry, settings);
      expectAnswer(() => {
        const call = readReaction(emoji, registry, messages, settings);
        expect(wanted).toBe(true);
        return call;
      });
    }),
    200,
  ));

const given = fc.dictionary(
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...optionNames) }, { weight: 1, arbitrary: word }),
  value,
  { maxKeys: 4 },
);

it('any values for options, as platforms hand them over, are valid or refused in a sentence', () =>
  holds(
    fc.asyncProperty(fc.nat(someRegistry.commands.length - 1), given, place, async (index, values, where) => {
      const { registry, messages, settings } = openPlace(where);
      const command = someRegistry.commands[index];
      if (command === undefined) throw new RangeError(`no command ${index}`);
      expectAnswer(() => {
        const read = new Map<string, OptionValue>(Object.entries(values));
        const options = readOptions(command, read, registry, messages, settings);
        if (command.name === 'impasto-settings') applyOptions(settings, options, messages);
        return { command, options };
      });
    }),
    400,
  ));

it('whatever is typed so far, autocomplete offers valid values', () =>
  holds(
    fc.asyncProperty(fc.oneof(word, line), place, async (typed, where) => {
      const { registry, messages } = openPlace(where);
      for (const option of registry.commands.flatMap(({ options }) => options)) {
        if (option.type !== 'string') continue;
        const offered = complete(option, typed, registry);
        expect(offered.length).toBeLessThanOrEqual(25);
        for (const each of offered) expect(option.read(each.value, registry, messages)).toBe(each.value);
      }
      expectAnswer(() => ({ command: findCommand(typed, registry, messages), options: new Map() }));
    }),
    150,
  ));
