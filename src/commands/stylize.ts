import { animation } from './animation-option.ts';
import { choiceOption } from './choice-option.ts';
import type { Command, StringOption } from './command.ts';
import { findStyle } from './find-style.ts';
import { picturesGiven } from './preconditions/pictures-given.ts';
import { requestsFor } from './requests-for.ts';
import { styleLabel } from './style-info.ts';

const style: StringOption = {
  name: 'style',
  type: 'string',
  required: true,
  byServer: ({ defaultStyle }) => defaultStyle,
  describe: ({ commands }) => commands.stylize.style,
  choices: ({ styles }) =>
    styles.map((each) => ({
      value: each.name,
      label: `${styleLabel(each)}: ${each.artwork.title}, ${each.artwork.artist}`,
    })),
  read: (typed, registry, messages) => findStyle(typed, registry, messages).name,
};

/** `/stylize starry-night`: a photo becomes a painting. Its request may stand for several pictures. */
export const stylize: Command = {
  name: 'stylize',
  describe: ({ commands }) => commands.stylize.about,
  options: [
    style,
    {
      name: 'strength',
      type: 'number',
      required: false,
      min: 0,
      max: 1,
      default: 1,
      describe: ({ commands }) => commands.stylize.strength,
    },
    {
      name: 'keep_colors',
      type: 'boolean',
      required: false,
      default: false,
      describe: ({ commands }) => commands.stylize.keepColors,
    },
    choiceOption('detail', ['working', 'full'], ({ commands }) => commands.stylize.detail),
    animation,
  ],
  takesPicture: true,
  audience: 'everyone',
  private: false,
  example: ({ styles }) => styles[0]?.name ?? '<style>',
  preconditions: [picturesGiven],
  run: (invocation) => {
    const { style: network, ...options } = Object.fromEntries(invocation.options);
    return requestsFor(invocation, { network: String(network), options });
  },
};
