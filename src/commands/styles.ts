import type { Command } from './command.ts';
import { textReply } from './reply.ts';
import { artworkLabel, styleLabel } from './style-info.ts';

/** `/styles`: every style with its emoji and its artwork's credit. */
export const styles: Command = {
  name: 'styles',
  subcommand: 'styles',
  describe: ({ commands }) => commands.styles.about,
  options: [],
  takesPicture: false,
  audience: 'everyone',
  private: true,
  example: () => '',
  preconditions: [],
  run: ({ registry, messages }) => {
    const { styles: all } = registry;
    if (all.length === 0) return { kind: 'reply', reply: textReply(messages.stylesNone, 'hint') };
    const lines = all.map((style) => {
      const note = style.provisional === true ? ` (${messages.provisional})` : '';
      return `${styleLabel(style)}: ${artworkLabel(style)}${note}`;
    });
    const text = [messages.stylesHead({ count: all.length }), ...lines].join('\n');
    return { kind: 'reply', reply: { ...textReply(text), gallery: all } };
  },
};
