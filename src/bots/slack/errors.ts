import { webApi } from '@slack/bolt';
import { type ErrorData, ImpastoError, type ImpastoErrorInit } from '../../errors.ts';

type Meaning = Omit<ImpastoErrorInit, 'data' | 'cause'>;

const AWAY: Meaning = {
  code: 'slack-away',
  userMessage: 'Slack does not answer just now. Try again in a moment.',
  retryable: true,
};
const NOT_IN_CHANNEL: Meaning = {
  code: 'not-in-channel',
  userMessage: 'I am not in this channel. Invite me with /invite, then ask again.',
};
const CHANNEL_CLOSED: Meaning = {
  code: 'slack-channel-closed',
  userMessage: 'Nothing can be posted in this channel.',
};
const MESSAGE_GONE: Meaning = { code: 'slack-message-gone', userMessage: 'The message is no longer there.' };
const TRIGGER_EXPIRED: Meaning = {
  code: 'slack-trigger-expired',
  userMessage: 'That took me too long to open. Please ask once more.',
};
const VIEW_CHANGED: Meaning = {
  code: 'slack-view-changed',
  userMessage: 'This form was changed or closed meanwhile.',
};
const USER_UNKNOWN: Meaning = {
  code: 'slack-user-unknown',
  userMessage: 'Slack tells me nothing of this person.',
};
const FILE_GONE: Meaning = {
  code: 'picture-link-expired',
  userMessage: 'The picture was deleted, or I may not see it. Please send it again.',
};
const BLOCKS_REFUSED: Meaning = {
  code: 'slack-blocks-refused',
  userMessage: 'Slack will not show this message.',
  report: true,
};
const TOKEN_REFUSED: Meaning = {
  code: 'slack-token-refused',
  userMessage:
    'Slack no longer takes this token: the app was removed from the workspace, or its token revoked.',
  report: true,
};
const SCOPES_MISSING: Meaning = {
  code: 'scopes-missing',
  userMessage: 'I may not do that in this workspace. Whoever installed me should grant what is missing.',
  report: true,
  publicMessage: true,
};
const UPLOADS_FORBIDDEN: Meaning = {
  code: 'slack-uploads-forbidden',
  userMessage: 'This workspace takes no more files, or none from apps. Ask those who manage it.',
};
const REFUSED: Meaning = { code: 'slack-refused', userMessage: 'Slack has refused that.', report: true };

/** What Slack's error names mean for us; whatever is not listed is a refusal that nobody foresaw. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ['missing_scope', SCOPES_MISSING],
  ['not_in_channel', NOT_IN_CHANNEL],
  ['channel_not_found', NOT_IN_CHANNEL],
  ['user_not_in_channel', NOT_IN_CHANNEL],
  ['is_archived', CHANNEL_CLOSED],
  ['restricted_action', CHANNEL_CLOSED],
  ['restricted_action_read_only_channel', CHANNEL_CLOSED],
  ['restricted_action_thread_only_channel', CHANNEL_CLOSED],
  ['restricted_action_non_threadable_channel', CHANNEL_CLOSED],
  ['restricted_action_thread_locked', CHANNEL_CLOSED],
  ['cannot_reply_to_message', CHANNEL_CLOSED],
  ['thread_not_found', MESSAGE_GONE],
  ['message_not_found', MESSAGE_GONE],
  ['cant_update_message', MESSAGE_GONE],
  ['edit_window_closed', MESSAGE_GONE],
  ['cant_delete_message', MESSAGE_GONE],
  ['expired_trigger_id', TRIGGER_EXPIRED],
  ['trigger_expired', TRIGGER_EXPIRED],
  ['invalid_trigger_id', TRIGGER_EXPIRED],
  ['exchanged_trigger_id', TRIGGER_EXPIRED],
  ['trigger_exchanged', TRIGGER_EXPIRED],
  ['hash_conflict', VIEW_CHANGED],
  ['not_found', VIEW_CHANGED],
  ['view_not_found', VIEW_CHANGED],
  ['user_not_found', USER_UNKNOWN],
  ['user_not_visible', USER_UNKNOWN],
  ['file_not_found', FILE_GONE],
  ['file_deleted', FILE_GONE],
  ['file_uploads_disabled', UPLOADS_FORBIDDEN],
  ['file_uploads_except_images_disabled', UPLOADS_FORBIDDEN],
  ['file_upload_size_restricted', UPLOADS_FORBIDDEN],
  ['storage_limit_reached', UPLOADS_FORBIDDEN],
  ['storage_limit_reached_error', UPLOADS_FORBIDDEN],
  ['invalid_blocks', BLOCKS_REFUSED],
  ['invalid_blocks_format', BLOCKS_REFUSED],
  ['account_inactive', TOKEN_REFUSED],
  ['token_revoked', TOKEN_REFUSED],
  ['token_expired', TOKEN_REFUSED],
  ['invalid_auth', TOKEN_REFUSED],
  ['not_authed', TOKEN_REFUSED],
  ['internal_error', AWAY],
  ['fatal_error', AWAY],
  ['service_unavailable', AWAY],
  ['request_timeout', AWAY],
  ['team_added_to_org', AWAY],
  ['ratelimited', AWAY],
  ['rate_limited', AWAY],
]);

/**
 * Await a call of the Web API; what it throws is an ImpastoError.
 * @throws ImpastoError `slack-rate-limited`, `slack-away` (both retryable), `scopes-missing`, `not-in-channel`,
 * `slack-channel-closed`, `slack-user-unknown`, `slack-message-gone`, `slack-trigger-expired`, `slack-view-changed`, `picture-link-expired`,
 * `slack-uploads-forbidden`, `slack-blocks-refused`, `slack-token-refused`, `slack-refused`
 */
export async function calling<T>(method: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw meaningOf(error, method);
  }
}

/** Slack wants to be left alone for a while: retryable then. */
export function rateLimited(method: string, retryAfterMs: number, cause?: unknown): ImpastoError {
  return new ImpastoError({ ...AWAY, code: 'slack-rate-limited', data: { method, retryAfterMs }, cause });
}

/** True for an error of that code. */
export function isCoded(error: unknown, ...codes: readonly string[]): error is ImpastoError {
  return error instanceof ImpastoError && codes.includes(error.code);
}

/** Slack's word for why it does not take a token; undefined for any other error. */
export function tokenRefusal(error: unknown): string | undefined {
  if (!(error instanceof webApi.WebAPIPlatformError)) return undefined;
  const name = error.data.error;
  return MEANINGS.get(name) === TOKEN_REFUSED ? name : undefined;
}

function meaningOf(error: unknown, method: string): unknown {
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return rateLimited(method, error.retryAfter * 1000, error);
  }
  if (error instanceof webApi.WebAPIRequestError) {
    return new ImpastoError({ ...AWAY, data: { method }, cause: error });
  }
  if (error instanceof webApi.WebAPIHTTPError) {
    const meaning = error.statusCode >= 500 ? AWAY : REFUSED;
    return new ImpastoError({ ...meaning, data: { method, status: error.statusCode }, cause: error });
  }
  if (error instanceof webApi.WebAPIPlatformError) return platformError(error, method);
  return error;
}

function platformError(error: webApi.WebAPIPlatformError, method: string): ImpastoError {
  const { data: result } = error;
  const name = result.error;
  const data: ErrorData = {
    method,
    slack: name,
    ...('needed' in result && typeof result.needed === 'string' ? { scopes: result.needed } : {}),
    ...details(result),
  };
  return new ImpastoError({ ...(MEANINGS.get(name) ?? REFUSED), data, cause: error });
}

/** What Slack says of arguments that it will not have: for the log. */
function details({ response_metadata }: webApi.WebAPICallResult): ErrorData {
  const messages = response_metadata?.messages ?? [];
  return messages.length === 0 ? {} : { details: messages.join('; ').slice(0, 500) };
}
