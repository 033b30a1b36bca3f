import type { AsyncLocalStorage } from 'node:async_hooks';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Mask } from './mask.ts';

/** What every line says that is written while something is done: which request it is done for. */
export type Scope = AsyncLocalStorage<Readonly<Record<string, unknown>>>;

/** How the log is kept. */
export interface LogOptions {
  readonly level: string;
  /** Takes secrets out of whole lines, wherever they stand in them. */
  readonly mask: Mask;
  readonly scope: Scope;
  /** Where lines go; stderr where it is left out. */
  readonly destination?: DestinationStream;
}

/** Names under which libraries keep what nobody may read. */
const secretNames = [
  'token',
  'botToken',
  'appToken',
  'access_token',
  'accessToken',
  'refresh_token',
  'authorization',
  'Authorization',
  'cookie',
  'password',
  'secret',
  'signingSecret',
  'clientSecret',
];

/** Lines of JSON, for whoever runs the program. Secrets are taken out by their names, by their values and by their looks. */
export function createLog({ level, mask, scope, destination }: LogOptions): Logger {
  const paths = secretNames.flatMap((name) =>
    ['', '*.', '*.*.', '*.*.*.'].map((before) => `${before}${name}`),
  );
  return pino(
    {
      level,
      base: { pid: process.pid },
      redact: { paths, censor: '…' },
      mixin: () => ({ ...scope.getStore() }),
      hooks: { streamWrite: mask },
    },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );
}
