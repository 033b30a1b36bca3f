import { workspaces } from './en/workspaces.ts';
import { en } from './en.ts';
import type { Messages } from './messages.ts';
import type { WorkspaceMessages } from './topics/workspaces.ts';
import { workspaces as workspacesZhHant } from './zh-hant/workspaces.ts';
import { zhHant } from './zh-hant.ts';

/** Platforms whose people call their server a workspace. */
const OF_WORKSPACES = ['slack'];

/** A language, and the locale by which Discord knows it. */
export interface Language {
  readonly locale: string;
  readonly messages: Messages;
  /** What differs where people call their server a workspace. */
  readonly workspaces: WorkspaceMessages;
}

/** Every language there is; the first is spoken where a person's own is not there. */
export function languages(): readonly Language[] {
  return [
    { locale: 'en-US', messages: en, workspaces },
    { locale: 'zh-TW', messages: zhHant, workspaces: workspacesZhHant },
  ];
}

/**
 * The messages for a person's locale (BCP 47, such as `en-GB`); English where theirs is not there. Those who read
 * Simplified Chinese get Traditional, which is nearer to them than English.
 * @param platform by whose own words it is spoken
 */
export function messagesFor(locale: string, platform?: string): Messages {
  const language = locale.toLowerCase().split(/[-_]/, 1)[0] ?? '';
  const found = languages().find((each) => each.locale.split('-', 1)[0] === language);
  const messages = found?.messages ?? en;
  if (platform === undefined || !OF_WORKSPACES.includes(platform)) return messages;
  return inWorkspaces(messages, found?.workspaces ?? workspaces);
}

function inWorkspaces(messages: Messages, words: WorkspaceMessages): Messages {
  const { settings, failures, ...others } = words;
  const { commands } = messages;
  return {
    ...messages,
    ...others,
    commands: { ...commands, settings: { ...commands.settings, ...settings } },
    failures: { ...messages.failures, ...failures },
  };
}

/**
 * One text in every language but the first, by Discord's locale: for localised names and descriptions.
 * @param text such as a command's `describe`
 */
export function localised(text: (messages: Messages) => string): Readonly<Record<string, string>> {
  const others = languages().slice(1);
  return Object.fromEntries(others.map(({ locale, messages }) => [locale, text(messages)]));
}
