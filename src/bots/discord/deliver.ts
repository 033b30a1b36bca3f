import { messagesFor } from '../../commands/messages/language.ts';
import type { Registry } from '../../commands/registry.ts';
import { outcomeReply, removable, textReply } from '../../commands/reply.ts';
import type { CommandRequest } from '../../commands/request.ts';
import { ImpastoError } from '../../errors.ts';
import type { DeliveryHandler, RequestQueue } from '../../queue/contract.ts';
import type { Log } from '../../queue/log.ts';
import { isTrouble } from './api-errors.ts';
import { readPlace } from './place.ts';
import { readSource } from './source.ts';
import { LATE, type Said, type Speaker, UNHEARD } from './speaker.ts';
import { moment } from './text.ts';
import { DEFAULT_LIMIT, type UploadOptions, upload } from './upload.ts';

/** What delivery works with. */
export interface DeliverOptions extends UploadOptions {
  readonly queue: Pick<RequestQueue<CommandRequest>, 'notes'>;
  readonly registry: Registry;
  readonly speaker: Speaker;
  readonly log: Log;
}

/** Says outcomes where they are waited for. */
export function createDelivery(options: DeliverOptions): DeliveryHandler<CommandRequest> {
  const { queue, registry, speaker, log } = options;

  return async (request, placeJson, outcome) => {
    const notes = await queue.notes(request.id);
    if (notes[UNHEARD] === 'yes') return neverAcknowledged();
    const { where } = readSource(request);
    const messages = messagesFor(request.person.locale);
    const reply =
      outcome.kind === 'cancelled' && notes[LATE] !== undefined
        ? removable(request, textReply(messages.tooLate, 'failure'), messages)
        : outcomeReply(request, outcome, registry, moment);
    let said: Said | undefined;
    // Discord knows the place's limit only where it told of an interaction.
    const limit = readPlace(placeJson, 0)?.limit ?? DEFAULT_LIMIT;
    try {
      await upload(options, { reply, asker: request.person.id, messages, limit }, async (payload) => {
        // Read anew for each try: fitting a large picture takes a while.
        const place = readPlace(placeJson, Date.now());
        said = await speaker.say({ request, where, place, notes }, payload);
      });
      return said === 'unheard' ? neverAcknowledged() : undefined;
    } catch (error) {
      if (!isTrouble(error, 'discord-place-gone', 'discord-access-missing', 'discord-permission-missing')) {
        throw error;
      }
      log.warn({ request: request.id, code: error.code }, 'An answer has no place any more');
      return error;
    }
  };
}

/** Discord has told who asked that it failed. */
function neverAcknowledged(): ImpastoError {
  return new ImpastoError({
    code: 'discord-unacknowledged',
    userMessage: 'Discord was not told in time that I had heard this.',
    report: true,
  });
}
