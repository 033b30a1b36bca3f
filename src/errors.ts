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
  /**
   * What people in a chat are told; true for `userMessage` itself. Left out, it is `userMessage` too, unless the
   * error is reported: that sentence is for whoever runs the program, so people hear a general one instead.
   */
  readonly publicMessage?: string | true | undefined;
  readonly data?: ErrorData;
  readonly cause?: unknown;
}

/**
 * The one error base. The command line shows `userMessage`, adapters `publicMessage`; logs get all of it.
 * An error of any other class is a defect, and is shown to nobody but the log.
 */
export class ImpastoError extends Error {
  override readonly name: string = 'ImpastoError';
  readonly code: string;
  readonly userMessage: string;
  readonly retryable: boolean;
  readonly report: boolean;
  /** The sentence for people in a chat; undefined where this error is none of their business. */
  readonly publicMessage: string | undefined;
  readonly data: ErrorData;

  constructor(init: ImpastoErrorInit) {
    super(`${init.code}: ${init.userMessage}`, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.userMessage = init.userMessage;
    this.retryable = init.retryable ?? false;
    this.report = init.report ?? false;
    const shown = init.publicMessage ?? (this.report ? undefined : true);
    this.publicMessage = shown === true ? init.userMessage : shown;
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
