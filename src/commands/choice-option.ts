import { UserError } from '../errors.ts';
import type { StringOption } from './command.ts';
import type { Messages } from './messages/messages.ts';
import { nearest } from './near.ts';
import { shown } from './options.ts';

/**
 * An option that is one of a few words; left out where nobody gives it.
 * It reads with UserError `choice-unknown`, with the nearest word where there is one.
 */
export function choiceOption(
  name: string,
  words: readonly string[],
  describe: StringOption['describe'],
): StringOption {
  return {
    name,
    type: 'string',
    required: false,
    describe,
    choices: () => words.map((word) => ({ value: word, label: word })),
    read: (typed, _, messages) =>
      words.find((word) => word === typed.trim().toLowerCase()) ?? refuse(typed, messages),
  };

  function refuse(typed: string, messages: Messages): never {
    const near = nearest(typed, words);
    const about = { option: name, typed: shown(typed), ...(near === undefined ? {} : { near }) };
    throw new UserError('choice-unknown', messages.choiceUnknown({ ...about, choices: words }), {
      data: about,
    });
  }
}
