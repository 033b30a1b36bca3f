import { createActing } from './acting.ts';
import type { Delivery } from './deliveries.ts';
import type { Answer } from './elements.ts';
import type { Json } from './json.ts';
import type { SeenMessage } from './ledger.ts';
import { createModals } from './modals.ts';
import type { Actor } from './payloads.ts';
import { createSpeaking } from './speaking.ts';
import type { Upload } from './uploads.ts';
import type { OpenView } from './view-book.ts';
import type { Channel } from './workspace.ts';

/** Something that a person did and the bot must acknowledge. */
export interface Acted {
  readonly at: number;
  readonly user: string;
  readonly channel: string | undefined;
  readonly delivery: Delivery;
  /** Milliseconds until the acknowledgement. */
  readonly ackMs: number | undefined;
  /** What the person is shown instead: nothing came in time, or the bot could not be reached. */
  readonly error: 'operation_timeout' | 'dispatch_failed' | undefined;
  /** What the acknowledgement carried. */
  readonly answer: Json;
}

/** Something that a person said or did in a channel, which the bot learns of by events. */
export interface Said {
  readonly at: number;
  readonly user: string;
  readonly channel: string;
  /** What was said; what was reacted to. */
  readonly message: SeenMessage;
  /** The events, once each is acknowledged or given up. */
  readonly delivered: Promise<readonly Delivery[]>;
}

export interface Saying {
  readonly files?: readonly Upload[];
  /** Reply in this message's thread. */
  readonly thread?: SeenMessage;
  /** Forward this message, with its files. */
  readonly forward?: SeenMessage;
  /** Previews of links, as Slack attaches them. */
  readonly attachments?: readonly Json[];
  /** Say it as another app does, which the bot must not answer. */
  readonly asOtherApp?: true;
}

/** A person with Slack's client before them. What the client would not let them do throws. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly team: string;
  /** Write a message, also with files alone. */
  post(channel: Channel, text: string, saying?: Saying): Promise<Said>;
  /** The same, with the app's name before it. */
  mention(channel: Channel, text: string, saying?: Saying): Promise<Said>;
  react(message: SeenMessage, name: string): Promise<Said>;
  unreact(message: SeenMessage, name: string): Promise<Said>;
  /** Delete one's own message. */
  remove(message: SeenMessage): Promise<Said>;
  /** @param command with its slash */
  slash(channel: Channel, command: string, text?: string): Promise<Acted>;
  /** A message shortcut, by its callback id; a global one without a message. */
  shortcut(callbackId: string, message?: SeenMessage): Promise<Acted>;
  /** Press a button of a message or a view. */
  press(place: SeenMessage | OpenView, actionId: string): Promise<Acted>;
  /** Choose in a select, an overflow menu, radio buttons; what loads its options is asked for `typed` first. */
  choose(place: SeenMessage | OpenView, actionId: string, value: string, typed?: string): Promise<Acted>;
  /** What a select that loads its options offers for what is typed. */
  suggest(place: SeenMessage | OpenView, actionId: string, typed: string): Promise<readonly Json[]>;
  /** Submit the modal with these values by action id; the rest stays as it stands. Files are uploaded first. */
  submitView(view: OpenView, values?: Readonly<Record<string, Answer>>): Promise<Acted>;
  /** Close the modal; the app learns of it where it wants to. */
  closeView(view: OpenView): Promise<Acted | undefined>;
  /** Look at the app's home. */
  openHome(tab?: 'home' | 'messages'): Promise<Delivery | undefined>;
}

export function createPerson(actor: Actor): Person {
  const acting = createActing(actor);
  return {
    id: actor.member.id,
    name: actor.member.name,
    team: actor.workspace.id,
    ...createSpeaking(actor),
    ...acting,
    ...createModals(actor, acting.suggest),
  };
}
