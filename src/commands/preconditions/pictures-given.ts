import { UserError } from '../../errors.ts';
import type { Precondition } from '../command.ts';

/** More at once is more than one person's share of the queue. */
export const MOST_PICTURES = 4;

/**
 * There is at least one picture, and no more than `MOST_PICTURES`.
 * Throws UserError `picture-missing`, `pictures-too-many`.
 */
export const picturesGiven: Precondition = ({ command, pictures, registry, messages }) => {
  if (pictures.length === 0) {
    const about = { example: command.example(registry.styles) };
    throw new UserError('picture-missing', messages.pictureMissing(about));
  }
  if (pictures.length > MOST_PICTURES) {
    const about = { most: MOST_PICTURES };
    throw new UserError('pictures-too-many', messages.picturesTooMany(about), { data: about });
  }
};
