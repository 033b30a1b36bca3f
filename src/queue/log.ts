/** What the queue needs of a log: a pino logger is one. */
export interface Log {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** For a connection whose troubles are told by somebody else. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
