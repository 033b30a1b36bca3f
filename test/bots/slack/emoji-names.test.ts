import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { createEmojiNames } from '../../../src/bots/slack/emoji-names.ts';
import { plainEmoji } from '../../../src/commands/emojis.ts';
import { loadCatalogue } from '../../../src/inference/catalogue.ts';

const emojis = createEmojiNames();

it.each([
  ['milky_way', '🌌'],
  ['ocean', '🌊'],
  ['scream', '😱'],
  ['art', '🎨'],
  ['dancer', '💃'],
  ['bricks', '🧱'],
  ['womans_hat', '👒'],
  ['boat', '⛵'],
  ['sailboat', '⛵'],
  ['mag', '🔍'],
  ['microscope', '🔬'],
  ['x', '❌'],
  ['heart', '❤️'],
  ['flag-tw', '🇹🇼'],
  ['+1', '👍'],
])(':%s: is %s', (name, emoji) => {
  expect(emojis.of(name)).toBe(emoji);
  expect(emojis.of(`${name}::skin-tone-3`)).toBe(emoji);
  expect(emojis.within(`emoji::${name}:=great-wave :${name}::skin-tone-6:`)).toBe(
    `emoji:${emoji}=great-wave ${emoji}`,
  );
});

it('a workspace’s own emoji stands for itself, whatever it is called', () => {
  for (const name of ['impasto', 'toString', '__proto__']) expect(emojis.of(name)).toBe(`:${name}:`);
  expect(emojis.within('a:b milky_way 10:30')).toBe('a:b milky_way 10:30');
});

it('every emoji of the catalogue can be put on a picture by its name', async () => {
  const names: readonly { short_names: readonly string[] }[] = createRequire(import.meta.url)(
    'emoji-datasource/emoji.json',
  );
  const known = new Set(
    names.flatMap(({ short_names }) => short_names.map((name) => plainEmoji(emojis.of(name)))),
  );
  const { networks } = await loadCatalogue('models');
  const wanted = networks.flatMap(({ emoji }) => (emoji === undefined ? [] : [plainEmoji(emoji)]));
  expect(wanted.length).toBeGreaterThan(0);
  expect(wanted.filter((emoji) => !known.has(emoji))).toEqual([]);
});
