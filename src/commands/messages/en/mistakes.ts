import type { MistakeMessages } from '../topics/mistakes.ts';
import { list } from './list.ts';

export const mistakes: MistakeMessages = {
  commandUnknown: ({ typed, near, help }) =>
    `I know no command “${typed}”${near === undefined ? '.' : `; did you mean ${near}?`} Write ${help} to see what I can do.`,
  optionUnknown: ({ typed, command, near, options }) =>
    near === undefined
      ? `${command} has no option “${typed}”. ${options.length === 0 ? 'It takes none.' : `It takes ${list(options)}.`}`
      : `${command} has no option “${typed}”; did you mean ${near}?`,
  optionMissing: ({ option, usage, choices }) =>
    `Please give the ${option} as well: ${usage}${choices.length === 0 ? '' : `. There is ${list(choices)}.`}`,
  optionTwice: ({ option }) => `You gave ${option} twice. Please give it once.`,
  optionTooMany: ({ typed, usage }) =>
    `I do not know what to do with “${typed}”. Write it like this: ${usage}`,
  optionNotNumber: ({ option, typed, min, max }) =>
    `${option} is a number from ${min} to ${max}, and “${typed}” is none.`,
  optionOutOfRange: ({ option, typed, min, max }) =>
    `${option} goes from ${min} to ${max}, so ${typed} does not work.`,
  optionNotBoolean: ({ option, typed }) => `${option} is true or false, and “${typed}” is neither.`,
  styleUnknown: ({ typed, near, styles, list: command }) =>
    near === undefined
      ? `I know no style “${typed}”. I paint in ${list(styles)}. ${command} shows them.`
      : `I know no style “${typed}”; did you mean ${near}? Write ${command} to see them all.`,
  choiceUnknown: ({ option, typed, near, choices }) =>
    near === undefined
      ? `“${typed}” is nothing that ${option} can be: ${list(choices)}.`
      : `“${typed}” is nothing that ${option} can be; did you mean ${near}? It can be ${list(choices)}.`,
  factorUnknown: ({ typed, near, factors }) =>
    near === undefined
      ? `I cannot enlarge “${typed}” times. I can do ${list(factors)}.`
      : `I cannot enlarge “${typed}” times; did you mean ${near}? I can do ${list(factors)}.`,
  emojiUnknown: ({ styles }) => `Nothing has that emoji. I know ${list(styles)}.`,
  pictureWithoutCommand: ({ example }) =>
    `A fine picture! Write ${example} to have it painted, or put an emoji on it.`,
  noCommand: ({ example, help }) =>
    `I answer to commands. Attach a picture and write ${example}, or ${help} to see them all.`,
  channelsUnreadable: ({ typed }) =>
    `“${typed}” is no channel. Mention the channels, as in #general, or write “all”.`,
  emojiMapUnreadable: ({ typed }) =>
    `I cannot read “${typed}”. Write an emoji, = and a style, “off” or “default”, as in 🎨=great-wave.`,
  settingTooLong: ({ option, most }) => `${option} can hold ${most} at most. Please take some out.`,
  limitUnreadable: ({ option, typed }) =>
    `${option} is a whole number from 1 to 10000, “off” or “default”, and “${typed}” is none of these.`,
};
