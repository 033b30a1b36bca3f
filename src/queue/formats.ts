import { z } from 'zod';
import type {
  ArtefactInfo,
  FailureOutcome,
  Outcome,
  PartOutcome,
  PictureOutcome,
  Progress,
  QueuedRequest,
  RequestState,
  Source,
  Task,
} from './request.ts';

/*
 * What is read back from Redis was written by another process, perhaps of another version: it is checked here.
 */

const artefactFields = {
  hash: z.string(),
  contentType: z.string(),
  bytes: z.number(),
  width: z.number(),
  height: z.number(),
  frames: z.number().exactOptional(),
};

export const artefactInfo: z.ZodType<ArtefactInfo> = z.object(artefactFields);

export const source: z.ZodType<Source> = z.object({
  ...artefactFields,
  alt: z.string().exactOptional(),
  spoiler: z.boolean().exactOptional(),
});

const picture: z.ZodType<PictureOutcome> = z.object({
  kind: z.literal('picture'),
  artefact: artefactInfo,
  source,
  seconds: z.number(),
});

const failure: z.ZodType<FailureOutcome> = z.object({
  kind: z.literal('failure'),
  code: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  userMessage: z.string(),
  incident: z.string(),
});

export const partOutcome: z.ZodType<PartOutcome> = z.union([picture, failure]);

export const outcome: z.ZodType<Outcome> = z.union([
  z.object({ kind: z.literal('pictures'), parts: z.array(partOutcome) }),
  failure,
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
  'unposted',
]);

export const progress: z.ZodType<Progress> = z.object({
  request: z.string(),
  platform: z.string(),
  state: requestState,
  before: z.number().exactOptional(),
  seconds: z.number().exactOptional(),
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
  server: z.string().exactOptional(),
  source: z.json(),
  task,
  createdAt: z.number(),
  trace: z.string().exactOptional(),
});

/** What an inference job made. */
export const result: z.ZodType<Omit<PictureOutcome, 'kind' | 'source'>> = z.object({
  artefact: artefactInfo,
  seconds: z.number(),
});

/** What an intake or delivery job carries. */
export const requestJob: z.ZodType<{ readonly request: string }> = z.object({ request: z.string() });

/** What an inference job carries. */
export const inferenceJob: z.ZodType<{
  readonly source: ArtefactInfo;
  readonly task: Task;
  readonly trace?: string;
}> = z.object({
  source: artefactInfo,
  task,
  trace: z.string().exactOptional(),
});
