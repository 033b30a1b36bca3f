import { z } from 'zod';
import type { ErrorData } from '../../errors.ts';
import { ImpastoError, UserError } from '../../errors.ts';
import type { DecodeLimits } from '../../images/limits.ts';
import type { RecodeFormat } from '../../images/recode.ts';
import type { PaintJob } from '../../inference/paint-bytes.ts';
import type { PrecisionChoice, ProviderChoice } from '../../inference/providers.ts';
import type { Placement } from '../../inference/self-test.ts';
import type { ArtefactInfo, Task } from '../../queue/request.ts';

/** What a child process must know of the settings; it is given no others. */
export interface ChildSetup {
  readonly models: string;
  readonly provider: ProviderChoice;
  readonly precision: PrecisionChoice;
  readonly providerFallback: boolean;
  readonly threads: number;
  readonly workingSize: number;
  readonly upscaleMegapixels: number;
  readonly limits: Partial<DecodeLimits>;
  /** Where artefacts are; left out where pictures come and go by themselves. */
  readonly artefacts?: {
    readonly url: string;
    readonly ttlSeconds: number;
    readonly budgetBytes: number;
  };
}

/** The variable by which a child is given its setup: unlike arguments, other users can't read it. */
export const SETUP_VARIABLE = 'IMPASTO_CHILD_SETUP';

/** What a child can be asked to do, and what it answers. */
export interface ChildTasks {
  paint: { readonly bytes: Uint8Array; readonly job: PaintJob };
  paintArtefact: { readonly source: ArtefactInfo; readonly task: Task };
  inspect: { readonly bytes: Uint8Array };
  recode: {
    readonly bytes: Uint8Array;
    readonly limit: number;
    readonly formats: readonly RecodeFormat[];
  };
  tryProvider: Readonly<Record<string, never>>;
}

/** What a child says while it works, or of itself. */
export type ChildNews =
  | { readonly kind: 'progress'; readonly fraction: number }
  | { readonly kind: 'fallback'; readonly userMessage: string }
  | ({ readonly kind: 'placed' } & Placement);

/** An answer, with what tells the parent when to replace the child. */
export interface ChildAnswer<T> {
  readonly value: T;
  readonly residentBytes: number;
  readonly jobs: number;
}

const thrown = z.object({
  name: z.enum(['ImpastoError', 'UserError']),
  code: z.string(),
  userMessage: z.string(),
  retryable: z.boolean(),
  report: z.boolean(),
  publicMessage: z.string().optional(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  stack: z.string().optional(),
});

/** An error as it came out of a child, where only its fields survive, as what it was; a defect as an Error. */
export function revive(error: unknown): unknown {
  const parsed = thrown.safeParse(error);
  if (!parsed.success) return defect(error);
  const { name, stack, ...init } = parsed.data;
  const cause = stack === undefined ? undefined : new Error(`in a child process: ${stack}`);
  const data: ErrorData = init.data;
  return name === 'UserError'
    ? new UserError(init.code, init.userMessage, { data, cause })
    : new ImpastoError({ ...init, data, cause });
}

const plain = z.object({ message: z.string(), stack: z.string().optional() });

function defect(error: unknown): Error {
  const parsed = plain.safeParse(error);
  if (!parsed.success) return new Error(`a child process failed: ${String(error)}`);
  const revived = new Error(parsed.data.message);
  if (parsed.data.stack !== undefined) revived.stack = parsed.data.stack;
  return revived;
}
