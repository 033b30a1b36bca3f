import type { Choice } from '../commands/command.ts';
import { refuse } from '../commands/messages/failures.ts';
import { messagesFor } from '../commands/messages/language.ts';
import { choicesOf, type Pressed, picturesFor, requestFromPress } from '../commands/press.ts';
import type { CommandRequest } from '../commands/request.ts';
import type { Artefacts, RequestQueue } from '../queue/contract.ts';
import type { Source } from '../queue/request.ts';
import type { Invoker } from './invoke.ts';

/** A button below a message of ours, or a choice made after it. */
export interface Press extends Pressed {
  /** The platform's own id of the interaction. */
  readonly eventKey: string;
  readonly locale: string;
  readonly server?: string | undefined;
  readonly channel?: string | undefined;
  readonly alone?: boolean | undefined;
  /** Who asked, as the button remembers it when the request is forgotten. */
  readonly asker?: string | undefined;
}

/** What a press leads to; carrying it out is the adapter's. */
export type Consequence =
  | { readonly kind: 'request'; readonly request: CommandRequest }
  | { readonly kind: 'choices'; readonly choices: readonly Choice[] }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'delete' };

/** Tells what presses lead to. */
export type Presses = (press: Press) => Promise<Consequence>;

/** What presses act on. */
export interface PressesOptions {
  readonly invoker: Invoker;
  readonly queue: Pick<RequestQueue<CommandRequest>, 'get' | 'cancel' | 'outcome' | 'sources'>;
  readonly artefacts: Pick<Artefacts, 'touch'>;
}

/**
 * What it returns throws UserError in the person's language: `cancel-not-yours`, `delete-not-yours`, `request-over`,
 * `picture-gone`, and what `Invoker.admit` throws.
 */
export function createPresses({ invoker, queue, artefacts }: PressesOptions): Presses {
  const { registry, platform } = invoker;

  return async (press) => {
    const messages = messagesFor(press.locale, platform);
    const { action, person } = press;
    const old = await queue.get(press.request);
    const theirs = (old?.person.id ?? press.asker) === person;
    if (action === 'delete') {
      if (!theirs && !press.moderates) throw refuse(messages, 'delete-not-yours');
      return { kind: 'delete' };
    }
    if (action === 'cancel') {
      if (!theirs) throw refuse(messages, 'cancel-not-yours');
      if (!(await queue.cancel(press.request, person))) throw refuse(messages, 'request-over');
      return { kind: 'cancelled' };
    }
    if (old === undefined) throw refuse(messages, 'picture-gone');
    await invoker.admit(press, messages);
    const [sources, outcome] = await Promise.all([queue.sources(old.id), queue.outcome(old.id)]);
    const choices = choicesOf(action, old, registry, messages, outcome);
    if (choices !== undefined && press.choice === undefined) return { kind: 'choices', choices };
    const kept = await stillStored(picturesFor(action, old, sources, outcome));
    if (kept.length === 0) throw refuse(messages, 'picture-gone');
    return {
      kind: 'request',
      request: requestFromPress(press, press.eventKey, old, kept, registry, Date.now()),
    };
  };

  async function stillStored(sources: readonly Source[]): Promise<readonly Source[]> {
    const there: Source[] = [];
    for (const source of sources) if (await artefacts.touch(source.hash)) there.push(source);
    return there;
  }
}
