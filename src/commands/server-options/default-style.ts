import type { StringOption } from '../command.ts';
import { findStyle } from '../find-style.ts';
import { styleLabel } from '../style-info.ts';

/** What takes a default style away; no style may be named so. */
export const NO_STYLE = 'none';

/** A style's name, or `none`. */
export const defaultStyle: StringOption = {
  name: 'default_style',
  type: 'string',
  required: false,
  describe: ({ commands }) => commands.settings.defaultStyle,
  choices: ({ styles }) => [
    ...styles.map((style) => ({ value: style.name, label: styleLabel(style) })),
    { value: NO_STYLE, label: NO_STYLE },
  ],
  read: (typed, registry, messages) =>
    typed.trim().toLowerCase() === NO_STYLE ? NO_STYLE : findStyle(typed, registry, messages).name,
};
