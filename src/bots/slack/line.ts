import type { EmojiNames } from './emoji-names.ts';
import { unescaped } from './text.ts';

/** What a person wrote to the bot, taken apart. */
export interface Line {
  /** A command line as `parseLine` reads it; empty where nothing but mentions was written. */
  readonly text: string;
  /** People who are named beside the bot, in order. */
  readonly people: readonly string[];
}

/**
 * Take apart `<@BOT> stylize starry-night <@U2>`, or a slash command and what stands after it.
 * @param bot the bot's own user id, whose mention says nothing
 */
export function readLine(written: string, emojis: EmojiNames, bot?: string): Line {
  const people: string[] = [];
  const text = written
    .replace(/<@(\w+)(?:\|[^>]*)?>/g, (_, user: string) => {
      if (user !== bot && !people.includes(user)) people.push(user);
      return ' ';
    })
    .replace(/<(https?:[^|>]*)(?:\|[^>]*)?>/g, '$1');
  return { text: emojis.within(unescaped(text)).trim().replaceAll(/\s+/g, ' '), people };
}
