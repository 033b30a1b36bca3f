import fc from 'fast-check';
import { messagesFor } from '../../src/commands/messages/language.ts';
import type { Messages } from '../../src/commands/messages/messages.ts';
import { createRegistry, type Registry } from '../../src/commands/registry.ts';
import type { ServerSettings } from '../../src/queue/server-settings.ts';
import { someRegistry, someStyles, someUpscalers, usualSettings } from '../commands/support.ts';

const REGISTRIES: Readonly<Record<'usual' | 'grouped' | 'empty', Registry>> = {
  usual: someRegistry,
  grouped: createRegistry({ styles: someStyles, upscalers: someUpscalers }, { grouped: true }),
  empty: createRegistry({ styles: [], upscalers: [] }, { servers: false }),
};
const commandNames = someRegistry.commands.map(({ name }) => name);
/** Options' names, often those of other commands. */
export const optionNames: readonly string[] = someRegistry.commands.flatMap(({ options }) =>
  options.map(({ name }) => name),
);

/** Signs that make text look other than it is, or that are more than one letter. */
const TRICKS = [
  ...['\u202e', '\u2066', '\u200b', '\u200d', '\ufeff', '\u0000', '\u001b[31m', '\ud83d', '\udc00', '\u00a0'],
  ...[
    '👩‍👩‍👧‍👦',
    '🏴󠁧󠁢󠁳󠁣󠁴󠁿',
    '🇹🇼',
    '👍🏽',
    '⬛️',
    '🌌️',
    '❤︎',
    '١٢',
    '１',
    'İ',
    'ß',
    'ﷺ',
    'Z̸̢̛',
    '<@1>',
    '<#C1|x>',
    '@everyone',
  ],
  ...['__proto__', 'constructor', '{typed}', '%s', '$&', '`', '**', '\\', '"', '\n/stylize', '\r', '\u2028'],
];

/** What is no number, or a strange one. */
const NUMBERS = ['1e999', '-0', 'NaN', '0x10', '9'.repeat(400), '50%', ',5', '1..2', 'Infinity'];

const option = fc
  .tuple(
    fc.constantFrom(...optionNames, 'Strength', 'keep-colors', '__proto__'),
    fc.constantFrom(':', '=', '：'),
    fc.oneof(fc.constantFrom(...NUMBERS, ...TRICKS, '🎨=great-wave', '=', ''), fc.string({ unit: 'binary' })),
  )
  .map((parts) => parts.join(''));

/** A word as anybody may type it. */
export const word: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(...TRICKS),
  fc.constantFrom(...commandNames, ...commandNames.map((name) => `/${name}`), '/impasto', '／stylize'),
  fc.constantFrom(...someStyles.flatMap(({ name, emoji }) => [name, emoji]), 'x4', '×8', 'all', 'off'),
  option,
);

const long = fc
  .tuple(fc.constantFrom(...commandNames, ...TRICKS, ':', 'a:', '🌌', 'emoji:'), fc.constantFrom('', ' '))
  .map(([part, joint]) => `${part}${joint}`.repeat(10_000));

/** A line as anybody may type it; some are very long. */
export const line: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(fc.array(word, { maxLength: 8 }), fc.constantFrom(' ', '  ', '\t', '\n', ''))
      .map(([words, joint]) => words.join(joint)),
  },
  { weight: 1, arbitrary: long },
);

/** What a platform hands over for an option. */
export const value: fc.Arbitrary<string | number | boolean> = fc.oneof(
  word,
  fc.boolean(),
  fc.double(),
  fc.constantFrom(...NUMBERS),
  fc.string({ unit: 'binary', minLength: 4000, maxLength: 6000 }),
);

/** Where something is typed, by names, so that what breaks a property can be read. */
export const place: fc.Arbitrary<Place> = fc.record({
  registry: fc.constantFrom('usual', 'grouped', 'empty'),
  locale: fc.constantFrom('en-US', 'zh-TW'),
  emojis: fc.dictionary(word, fc.constantFrom('starry-night', 'x4', '', 'gone'), { maxKeys: 3 }),
  defaultStyle: fc.constantFrom('great-wave', 'gone', '__proto__'),
});

interface Place {
  readonly registry: keyof typeof REGISTRIES;
  readonly locale: string;
  readonly emojis: Readonly<Record<string, string>>;
  readonly defaultStyle: string;
}

/** What a place's names stand for. */
export function openPlace({ registry, locale, ...changes }: Place): {
  readonly registry: Registry;
  readonly messages: Messages;
  readonly settings: ServerSettings;
} {
  return {
    registry: REGISTRIES[registry],
    messages: messagesFor(locale),
    settings: { ...usualSettings, ...changes },
  };
}
