import { refuse } from '../../commands/messages/failures.ts';
import { messagesFor } from '../../commands/messages/language.ts';
import type { Registry } from '../../commands/registry.ts';
import { outcomeReply } from '../../commands/reply.ts';
import type { CommandRequest } from '../../commands/request.ts';
import { UserError } from '../../errors.ts';
import type { DeliveryHandler, IntakeHandler } from '../../queue/contract.ts';
import type { Outcome } from '../../queue/request.ts';
import { type Pictures, pictureView } from './pictures.ts';
import { placeholder, placeholderId, sourceOf } from './placeholder.ts';
import type { Threads } from './threads.ts';

/** Intake: the picture was stored when it was uploaded, so it is only kept for longer. */
export function createIntake(pictures: Pictures): IntakeHandler<CommandRequest> {
  return async (request, _place, signal) => {
    signal.throwIfAborted();
    const messages = messagesFor(request.person.locale);
    const { photoAlt } = messages;
    try {
      const { artefact, alt } = await pictures.use(sourceOf(request).picture, request.person.id);
      return [{ source: { ...artefact, ...(alt === photoAlt ? {} : { alt }) } }];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw refuse(messages, 'picture-gone', {}, error);
    }
  };
}

/**
 * Delivery: the outcome takes the placeholder's place. The first outcome stands, so a repeat shows nothing new. All
 * that is needed is in the request, so a place that has expired changes nothing.
 */
export function createDelivery(
  threads: Threads,
  pictures: Pictures,
  registry: Registry,
): DeliveryHandler<CommandRequest> {
  return async (request, _place, outcome) => {
    const thread = request.person.id;
    const before = await threads.read(thread, placeholderId(request.id));
    if (before !== undefined && before.request?.state !== 'open') return undefined;
    const reply = outcomeReply(request, outcome, registry);
    const shown = [];
    for (const { artefact, alt, fileName } of reply.pictures) {
      shown.push(pictureView(await pictures.add({ thread, artefact, alt, fileName })));
    }
    await threads.close(thread, placeholder(request, stateOf[outcome.kind], reply, { pictures: shown }));
    return undefined;
  };
}

const stateOf: Readonly<Record<Outcome['kind'], 'answered' | 'failed' | 'cancelled'>> = {
  pictures: 'answered',
  failure: 'failed',
  cancelled: 'cancelled',
};
