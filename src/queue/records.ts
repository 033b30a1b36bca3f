import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Owner } from './contract.ts';
import { keys, ownerName } from './keys.ts';
import type { Verdict } from './observer.ts';
import { FETCHING, LINE, NONE_RUNS, RUNS } from './progress-scripts.ts';
import type { FailureOutcome, FinalState, Outcome, PartOutcome, QueuedRequest, Source } from './request.ts';
import { CANCEL, ERASE, FILL, FINISH, JOIN, NOTE, SETTLE, SUBMIT } from './scripts.ts';
import type { QueueSettings } from './settings.ts';
import { type StoredRecord, toRecord } from './stored-record.ts';

/** One picture of a request, as it goes on: to its inference job, or no further. */
export type JoiningPart = { readonly source: Source; readonly job: string } | FailureOutcome;

/** The requests in Redis. Each step is one script: done or not done, and harmless when done again. */
export interface Records {
  submit(
    request: QueuedRequest,
    sealedPlace: Buffer,
    placeSeconds: number,
  ): Promise<{ readonly verdict: Verdict; readonly request: string }>;
  read(id: string): Promise<StoredRecord | undefined>;
  sealedPlace(id: string): Promise<Buffer | undefined>;
  /** Show that intake has begun. Nothing is shown once the outcome is decided; so below. */
  fetching(id: string): Promise<void>;
  /** Show everyone who waits for a job how far it is; `undefined` where it does not run. */
  runs(job: string, fraction: number | undefined): Promise<void>;
  /** Show of one request that none of its jobs runs. */
  noneRuns(id: string): Promise<void>;
  /**
   * Keep its parts (those kept first stand; none where they are kept already), and let it wait for their inference
   * jobs; false where it is cancelled or forgotten.
   */
  join(id: string, parts: readonly JoiningPart[]): Promise<boolean>;
  /** Who waits for an inference job. */
  waiters(job: string): Promise<string[]>;
  /**
   * Decide those of its parts, by number, that wait for a job, and with the last of all parts its outcome; the platform
   * where one has yet to be delivered.
   */
  fill(id: string, job: string, parts: ReadonlyMap<number, PartOutcome>): Promise<string | undefined>;
  /** Decide the outcome unless it is decided; the platform where one has yet to be delivered. */
  settle(id: string, outcome: Outcome): Promise<string | undefined>;
  /** Decide on `cancelled`; the jobs it waited for, where it was open and this person's. */
  cancel(id: string, person: string): Promise<readonly string[] | undefined>;
  /** It was answered, or can't be: close it. */
  finish(id: string, state: FinalState): Promise<void>;
  /** Ids of the requests that are not finished, oldest first. */
  open(): Promise<string[]>;
  /** Drop one from the open ones whose record has expired. */
  drop(id: string): Promise<void>;
  /** How many of the open ones have not begun, and of how many a picture is being made. */
  line(): Promise<{ readonly waiting: number; readonly running: number }>;
  /** Ids of what a person has asked: those that ended by when they did, the open ones by their admission. */
  askedBy(owner: Owner): Promise<string[]>;
  /** Delete all that is kept of one, as soon as it is final; true where there was something. */
  erase(id: string, owner: Owner): Promise<boolean>;
  note(id: string, name: string, value: string, replacing?: string): Promise<string>;
  notes(id: string): Promise<Readonly<Record<string, string>>>;
}

/** @param redis stays the caller's */
export function createRecords(redis: Redis, settings: QueueSettings): Records {
  const run = (script: string, names: readonly string[], ...values: readonly (string | number | Buffer)[]) =>
    redis.eval(script, names.length, ...names, ...values);

  return {
    submit: async (request, sealedPlace, placeSeconds) => {
      const { id, platform, person } = request;
      const owner = { platform, person: person.id };
      const names = [
        keys.event(request),
        keys.intent(request),
        keys.request(id),
        keys.place(id),
        keys.open,
        keys.notes(id),
        keys.asked(owner),
      ];
      const about = [JSON.stringify(request), platform, person.id, ownerName(owner)];
      const lives = [settings.eventSeconds, settings.recordSeconds, placeSeconds];
      const reply = await run(SUBMIT, names, id, ...about, sealedPlace, ...lives, settings.maxOpen);
      const [verdict, stands] = submitReply.parse(reply);
      return { verdict, request: stands };
    },
    read: async (id) => toRecord(await redis.hgetall(keys.request(id))),
    sealedPlace: async (id) => (await redis.getBuffer(keys.place(id))) ?? undefined,
    fetching: async (id) => {
      await run(FETCHING, [], id);
    },
    runs: async (job, fraction) => {
      await run(RUNS, [keys.waiters(job)], job, fraction ?? '');
    },
    noneRuns: async (id) => {
      await run(NONE_RUNS, [keys.request(id)], id);
    },
    join: async (id, parts) => {
      const values = parts.flatMap((part) =>
        'kind' in part
          ? ['', '', JSON.stringify(part)]
          : [part.job, part.source.hash, JSON.stringify(part.source)],
      );
      const names = [keys.request(id), keys.notes(id)];
      return (await run(JOIN, names, id, settings.recordSeconds, ...values)) === 1;
    },
    waiters: (job) => redis.smembers(keys.waiters(job)),
    fill: async (id, job, parts) => {
      const values = [...parts].flatMap(([number, part]) => [
        number,
        part.kind === 'picture' ? part.artefact.hash : '',
        JSON.stringify(part),
      ]);
      return textOf(await run(FILL, [keys.request(id), keys.waiters(job)], id, job, ...values));
    },
    settle: async (id, outcome) => textOf(await run(SETTLE, [keys.request(id)], id, JSON.stringify(outcome))),
    cancel: async (id, person) => {
      const cancelled: Outcome = { kind: 'cancelled' };
      const jobs = await run(CANCEL, [keys.request(id)], id, person, JSON.stringify(cancelled));
      return jobs === null ? undefined : z.array(z.string()).parse(jobs);
    },
    finish: async (id, state) => {
      const names = [keys.request(id), keys.place(id), keys.open, keys.notes(id)];
      await run(FINISH, names, id, state, settings.recordSeconds);
    },
    open: () => redis.zrange(keys.open, 0, '-1'),
    drop: async (id) => {
      await redis.zrem(keys.open, id);
    },
    line: async () => {
      const [waiting, running] = z.tuple([z.number(), z.number()]).parse(await run(LINE, [keys.open]));
      return { waiting, running };
    },
    askedBy: (owner) => redis.zrange(keys.asked(owner), 0, '-1'),
    erase: async (id, owner) => {
      const names = [keys.request(id), keys.place(id), keys.open, keys.notes(id), keys.asked(owner)];
      return (await run(ERASE, names, id)) === 1;
    },
    note: async (id, name, value, replacing) =>
      z
        .string()
        .parse(await run(NOTE, [keys.notes(id)], name, value, replacing ?? '', settings.recordSeconds)),
    notes: (id) => redis.hgetall(keys.notes(id)),
  };
}

const submitReply = z.tuple([z.enum(['accepted', 'full', 'event', 'intent']), z.string()]);

function textOf(reply: unknown): string | undefined {
  return typeof reply === 'string' ? reply : undefined;
}
