import { outcome as outcomeFormat, partOutcome, queuedRequest, requestState, source } from './formats.ts';
import {
  isFinal,
  type Outcome,
  type PartOutcome,
  type Progress,
  type QueuedRequest,
  type Source,
} from './request.ts';

/** One picture of a request, as far as it has come. */
export interface StoredPart {
  /** Undefined where intake found no picture. */
  readonly source: Source | undefined;
  /** The inference job it waits or waited for. */
  readonly job: string | undefined;
  /** Decided once. */
  readonly outcome: PartOutcome | undefined;
}

/** A request and how it stands. */
export interface StoredRecord {
  readonly request: QueuedRequest;
  readonly progress: Progress;
  /** As intake found them; empty before that. */
  readonly parts: readonly StoredPart[];
  /** Decided once; what delivery has said or has yet to say. */
  readonly outcome: Outcome | undefined;
  /** Nothing remains to be done. */
  readonly final: boolean;
}

/** @param fields of the record's hash (`scripts.ts`); undefined where there is none, or none any more */
export function toRecord(fields: Readonly<Record<string, string>>): StoredRecord | undefined {
  if (fields.request === undefined) return undefined;
  const request = queuedRequest.parse(JSON.parse(fields.request));
  const state = requestState.parse(fields.state);
  return {
    request,
    progress: {
      request: request.id,
      platform: request.platform,
      state,
      ...(fields.before === undefined ? {} : { before: Number(fields.before) }),
      ...(fields.seconds === undefined ? {} : { seconds: Number(fields.seconds) }),
      ...(fields.fraction === undefined ? {} : { fraction: Number(fields.fraction) }),
    },
    parts: Array.from({ length: Number(fields.count ?? 0) }, (_, i) => ({
      source: parsed(source, fields[`source:${i}`]),
      job: fields[`job:${i}`],
      outcome: parsed(partOutcome, fields[`part:${i}`]),
    })),
    outcome: parsed(outcomeFormat, fields.outcome),
    final: isFinal(state),
  };
}

/** The sources of the parts that still wait, by their inference jobs. */
export function waitingParts({ parts }: StoredRecord): ReadonlyMap<string, Source> {
  const waiting = new Map<string, Source>();
  for (const { source, job, outcome } of parts) {
    if (source !== undefined && job !== undefined && outcome === undefined) waiting.set(job, source);
  }
  return waiting;
}

/** A stored request as its adapter submitted it: `submit` takes nothing that JSON would change. */
export function asSubmitted<R extends QueuedRequest>(request: QueuedRequest): R {
  // The platform's own fields are known to the adapter alone, which reads back what it wrote.
  return request as R;
}

function parsed<T>(format: { parse(value: unknown): T }, text: string | undefined): T | undefined {
  return text === undefined ? undefined : format.parse(JSON.parse(text));
}
