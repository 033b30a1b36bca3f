/** JSON-safe facts about an error: for logs, and for translated messages to be filled with. */
export type ErrorData = Readonly<Record<string, string | number | boolean>>;

/** What an error is made of. */
export interface ImpastoErrorInit {
  /** Stable kebab-case identifier; code branches on this, never on text. */
  readonly code: string;
  /** One sentence for a person: what is wrong and what to do. */
  readonly userMessage: string;
  /** True where the same work may succeed later; the queue retries these only. */
  readonly retryable?: boolean;
  /** True where whoever runs the program should hear of it; false for a user's own mistake. */
  readonly report?: boolean;
  readonly data?: ErrorData;
  readonly cause?: unknown;
}

/**
 * The one error base. Adapters and the command line show `userMessage`; logs get the rest.
 * An error of any other class is a defect, and is shown to nobody but the log.
 */
export class ImpastoError extends Error {
  override readonly name: string = 'ImpastoError';
  readonly code: string;
  readonly userMessage: string;
  readonly retryable: boolean;
  readonly report: boolean;
  readonly data: ErrorData;

  constructor(init: ImpastoErrorInit) {
    super(`${init.code}: ${init.userMessage}`, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.userMessage = init.userMessage;
    this.retryable = init.retryable ?? false;
    this.report = init.report ?? false;
    this.data = init.data ?? {};
  }
}

/** A mistake of the person who asks (exit code 2 on the command line): not retried, not reported. */
export class UserError extends ImpastoError {
  override readonly name: string = 'UserError';

  constructor(code: string, userMessage: string, init: { data?: ErrorData; cause?: unknown } = {}) {
    super({ code, userMessage, ...init });
  }
}

/** The operating system's own name of what went wrong, such as `ENOENT`; undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  if (error instanceof ImpastoError || !(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
