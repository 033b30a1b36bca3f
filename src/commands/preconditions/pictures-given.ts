import type { Precondition } from '../command.ts';
import { refuse } from '../messages/failures.ts';
import { exampleLine } from '../usage.ts';

/** More at once is more than one person's share of the queue. */
export const MOST_PICTURES = 4;

/**
 * There is at least one picture, and no more than `MOST_PICTURES`.
 * Throws UserError `picture-missing`, `pictures-too-many`.
 */
export const picturesGiven: Precondition = ({ command, pictures, registry, messages }) => {
  if (pictures.length === 0) {
    throw refuse(messages, 'picture-missing', { example: exampleLine(command, registry) });
  }
  if (pictures.length > MOST_PICTURES) throw refuse(messages, 'pictures-too-many', { most: MOST_PICTURES });
};
