import { choiceOption } from './choice-option.ts';
import type { StringOption } from './command.ts';

/** In what format an animation comes back. */
export const animation: StringOption = choiceOption(
  'animation',
  ['webp', 'gif'],
  ({ commands }) => commands.animation,
);
