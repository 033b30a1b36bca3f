import { placeholderReply } from '../../commands/reply.ts';
import type { CommandRequest } from '../../commands/request.ts';
import type { RequestQueue } from '../../queue/contract.ts';
import type { ProgressEdit } from '../progress-edits.ts';
import type { Api } from './api.ts';
import { readPlace } from './place.ts';
import { replyWords } from './render.ts';
import { readSource } from './source.ts';
import { channelOf, UNHEARD } from './speaker.ts';

/**
 * Puts progress into the placeholder, above a button to cancel.
 * @param api one that gives up at the first 429 or failure: the next progress says more
 */
export function createProgressEdit(
  api: Api,
  queue: Pick<RequestQueue<CommandRequest>, 'note'>,
): (edit: ProgressEdit) => Promise<void> {
  return async ({ request, place: placeJson, notes, text }) => {
    if (notes[UNHEARD] === 'yes') return;
    const { buttons } = placeholderReply(request);
    const payload = replyWords({ text, buttons }, request.person.id);
    const place = readPlace(placeJson, Date.now());
    if (notes.message !== undefined) {
      await api.edit(channelOf(readSource(request).where, notes), notes.message, payload);
    } else if (place !== undefined) {
      const { id } = await api.editOriginal(place, payload);
      if (notes.placeholder === undefined) await queue.note(request.id, 'placeholder', id);
    }
  };
}
