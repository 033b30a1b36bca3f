import { withEmojis } from './emoji-names.ts';
import { unescaped } from './text.ts';

/** What a person wrote to the bot, taken apart. */
export interface Line {
  /** A command line as `parseLine` reads it; empty where nothing but mentions was written. */
  readonly text: string;
  /** People who are named beside the bot, in order. */
  readonly people: readonly string[];
}

/** A workspace has one name for each command, so all but the two great ones are words after `/impasto`. */
const OWN_NAMES: Readonly<Record<string, string>> = { settings: 'impasto-settings', forget: 'impasto-forget' };
const SHARED = ['stylize', 'upscale'];

/**
 * Take apart `<@BOT> stylize starry-night <@U2>` or what stands after a slash command.
 * @param bot the bot's own user id, whose mention says nothing
 */
export function readLine(written: string, bot: string | undefined): Line {
  const people: string[] = [];
  const text = written
    .replace(/<@(\w+)(?:\|[^>]*)?>/g, (_, user: string) => {
      if (user !== bot && !people.includes(user)) people.push(user);
      return ' ';
    })
    .replace(/<#(\w+)(?:\|[^>]*)?>/g, '<#$1>')
    .replace(/<(https?:[^|>]*)(?:\|[^>]*)?>/g, '$1');
  const [name = '', ...rest] = withEmojis(unescaped(text)).trim().split(/\s+/);
  const bare = name.toLowerCase().replace(/^\//, '');
  const command = Object.hasOwn(OWN_NAMES, bare) ? OWN_NAMES[bare] : name;
  return { text: [command, ...rest].join(' ').trim(), people };
}

/**
 * Commands in a sentence, as they are typed in Slack: `/help` is `/impasto help`.
 * @param commands their names in the registry
 */
export function asTyped(sentence: string, commands: readonly string[]): string {
  const own = commands.filter((name) => !SHARED.includes(name));
  const names = own.toSorted((a, b) => b.length - a.length).join('|');
  if (names === '') return sentence;
  return sentence.replace(
    new RegExp(`(?<![\\w/.])/(${names})(?![\\w-])`, 'g'),
    (_, name: string) => `/impasto ${name.replace(/^impasto-/, '')}`,
  );
}
