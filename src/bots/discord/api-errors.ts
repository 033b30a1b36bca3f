import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';
import { messagesFor } from '../../commands/messages/language.ts';
import type { FailureCode } from '../../commands/messages/topics/failures.ts';
import { ImpastoError, systemCode } from '../../errors.ts';

/** What whoever runs the program can mend alone: people hear a general sentence instead. */
type ForOperator = 'discord-token-refused' | 'discord-request-refused';

/** What went wrong between us and Discord, as far as it makes a difference to what we do next. */
export type DiscordTrouble = Extract<FailureCode, `discord-${string}`> | ForOperator;

/** Discord's own error codes (JSON error codes in its documentation), and what each means to us. */
const codes: Readonly<Record<number, DiscordTrouble>> = {
  10003: 'discord-place-gone',
  10004: 'discord-place-gone',
  10008: 'discord-message-gone',
  10013: 'discord-place-gone',
  10015: 'discord-interaction-gone',
  10062: 'discord-interaction-gone',
  40005: 'discord-upload-too-large',
  40060: 'discord-interaction-answered',
  50001: 'discord-access-missing',
  50005: 'discord-message-gone',
  50006: 'discord-request-refused',
  50007: 'discord-permission-missing',
  50013: 'discord-permission-missing',
  50027: 'discord-interaction-gone',
  50083: 'discord-place-gone',
  130000: 'discord-busy',
  131000: 'discord-away',
  160002: 'discord-reply-impossible',
  160004: 'discord-thread-exists',
};

/** Where Discord gives no code of its own. */
const statuses: Readonly<Record<number, DiscordTrouble>> = {
  401: 'discord-token-refused',
  403: 'discord-permission-missing',
  404: 'discord-place-gone',
  413: 'discord-upload-too-large',
  429: 'discord-busy',
};

const forOperator: Readonly<Record<ForOperator, string>> = {
  'discord-token-refused':
    'Discord refuses the bot’s token. Set DISCORD_TOKEN to the one of its application.',
  'discord-request-refused': 'Discord refuses what the bot sends.',
};

/** An error of Discord's that is mapped already; its `code` is a `DiscordTrouble`. */
export function isTrouble(error: unknown, ...troubles: readonly DiscordTrouble[]): error is ImpastoError {
  return error instanceof ImpastoError && troubles.some((trouble) => trouble === error.code);
}

/** True for what the library throws of a call to Discord; anything else is a defect of our own, or Redis's trouble. */
export function isLibrarys(error: unknown): boolean {
  return error instanceof DiscordAPIError || error instanceof HTTPError || error instanceof RateLimitError;
}

/**
 * What the library throws, as an error of ours: retryable where the same may succeed later. Neither the error nor
 * its cause holds the address that was asked, for that may hold an interaction's token.
 */
export function troubleOf(error: unknown): ImpastoError {
  if (error instanceof ImpastoError) return error;
  if (error instanceof RateLimitError) {
    return trouble('discord-busy', { retryAfterMs: Math.ceil(error.retryAfter) }, error);
  }
  if (error instanceof DiscordAPIError) {
    const known = codes[Number(error.code)] ?? statusTrouble(error.status);
    return trouble(known, { status: error.status, discord: Number(error.code) }, error);
  }
  if (error instanceof HTTPError)
    return trouble(statusTrouble(error.status), { status: error.status }, error);
  const reason = systemCode(error);
  return trouble('discord-away', reason === undefined ? {} : { reason }, error);
}

function statusTrouble(status: number): DiscordTrouble {
  return status >= 500 ? 'discord-away' : (statuses[status] ?? 'discord-request-refused');
}

function trouble(code: DiscordTrouble, data: ImpastoError['data'], error: unknown): ImpastoError {
  const retryable = code === 'discord-away' || code === 'discord-busy';
  const report = isForOperator(code);
  return new ImpastoError({
    code,
    userMessage: report ? forOperator[code] : messagesFor('en-US').failures[code],
    retryable,
    report,
    data,
    cause: new Error(error instanceof Error ? redacted(`${error.name}: ${error.message}`) : 'unknown'),
  });
}

function isForOperator(code: DiscordTrouble): code is ForOperator {
  return code in forOperator;
}

/** A text without the tokens that Discord's addresses hold, nor anything that looks like a bot's own. */
export function redacted(text: string): string {
  return text
    .replace(/(webhooks\/\d+\/)[^/\s?]+/g, '$1…')
    .replace(/(interactions\/\d+\/)[^/\s?]+/g, '$1…')
    .replace(/[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/g, '…');
}
