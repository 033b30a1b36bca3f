import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from '../../commands/command.ts';
import { textReply } from '../../commands/reply.ts';
import type { CommandRequest } from '../../commands/request.ts';
import type { RequestQueue } from '../../queue/contract.ts';
import type { Invoker } from '../invoke.ts';
import type { Result } from './conversation.ts';
import type { Due } from './due.ts';
import type { Here } from './here.ts';
import { UNHEARD } from './speaker.ts';

/** Hands what an interaction asks for to the queue. */
export type Submitter = (here: Here, answer: Answer) => Promise<Result>;

/** What was given up ends as soon as its delivery is through. */
const GIVEN_UP_MS = 250;
const GIVEN_UP_TRIES = 20;

/**
 * @param queue keeps who waits for what was never acknowledged
 * @param tokenSeconds how long the interaction's own answer can be edited
 */
export function createSubmitter(
  invoker: Pick<Invoker, 'submit'>,
  queue: Pick<RequestQueue, 'note'>,
  deadlines: Pick<Due, 'keep'>,
  tokenSeconds: number,
): Submitter {
  return async (here, answer) => {
    if (answer.kind === 'reply') return { kind: 'reply', reply: answer.reply };
    const place = here.place(tokenSeconds);
    const standing: string[] = [];
    for (const request of answer.requests) {
      if (await stands(request)) standing.push(request.id);
    }
    if (standing.length > 0) return { kind: 'requests', requests: standing };
    return { kind: 'reply', reply: textReply(here.messages.alreadyOpen, 'hint') };

    /** True for what is new, and for the same event that came again. */
    async function stands(request: CommandRequest): Promise<boolean> {
      // First, for a request that nobody looks after would wait for ever.
      await deadlines.keep(request.id, Date.now() + tokenSeconds * 1000);
      for (let tries = 1; ; tries++) {
        const submission = await invoker.submit(request, place, tokenSeconds);
        if (submission.accepted || submission.request === request.id) return true;
        // Who is told that it is on its way waits for it, even where who asked first was never acknowledged.
        const awaited = (await queue.note(submission.request, UNHEARD, 'no')) === 'no';
        if (awaited || tries === GIVEN_UP_TRIES) return false;
        await pause(GIVEN_UP_MS);
      }
    }
  };
}
