import type { Redis } from 'ioredis';
import { z } from 'zod';
import { artefactInfo, outcome as outcomeFormat, queuedRequest, requestState } from './formats.ts';
import { keys } from './keys.ts';
import type { ArtefactInfo, Outcome, Progress, QueuedRequest, RequestState } from './request.ts';
import { ADVANCE, CANCEL, FINISH, JOIN, SETTLE, SUBMIT } from './scripts.ts';
import type { QueueSettings } from './settings.ts';

/** A request and how it stands. */
export interface StoredRecord {
  readonly request: QueuedRequest;
  readonly progress: Progress;
  readonly source: ArtefactInfo | undefined;
  /** The inference job it waits or waited for. */
  readonly job: string | undefined;
  /** Decided once; what delivery has said or has yet to say. */
  readonly outcome: Outcome | undefined;
  /** Nothing remains to be done. */
  readonly final: boolean;
}

/** The requests in Redis. Each step is one script: done or not done, and harmless when done again. */
export interface Records {
  submit(
    request: QueuedRequest,
    sealedPlace: Buffer,
    placeSeconds: number,
  ): Promise<{ readonly verdict: 'accepted' | 'full' | 'event' | 'intent'; readonly request: string }>;
  read(id: string): Promise<StoredRecord | undefined>;
  sealedPlace(id: string): Promise<Buffer | undefined>;
  /** Show how it stands; nothing is shown once the outcome is decided. */
  advance(
    id: string,
    state: 'fetching' | 'waiting' | 'running',
    detail?: { readonly fraction: number },
  ): Promise<void>;
  /** Let it wait for an inference job; false where it is cancelled or forgotten. */
  join(id: string, source: ArtefactInfo, job: string): Promise<boolean>;
  /** Who waits for an inference job. */
  waiters(job: string): Promise<string[]>;
  /** Decide the outcome unless it is decided; the platform where one has yet to be delivered. */
  settle(id: string, outcome: Outcome): Promise<string | undefined>;
  /** Decide on `cancelled`; what it waited for, where it was open and this person's. */
  cancel(id: string, person: string): Promise<{ readonly job: string | undefined } | undefined>;
  /** It was answered, or can't be: close it. */
  finish(id: string, state: 'answered' | 'failed' | 'cancelled'): Promise<void>;
  /** Ids of the requests that are not finished, oldest first. */
  open(): Promise<string[]>;
  /** Drop one from the open ones whose record has expired. */
  forget(id: string): Promise<void>;
}

/** @param redis stays the caller's */
export function createRecords(redis: Redis, settings: QueueSettings): Records {
  const run = (script: string, names: readonly string[], ...values: readonly (string | number | Buffer)[]) =>
    redis.eval(script, names.length, ...names, ...values);

  return {
    submit: async (request, sealedPlace, placeSeconds) => {
      const { id, platform, person } = request;
      const names = [keys.event(request), keys.intent(request), keys.request(id), keys.place(id), keys.open];
      const lives = [settings.eventSeconds, settings.recordSeconds, placeSeconds];
      const text = JSON.stringify(request);
      const reply = await run(
        SUBMIT,
        names,
        id,
        text,
        platform,
        person.id,
        sealedPlace,
        ...lives,
        settings.maxOpen,
      );
      const [verdict, stands] = submitReply.parse(reply);
      return { verdict, request: stands };
    },
    read: async (id) => {
      const fields = await redis.hgetall(keys.request(id));
      return fields.request === undefined ? undefined : toRecord(fields.request, fields);
    },
    sealedPlace: async (id) => (await redis.getBuffer(keys.place(id))) ?? undefined,
    advance: async (id, state, detail) => {
      const shown = detail === undefined ? ['', ''] : ['fraction', String(detail.fraction)];
      await run(ADVANCE, [], id, state, ...shown);
    },
    join: async (id, source, job) => {
      const names = [keys.request(id), keys.waiters(job)];
      return (await run(JOIN, names, id, JSON.stringify(source), job, settings.recordSeconds)) === 1;
    },
    waiters: (job) => redis.smembers(keys.waiters(job)),
    settle: async (id, outcome) => {
      const platform = await run(SETTLE, [keys.request(id)], id, JSON.stringify(outcome));
      return typeof platform === 'string' ? platform : undefined;
    },
    cancel: async (id, person) => {
      const cancelled: Outcome = { kind: 'cancelled' };
      const job = await run(CANCEL, [keys.request(id)], id, person, JSON.stringify(cancelled));
      if (typeof job !== 'string') return undefined;
      return { job: job === '' ? undefined : job };
    },
    finish: async (id, state) => {
      await run(FINISH, [keys.request(id), keys.place(id), keys.open], id, state, settings.recordSeconds);
    },
    open: () => redis.zrange(keys.open, 0, '-1'),
    forget: async (id) => {
      await redis.zrem(keys.open, id);
    },
  };
}

const submitReply = z.tuple([z.enum(['accepted', 'full', 'event', 'intent']), z.string()]);

const finalStates: readonly RequestState[] = ['answered', 'failed', 'cancelled'];

function toRecord(requestText: string, fields: Record<string, string>): StoredRecord {
  const request = queuedRequest.parse(JSON.parse(requestText));
  const state = requestState.parse(fields.state);
  return {
    request,
    progress: {
      request: request.id,
      platform: request.platform,
      state,
      ...(fields.before === undefined ? {} : { before: Number(fields.before) }),
      ...(fields.fraction === undefined ? {} : { fraction: Number(fields.fraction) }),
    },
    source: fields.source === undefined ? undefined : artefactInfo.parse(JSON.parse(fields.source)),
    job: fields.job,
    outcome: fields.outcome === undefined ? undefined : outcomeFormat.parse(JSON.parse(fields.outcome)),
    final: finalStates.includes(state),
  };
}

/** A stored request as its adapter submitted it: `submit` takes nothing that JSON would change. */
export function asSubmitted<R extends QueuedRequest>(request: QueuedRequest): R {
  // The platform's own fields are known to the adapter alone, which reads back what it wrote.
  return request as R;
}
