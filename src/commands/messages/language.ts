import { en } from './en.ts';
import type { Messages } from './messages.ts';
import { zhHant } from './zh-hant.ts';

/** A language, and the locale by which Discord knows it. */
export interface Language {
  readonly locale: string;
  readonly messages: Messages;
}

/** Every language there is; the first is spoken where a person's own is not there. */
export function languages(): readonly Language[] {
  return [
    { locale: 'en-US', messages: en },
    { locale: 'zh-TW', messages: zhHant },
  ];
}

/**
 * The messages for a person's locale (BCP 47, such as `en-GB`); English where theirs is not there. Those who read
 * Simplified Chinese get Traditional, which is nearer to them than English.
 */
export function messagesFor(locale: string): Messages {
  const language = locale.toLowerCase().split(/[-_]/, 1)[0] ?? '';
  const found = languages().find((each) => each.locale.split('-', 1)[0] === language);
  return found?.messages ?? en;
}

/**
 * One text in every language but the first, by Discord's locale: for localised names and descriptions.
 * @param text such as a command's `describe`
 */
export function localised(text: (messages: Messages) => string): Readonly<Record<string, string>> {
  const others = languages().slice(1);
  return Object.fromEntries(others.map(({ locale, messages }) => [locale, text(messages)]));
}
