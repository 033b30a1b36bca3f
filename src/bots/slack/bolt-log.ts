import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../../queue/log.ts';

/** Slack's tokens: bots', people's, apps' and configurations', in whatever text they stand. */
const TOKENS = /\bx(?:ox[a-z]|app|oxe\.xox[bp])-[\w-]+/g;

/** Where an interaction may be answered; whoever has the address may answer. */
const RESPONSE_URLS = /(https?:\/\/[^\s"']*\/(?:commands|actions|response)\/)[^\s"']+/g;

/** A text without what nobody may read. */
export function redacted(text: string): string {
  return text.replace(TOKENS, 'x…').replace(RESPONSE_URLS, '$1…');
}

/**
 * What bolt and its clients have to say, in the program's log: warnings and errors alone, for the rest may hold events
 * whole.
 */
export function boltLog(log: Log): Logger {
  const text = (parts: readonly unknown[]): string =>
    redacted(parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' '));
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts) => log.warn({ bolt: text(parts) }, 'Slack’s library warns'),
    error: (...parts) => log.error({ bolt: text(parts) }, 'Slack’s library reports an error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}

/** The same of a client: what it calls an error is thrown by the call too, and seen to there. */
export function clientLog(log: Log): Logger {
  const whole = boltLog(log);
  return { ...whole, error: whole.warn };
}
