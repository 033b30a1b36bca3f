import type { ErrorData } from '../errors.ts';

/** Anything that survives `JSON.parse(JSON.stringify(x))` unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What a worker is asked to do with a source: part of the inference job's identity. */
export interface Task {
  /** Name of a network in the catalogue. */
  readonly network: string;
  /** Options that change the result's pixels, already validated by the command. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

/** Options by name: equal ones are equal as JSON, in whatever order they were given. */
export function sortedOptions(options: Task['options']): [name: string, value: string | number | boolean][] {
  return Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * What the queue must know of a request: one command by one person in one place, from the event to the
 * posted answer. Holds no secret: what is needed to speak in the place travels apart, encrypted.
 */
export interface QueuedRequest {
  /** UUID; the handle by which the person, the log and the adapter speak of this request. */
  readonly id: string;
  /** Which adapter's intake and delivery serve it: `discord`, `slack`, `playground`. */
  readonly platform: string;
  /** The platform's own event or interaction id; absorbs the platform's retries for 2 hours. */
  readonly eventKey: string;
  /** Target, command, options (and person): absorbs impatient people while a request is open. */
  readonly intentKey: string;
  readonly person: { readonly id: string; readonly locale: string };
  /** The server (guild, workspace) in which it was asked; left out in private. */
  readonly server?: string;
  /** Where intake finds the picture, or several, in the adapter's own terms. */
  readonly source: Json;
  readonly task: Task;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** The trace in which all is done for it (`traceparent` of W3C Trace Context); the queue adds it where traces are kept. */
  readonly trace?: string;
}

/** How a request stands; the last four are final. */
export type RequestState =
  | 'accepted'
  | 'fetching'
  | 'waiting'
  | 'running'
  | 'delivering'
  | 'answered'
  | 'failed'
  | 'cancelled'
  | 'unposted';

/** How a request may end: `unposted` where what came of it could not be said in its place. */
export type FinalState = Extract<RequestState, 'answered' | 'failed' | 'cancelled' | 'unposted'>;

const finalStates: ReadonlySet<RequestState> = new Set<FinalState>([
  'answered',
  'failed',
  'cancelled',
  'unposted',
]);

/** True where nothing happens to the request any more. */
export function isFinal(state: RequestState): state is FinalState {
  return finalStates.has(state);
}

/** True where nothing happens to the request any more, and nobody has its answer. */
export function cameToNothing(state: RequestState | undefined): boolean {
  return state !== undefined && isFinal(state) && state !== 'answered';
}

/** A moment in a request's life, for showing to people. May be lost; never needed for correctness. */
export interface Progress {
  readonly request: string;
  readonly platform: string;
  readonly state: RequestState;
  /** While `waiting`: how many jobs run before the first of its parts that waits. */
  readonly before?: number;
  /** While `waiting`: in about how many seconds that part begins, where one can tell. */
  readonly seconds?: number;
  /** While `running`: 0 to 1, over all its parts. Never goes back. */
  readonly fraction?: number;
}

/** A stored image: named by the SHA-256 (hex) of its bytes. */
export interface ArtefactInfo {
  readonly hash: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  /** Of an animation. */
  readonly frames?: number;
}

/** One picture of a request, as intake found it. */
export interface Source extends ArtefactInfo {
  /** The text alternative that its author gave it. */
  readonly alt?: string;
  /** It was hidden until somebody asks to see it; what is made of it is hidden too. */
  readonly spoiler?: boolean;
}

/** A picture that was made. */
export interface PictureOutcome {
  readonly kind: 'picture';
  readonly artefact: ArtefactInfo;
  readonly source: Source;
  /** How long the inference took. */
  readonly seconds: number;
}

/** Something that did not work, fit to be told to people (`failureOf`). */
export interface FailureOutcome {
  readonly kind: 'failure';
  /** The error's own, or `internal` where it is not for people. */
  readonly code: string;
  /** The error's own, for translated messages to be filled with; empty where it is not for people. */
  readonly data: ErrorData;
  readonly userMessage: string;
  /** By which the log tells the rest. */
  readonly incident: string;
}

/** What became of one part of a request. */
export type PartOutcome = PictureOutcome | FailureOutcome;

/** What delivery has to say. */
export type Outcome =
  /** One part for each picture that the source stands for, in its order; at least one of them is a picture. */
  | { readonly kind: 'pictures'; readonly parts: readonly PartOutcome[] }
  | FailureOutcome
  | { readonly kind: 'cancelled' };
