import { UserError } from '../../errors.ts';
import type { StringOption } from '../command.ts';
import type { Messages } from '../messages/messages.ts';
import { shown } from '../options.ts';

const WORDS: ReadonlySet<string> = new Set(['off', 'default']);

/** Pictures per person and hour. */
export const perPerson: StringOption = limit('per_person', ({ commands }) => commands.settings.perPerson);

/** Pictures per hour for the whole server. */
export const perServer: StringOption = limit('per_server', ({ commands }) => commands.settings.perServer);

function limit(name: string, describe: (messages: Messages) => string): StringOption {
  return {
    name,
    type: 'string',
    required: false,
    describe,
    choices: () => ['5', '20', '100', ...WORDS].map((value) => ({ value, label: value })),
    read: (typed, _registry, messages) => {
      const word = typed.trim().toLowerCase();
      if (WORDS.has(word)) return word;
      const number = /^\d{1,5}$/.test(word) ? Number(word) : 0;
      if (number >= 1 && number <= 10_000) return String(number);
      const about = { option: name, typed: shown(typed) };
      throw new UserError('limit-unreadable', messages.limitUnreadable(about), { data: about });
    },
  };
}

/** Pictures an hour of what a limit's option has read: 0 for no limit, undefined for the program's own. */
export function pictures(read: string): number | undefined {
  if (read === 'default') return undefined;
  return read === 'off' ? 0 : Number(read);
}
