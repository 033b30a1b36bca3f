import { messagesFor } from '../../commands/messages/language.ts';
import type { Registry } from '../../commands/registry.ts';
import { outcomeReply, placeholderReply, textReply } from '../../commands/reply.ts';
import type { CommandRequest } from '../../commands/request.ts';
import { ImpastoError } from '../../errors.ts';
import type { RequestQueue } from '../../queue/contract.ts';
import { failureOf } from '../../queue/failure.ts';
import type { Log } from '../../queue/log.ts';
import { placeholder, placeholderId } from './placeholder.ts';
import type { Threads } from './threads.ts';

/** Hands requests to the queue, each behind its placeholder. */
export interface Submitter {
  /** Returns the id of the message that answers. @throws what is a defect, after which the page asks again */
  submit(request: CommandRequest): Promise<string>;
}

/** Where requests go, and where their placeholders stand. */
export interface SubmitterOptions {
  readonly queue: Pick<RequestQueue<CommandRequest>, 'submit'>;
  readonly threads: Threads;
  readonly threadSeconds: number;
  readonly registry: Registry;
  readonly log: Log;
}

/** Puts the placeholder up first, so that delivery always finds it. */
export function createSubmitter({
  queue,
  threads,
  threadSeconds,
  registry,
  log,
}: SubmitterOptions): Submitter {
  async function submit(request: CommandRequest): Promise<string> {
    const thread = request.person.id;
    const id = placeholderId(request.id);
    await threads.post(thread, placeholder(request, 'open', placeholderReply(request)));
    try {
      const submission = await queue.submit(request, { thread }, threadSeconds);
      if (!submission.accepted && submission.request !== request.id) {
        // The same wish is open already: point to the placeholder of that one.
        const reply = textReply(messagesFor(request.person.locale).alreadyOpen, 'hint');
        const replyTo = placeholderId(submission.request);
        await threads.close(thread, placeholder(request, 'cancelled', reply, { replyTo }));
      }
    } catch (error) {
      if (!(error instanceof ImpastoError)) throw error;
      const failure = failureOf(error, log, { request: request.id });
      await threads.close(thread, placeholder(request, 'failed', outcomeReply(request, failure, registry)));
    }
    return id;
  }

  return { submit };
}
