import { en } from './en.ts';
import type { Messages } from './messages.ts';

/** The languages there are, by BCP 47 language subtag. */
const languages: Readonly<Record<string, Messages>> = { en };

/**
 * The messages for a person's locale (BCP 47, such as `en-GB`); English where theirs is not there.
 */
export function messagesFor(locale: string): Messages {
  const language = locale.toLowerCase().split(/[-_]/, 1)[0] ?? '';
  return Object.hasOwn(languages, language) ? (languages[language] ?? en) : en;
}
