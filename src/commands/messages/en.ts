import type { Messages } from './messages.ts';

/** English. */
export const en: Messages = {
  stylize: {
    about: 'Turn a photo into a painting',
    style: 'The look of the painting',
    strength: 'How much of a painting it becomes: 0 leaves the photo as it is, 1 is all paint',
    keepColors: "Keep the photo's colors and take only the strokes",
  },
  styles: { about: 'See all styles' },
  help: { about: 'See what I can do', command: 'The command to explain' },

  commandUnknown: ({ typed, near }) =>
    `I know no command “${typed}”${near === undefined ? '.' : `; did you mean ${near}?`} Write /help to see what I can do.`,
  optionUnknown: ({ typed, command, near, options }) =>
    near === undefined
      ? `/${command} has no option “${typed}”. ${options.length === 0 ? 'It takes none.' : `It takes ${list(options)}.`}`
      : `/${command} has no option “${typed}”; did you mean ${near}?`,
  optionMissing: ({ option, usage }) => `Please give the ${option} as well: ${usage}`,
  optionTwice: ({ option }) => `You gave ${option} twice. Please give it once.`,
  optionTooMany: ({ typed, usage }) =>
    `I do not know what to do with “${typed}”. Write it like this: ${usage}`,
  optionNotNumber: ({ option, typed, min, max }) =>
    `${option} is a number from ${min} to ${max}, and “${typed}” is none.`,
  optionOutOfRange: ({ option, typed, min, max }) =>
    `${option} goes from ${min} to ${max}, so ${typed} does not work.`,
  optionNotBoolean: ({ option, typed }) => `${option} is true or false, and “${typed}” is neither.`,
  styleUnknown: ({ typed, near, styles }) =>
    near === undefined
      ? `I know no style “${typed}”. I paint in ${list(styles)}.`
      : `I know no style “${typed}”; did you mean ${near}? Write /styles to see them all.`,
  emojiUnknown: ({ styles }) => `No style has that emoji. I paint in ${list(styles)}.`,
  pictureMissing: ({ example }) =>
    `I need a picture: attach one (JPEG, PNG, WebP or GIF) and send ${example} with it.`,
  picturesTooMany: ({ most }) => `I take at most ${most} pictures at once. Please send fewer.`,
  pictureWithoutCommand: ({ example }) =>
    `A fine picture! Write ${example} to have it painted, or put an emoji on it.`,
  noCommand: ({ example }) =>
    `I answer to commands. Attach a picture and write ${example}, or /help to see them all.`,

  helpHead: 'I turn photos into paintings. This is what you can write:',
  helpReaction: ({ emojis }) => `Or put an emoji on any picture to restyle it: ${emojis.join(' ')}`,
  stylesHead: ({ count }) => (count === 1 ? 'I paint in one style:' : `I paint in ${count} styles:`),
  stylesNone: 'I have no styles yet. Whoever runs me has to add some first.',
  provisional: 'still being trained',

  accepted: 'Got it.',
  fetching: 'Fetching the picture.',
  waiting: ({ before }) => {
    if (before === undefined) return 'In line.';
    return before === 0 ? 'In line, next up.' : `In line, ${before} before you.`;
  },
  running: ({ percent }) => (percent === undefined ? 'Painting.' : `Painting, ${percent} %.`),
  delivering: 'Done; bringing it over.',
  cancel: 'Cancel',
  cancelled: 'Cancelled.',
  alreadyOpen: 'That one is already on its way.',
  painted: ({ artwork, seconds }) => `${artwork}. Painted in ${seconds.toFixed(1)} s.`,
  paintingAlt: ({ artwork }) => `The picture, painted after ${artwork}`,
  photoAlt: 'A picture that you sent',
  failed: ({ sentence, incident }) => `${sentence} (incident ${incident})`,
  pictureGone: 'This picture is no longer stored. Please send it again.',
  lost: 'This request was lost on its way, sorry. Please ask again.',
};

function list(names: readonly string[]): string {
  const last = names.at(-1);
  if (last === undefined) return 'none yet';
  return names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
