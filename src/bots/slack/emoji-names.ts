import { createRequire } from 'node:module';
import { z } from 'zod';

/** Slack sends emojis by name, with a skin tone behind it. */
export interface EmojiNames {
  /** The emoji of that name, skin tones aside; `:name:` where it is a workspace's own. */
  of(name: string): string;
  /** A text whose `:milky_way:` and the like, as people type them, are the emojis that the settings know. */
  within(text: string): string;
}

/** An emoji of iamcal/emoji-data, by whose short names Slack calls them; `unified` is `2764-FE0F`. */
const listed = z.array(z.object({ unified: z.string(), short_names: z.array(z.string()) }));

/** All names that Slack has by itself. */
export function createEmojiNames(): EmojiNames {
  const all = listed.parse(createRequire(import.meta.url)('emoji-datasource/emoji.json'));
  const emojis = new Map(
    all.flatMap(({ unified, short_names }) => short_names.map((name) => [name, written(unified)] as const)),
  );
  const of = (name: string): string => {
    const [bare = name] = name.split('::', 1);
    return emojis.get(bare) ?? `:${bare}:`;
  };
  return {
    of,
    within: (text) => text.replace(/:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/g, (_, name: string) => of(name)),
  };
}

function written(unified: string): string {
  return String.fromCodePoint(...unified.split('-').map((code) => Number.parseInt(code, 16)));
}
