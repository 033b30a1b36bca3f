import { createHash } from 'node:crypto';
import { type Json, type QueuedRequest, sortedOptions, type Task } from '../queue/request.ts';

/** How a person asked: by a command, by an emoji on a picture, or by a button below a result. */
export type Trigger = 'command' | 'reaction' | 'button';

/** One command by one person in one place, from the event to the posted answer. */
export interface CommandRequest extends QueuedRequest {
  readonly command: string;
  readonly trigger: Trigger;
}

/** What somebody wants worked on: a picture, several of one message, or what a search will find. */
export interface PictureReference {
  /** Where intake finds it, in the adapter's own terms. */
  readonly source: Json;
  /** What it is, the same however often it is asked about: message and attachment. Part of the intent key. */
  readonly target: string;
}

/** What makes a request: equal platforms and event keys make the same one. */
export interface RequestInit {
  readonly platform: string;
  readonly command: string;
  readonly trigger: Trigger;
  readonly person: { readonly id: string; readonly locale: string };
  readonly server?: string;
  /** The platform's event id; with several pictures in one event, each needs its own. */
  readonly eventKey: string;
  readonly picture: PictureReference;
  readonly task: Task;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Make a request. Its id follows from platform and event, so the same event always makes the same request,
 * in whichever process and however often.
 */
export function createRequest(init: RequestInit): CommandRequest {
  const { platform, command, trigger, person, server, eventKey, picture, task } = init;
  // What everyone sees, anyone may wish for: the second wish is the first one's.
  const asker = trigger === 'command' ? person.id : 'anyone';
  return {
    id: requestId(platform, eventKey),
    platform,
    command,
    trigger,
    eventKey,
    intentKey: digest([
      'intent',
      platform,
      picture.target,
      command,
      asker,
      task.network,
      sortedOptions(task.options),
    ]),
    person,
    ...(server === undefined ? {} : { server }),
    source: picture.source,
    task,
    createdAt: init.now,
  };
}

/** The id of the request that an event makes. */
export function requestId(platform: string, eventKey: string): string {
  return uuidOf(['request', platform, eventKey]);
}

function digest(parts: readonly Json[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** RFC 9562 version 8: a UUID whose bits are our own, here those of a digest. */
function uuidOf(parts: readonly Json[]): string {
  const hex = digest(parts);
  const variant = '89ab'[Number.parseInt(hex.slice(16, 17), 16) % 4];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
