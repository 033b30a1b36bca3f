import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { en } from '../../src/commands/messages/en.ts';
import { isCommandLine, isReaction, parseLine, readReaction } from '../../src/commands/parse.ts';
import { createRegistry } from '../../src/commands/registry.ts';
import { UserError } from '../../src/errors.ts';
import type { ServerSettings } from '../../src/queue/server-settings.ts';
import { refusal, someRegistry, someStyles, usualSettings } from './support.ts';

const parse = (text: string) => parseLine(text, someRegistry, en);
const options = (text: string) => Object.fromEntries(parse(text).options);
const refused = (text: string) => refusal(() => parse(text));

describe('a typed command', () => {
  it('fills in what is not given', () => {
    const call = parse('/stylize starry-night');
    expect(call.command.name).toBe('stylize');
    expect(Object.fromEntries(call.options)).toEqual({
      style: 'starry-night',
      strength: 1,
      keep_colors: false,
    });
  });

  it('takes options by name in any order, with or without the slash', () => {
    const wanted = { style: 'great-wave', strength: 0.5, keep_colors: true };
    expect(options('/stylize great-wave strength:0.5 keep_colors:true')).toEqual(wanted);
    expect(options('  STYLIZE keep-colors:yes   style:great-wave Strength:.5 ')).toEqual(wanted);
  });

  it.each([
    ['0.5', 0.5],
    ['0,25', 0.25],
    ['50%', 0.5],
    ['1', 1],
    ['0', 0],
    ['1.', 1],
  ])('reads the number %s', (typed, value) => {
    expect(options(`/stylize starry-night strength:${typed}`).strength).toBe(value);
  });

  it.each(['Starry Night', 'starry_night', 'STARRY-NIGHT', '🌌'])('knows the style %s', (typed) => {
    expect(options(`/stylize ${typed}`).style).toBe('starry-night');
  });

  it('reads back every valid combination', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...someStyles.map(({ name }) => name)),
        fc.double({ min: 0, max: 1, noNaN: true }).map((value) => Number(value.toFixed(4))),
        fc.boolean(),
        fc.boolean(),
        (style, strength, keep, swap) => {
          const parts = [`strength:${strength}`, `keep_colors:${keep}`];
          const text = `/stylize ${style} ${(swap ? parts.reverse() : parts).join(' ')}`;
          expect(options(text)).toEqual({ style, strength, keep_colors: keep });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('answers any text whatever with a call or a sentence of bounded length', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.constantFrom(
        '/stylize',
        '/upscale',
        '/impasto',
        '/impasto-settings',
        'emoji:',
        'channels:',
        'style:',
        'strength:',
        'strength:NaN',
        'keep_colors:',
        '__proto__:x',
        ':',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        try {
          expect(someRegistry.commands).toContain(parse(words.join(' ')).command);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          expect(error.userMessage.length).toBeLessThan(600);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a mistake in a command', () => {
  it.each([
    ['/stilize starry-night', 'command-unknown', 'did you mean /stylize?'],
    ['/dance', 'command-unknown', 'Write /help'],
    ['/stylize stary-nigth', 'style-unknown', 'did you mean starry-night?'],
    ['/stylize starry', 'style-unknown', 'did you mean starry-night?'],
    ['/stylize qqqqq', 'style-unknown', '🌌 starry-night, 🌊 great-wave and ⬛️ composition'],
    ['/stylize', 'option-missing', '/stylize <style>'],
    ['/impasto stilize x', 'command-unknown', 'did you mean /stylize?'],
    ['/upscal x4', 'command-unknown', 'did you mean /upscale?'],
    ['/settngs', 'command-unknown', 'did you mean /impasto-settings?'],
    ['/upscale fator:x4', 'option-unknown', 'did you mean factor?'],
    ['/stylize starry-night strenght:1', 'option-unknown', 'did you mean strength?'],
    ['/stylize starry-night size:1', 'option-unknown', 'style, strength, keep_colors, detail and animation'],
    ['/stylize starry-night strength:1.2', 'option-out-of-range', 'from 0 to 1'],
    ['/stylize starry-night strength:-1', 'option-out-of-range', 'from 0 to 1'],
    ['/stylize starry-night strength:much', 'option-not-number', '“much”'],
    ['/stylize starry-night strength:', 'option-not-number', 'from 0 to 1'],
    ['/stylize starry-night strength:1e999', 'option-not-number', 'from 0 to 1'],
    ['/stylize starry-night keep_colors:maybe', 'option-not-boolean', '“maybe”'],
    ['/stylize starry-night strength:1 strength:0', 'option-twice', 'strength'],
    ['/stylize great-wave style:starry-night', 'option-twice', 'style'],
    ['/styles all', 'option-too-many', '/styles'],
  ])('%s is %s', (text, code, words) => {
    const error = refused(text);
    expect(error.code).toBe(code);
    expect(error.userMessage).toContain(words);
  });

  it.each([
    ['turned around', '/\u202Eezilyts'],
    ['kept apart', '/dance\u2066'],
    ['with a terminal’s colours', '/\u001B[31mdance'],
    ['with half a letter', '/dance\uD83D'],
  ])('is said back without what would play tricks: %s', (_, text) => {
    const { userMessage } = refused(text);
    expect(userMessage).toContain('\uFFFD');
    expect(userMessage).not.toMatch(/[\p{Cc}\p{Cs}\u202E\u2066]/u);
  });

  it('is found in any single slip of the finger', () => {
    const slip = fc.record({ at: fc.nat({ max: 10 }), letter: fc.constantFrom('a', 'k', 'z') });
    fc.assert(
      fc.property(slip, ({ at, letter }) => {
        const typed = `${'starry-night'.slice(0, at)}${letter}${'starry-night'.slice(at + 1)}`;
        fc.pre(typed !== 'starry-night');
        expect(refused(`/stylize ${typed}`).data).toMatchObject({ near: 'starry-night' });
      }),
      { numRuns: 30 },
    );
  });

  it('is said back shortened', () => {
    expect(refused(`/stylize ${'x'.repeat(5_000)}`).userMessage.length).toBeLessThan(200);
  });
});

describe('a reaction', () => {
  const styleOf = (emoji: string, settings?: ServerSettings) =>
    readReaction(emoji, someRegistry, en, settings).options.get('style');

  it('asks for the style of its emoji, variation selector or not', () => {
    expect(styleOf('🌌')).toBe('starry-night');
    expect(styleOf('⬛')).toBe('composition');
    expect(styleOf('⬛\u{FE0F}')).toBe('composition');
  });

  it('asks for a larger picture by the magnifier', () => {
    const call = readReaction('🔍', someRegistry, en);
    expect(call.command.name).toBe('upscale');
    expect(Object.fromEntries(call.options)).toEqual({ factor: 'x4' });
    const bare = createRegistry({ styles: [], upscalers: [{ name: 'sr-x2', factor: 2 }] });
    expect(readReaction('🔍', bare, en).options.get('factor')).toBe('x2');
  });

  it('means what the server says, and what the catalogue says otherwise', () => {
    const emojis = { '🎨': 'great-wave', '🌌': '', '🔎': 'sr-x8', '⬛': 'starry-night', '👍': 'taken-out' };
    const settings = { ...usualSettings, emojis };
    expect(styleOf('🎨', settings)).toBe('great-wave');
    expect(styleOf('⬛\u{FE0F}', settings)).toBe('starry-night');
    expect(styleOf('🌊', settings)).toBe('great-wave');
    expect(readReaction('🔎', someRegistry, en, settings).options.get('factor')).toBe('x8');
    const asks = (emoji: string) => isReaction(emoji, someRegistry, settings);
    expect(['🎨', '🔎', '🔍', '🌌', '👍', '😀', ''].map(asks)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(isReaction('🌌', someRegistry)).toBe(true);
  });

  it.each(['👍', '', '\u{FE0F}', '🌌🌊', 'starry-night', '__proto__'])(
    'is refused for “%s”, naming those that work',
    (emoji) => {
      const error = refusal(() => readReaction(emoji, someRegistry, en));
      expect(error.code).toBe('emoji-unknown');
      expect(error.userMessage).toContain('🌌 starry-night');
      expect(isReaction(emoji, someRegistry)).toBe(false);
    },
  );
});

it('tells a command from talk', () => {
  expect(['/stylize x', '  /help', '/s'].map(isCommandLine)).toEqual([true, true, true]);
  expect(['hello', '', '/', '// no', 'a /b', '/ help'].map(isCommandLine)).not.toContain(true);
});
