import { en } from '../../src/commands/messages/en.ts';
import { sentenceOf } from '../../src/commands/messages/failures.ts';
import type { Messages } from '../../src/commands/messages/messages.ts';
import { zhHant } from '../../src/commands/messages/zh-hant.ts';
import { UserError } from '../../src/errors.ts';
import type { PaintJob } from '../../src/inference/paint-bytes.ts';

/** What somebody hears whose input was refused. */
export interface Refusal {
  readonly code: string;
  readonly english: string;
  readonly chinese: string;
}

/** What inputs are tried on, where it must be begun and ended. */
export interface Stage {
  /** Paint by tiny networks: the style `waves`, and `x4` and `x8`. */
  paint(bytes: Buffer, job: PaintJob): Promise<unknown>;
  /** Fetch from a host that answers so. */
  fetched(answer: HostAnswer): Promise<unknown>;
  /** Ask the playground over HTTP, once in each language. */
  visited(asked: Visit): Promise<Refusal>;
}

export interface HostAnswer {
  readonly status: number;
  readonly location?: string;
  readonly bytes?: number;
}

export interface Visit {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | FormData;
  /** A visitor who comes without what the page has given them. */
  readonly stranger?: true;
}

/** One thing that somebody may send, and what they read then. */
export interface BadInput {
  readonly input: string;
  readonly code: string;
  readonly reads: string;
  readonly refused: (stage: Stage) => Promise<Refusal>;
}

/** Inputs of one kind. */
export interface Topic {
  readonly title: string;
  readonly about: string;
  readonly inputs: readonly BadInput[];
  /** True for what only whoever runs the program reads. */
  readonly inEnglishOnly?: true;
}

/** What is said where work is refused. @throws Error where it is not */
export async function refusalOf(work: () => unknown): Promise<Refusal> {
  const error = await errorOf(work);
  return { code: error.code, english: said(error, en), chinese: said(error, zhHant) };
}

/** The same of what answers in the person's own language from the beginning. */
export async function refusalIn(work: (messages: Messages) => unknown): Promise<Refusal> {
  const [english, chinese] = [await errorOf(() => work(en)), await errorOf(() => work(zhHant))];
  return { code: english.code, english: said(english, en), chinese: said(chinese, zhHant) };
}

function said(error: UserError, messages: Messages): string {
  return sentenceOf(error, messages) ?? '';
}

async function errorOf(work: () => unknown): Promise<UserError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was taken');
}
