import { z } from 'zod';
import type { ArtefactInfo, Outcome, Progress, QueuedRequest, RequestState, Task } from './request.ts';

/*
 * What is read back from Redis was written by another process, perhaps of another version: it is checked here.
 */

export const artefactInfo: z.ZodType<ArtefactInfo> = z.object({
  hash: z.string(),
  contentType: z.string(),
  bytes: z.number(),
  width: z.number(),
  height: z.number(),
});

export const outcome: z.ZodType<Outcome> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('picture'), artefact: artefactInfo, source: artefactInfo, seconds: z.number() }),
  z.object({ kind: z.literal('failure'), code: z.string(), userMessage: z.string(), incident: z.string() }),
  z.object({ kind: z.literal('cancelled') }),
]);

export const requestState: z.ZodType<RequestState> = z.enum([
  'accepted',
  'fetching',
  'waiting',
  'running',
  'delivering',
  'answered',
  'failed',
  'cancelled',
]);

export const progress: z.ZodType<Progress> = z.object({
  request: z.string(),
  platform: z.string(),
  state: requestState,
  before: z.number().exactOptional(),
  fraction: z.number().exactOptional(),
});

const task: z.ZodType<Task> = z.object({
  network: z.string(),
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** Loose: a platform's own fields stay as they were submitted. */
export const queuedRequest: z.ZodType<QueuedRequest> = z.looseObject({
  id: z.string(),
  platform: z.string(),
  eventKey: z.string(),
  intentKey: z.string(),
  person: z.looseObject({ id: z.string(), locale: z.string() }),
  source: z.json(),
  task,
  createdAt: z.number(),
});

/** What an inference job made. */
export const result: z.ZodType<{ readonly artefact: ArtefactInfo; readonly seconds: number }> = z.object({
  artefact: artefactInfo,
  seconds: z.number(),
});

/** What an intake or delivery job carries. */
export const requestJob: z.ZodType<{ readonly request: string }> = z.object({ request: z.string() });

/** What an inference job carries. */
export const inferenceJob: z.ZodType<{ readonly source: ArtefactInfo; readonly task: Task }> = z.object({
  source: artefactInfo,
  task,
});
