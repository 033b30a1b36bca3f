import { type ErrorData, type ImpastoError, UserError } from '../../errors.ts';
import type { Outcome } from '../../queue/request.ts';
import type { Messages } from './messages.ts';
import type { FailureCode } from './topics/failures.ts';

/** What is told of one failure. */
export type Failure = Extract<Outcome, { kind: 'failure' }>;

/** How a moment is written: on Discord `<t:…:t>`, on Slack `<!date^…>`. Given milliseconds since the epoch. */
export type WriteMoment = (ms: number) => string;

/**
 * A mistake by its code, with its sentence in one language. Whoever catches it can say it in another by `sentenceOf`.
 * @param data fills the sentence's placeholders
 */
export function refuse(
  messages: Messages,
  code: FailureCode,
  data: ErrorData = {},
  cause?: unknown,
): UserError {
  const sentence = fill(messages.failures[code], data, utc) ?? messages.failures[code];
  return new UserError(code, sentence, { data, ...(cause === undefined ? {} : { cause }) });
}

/**
 * What an error says to people in a language; its own public sentence where no language has one for its code, as
 * with what commands throw, which is in the person's language already. Undefined where it is none of their business.
 */
export function sentenceOf(
  error: ImpastoError,
  messages: Messages,
  moment: WriteMoment = utc,
): string | undefined {
  if (error.publicMessage === undefined) return undefined;
  return byCode(error.code, error.data, messages, moment) ?? error.publicMessage;
}

/** What is said of a request, or of one of its pictures, that failed: without the id, for where that stands apart. */
export function failureSentence(failure: Failure, messages: Messages, moment: WriteMoment = utc): string {
  const { code, data, userMessage, incident } = failure;
  return byCode(code, { ...data, incident }, messages, moment) ?? userMessage;
}

/** The sentence, and an id for the log. */
export function failureText(failure: Failure, messages: Messages, moment: WriteMoment = utc): string {
  const { incident } = failure;
  const sentence = failureSentence(failure, messages, moment);
  // The sentence for what nobody foresaw names the incident by itself.
  return sentence.includes(incident) ? sentence : messages.failed({ sentence, incident });
}

function byCode(code: string, data: ErrorData, messages: Messages, moment: WriteMoment): string | undefined {
  const sentences: Readonly<Record<string, string>> = messages.failures;
  const sentence = Object.hasOwn(sentences, code) ? sentences[code] : undefined;
  return sentence === undefined ? undefined : fill(sentence, data, moment);
}

/** Undefined where the data does not hold what the sentence needs. */
function fill(sentence: string, data: ErrorData, moment: WriteMoment): string | undefined {
  let whole = true;
  const filled = sentence.replace(/\{(\w+)(?::(\w+))?\}/g, (_, name: string, kind: string | undefined) => {
    const value = Object.hasOwn(data, name) ? data[name] : undefined;
    if (value === undefined) whole = false;
    return value === undefined ? '' : written(value, kind, moment);
  });
  return whole ? filled : undefined;
}

function written(value: string | number | boolean, kind: string | undefined, moment: WriteMoment): string {
  switch (kind) {
    case 'megabytes':
      return String(Math.floor(Number(value) / 1024 ** 2));
    case 'megapixels':
      return String(Math.floor(Number(value) / 1e6));
    case 'when':
      return moment(Number(value));
    default:
      return String(value);
  }
}

/** `14:05 UTC`, for where no platform tells people their own time. */
function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 16)} UTC`;
}
