import { type Client, Events, GatewayCloseCodes } from 'discord.js';
import { ImpastoError } from '../../errors.ts';
import { redacted, troubleOf } from './api-errors.ts';

/** Closes after which Discord does not let the bot in again, and what is to be done. */
const closes: Readonly<Record<number, { readonly code: string; readonly sentence: string }>> = {
  [GatewayCloseCodes.AuthenticationFailed]: {
    code: 'discord-token-refused',
    sentence: 'Discord refuses the bot’s token. Set DISCORD_TOKEN to the one of its application.',
  },
  [GatewayCloseCodes.DisallowedIntents]: {
    code: 'discord-intents-disallowed',
    sentence:
      'Discord does not allow the bot the intents that it asks for (4014). Switch on “Message Content Intent” under ' +
      'Bot → Privileged Gateway Intents in the developer portal, or start it again once it is off there for good.',
  },
  [GatewayCloseCodes.InvalidIntents]: {
    code: 'discord-intents-invalid',
    sentence: 'Discord does not know the intents that the bot asks for (4013).',
  },
  [GatewayCloseCodes.ShardingRequired]: {
    code: 'discord-sharding-required',
    sentence: 'The bot is in too many servers for one connection (4011). Set DISCORD_SHARDS to auto.',
  },
  [GatewayCloseCodes.InvalidShard]: {
    code: 'discord-shard-invalid',
    sentence: 'Discord does not take this shard’s number (4010). Set DISCORD_SHARDS to auto.',
  },
};

/** The error that a close stands for. */
export function closeError(code: number): ImpastoError {
  const known = closes[code];
  return new ImpastoError({
    code: known?.code ?? 'discord-closed',
    userMessage: known?.sentence ?? `Discord closed the connection for good (${code}).`,
    report: true,
    data: { close: code },
  });
}

/**
 * Connect to the gateway; settles once events arrive.
 * @throws ImpastoError that names what is wrong: token, intents, shards, or that Discord cannot be reached in `loginMs`
 */
export async function login(client: Client, token: string, loginMs: number): Promise<void> {
  const outcome = new AbortController();
  const { signal } = outcome;
  const late = setTimeout(() => outcome.abort(away(new Error('not ready in time'))), loginMs);
  const onClose = ({ code }: { readonly code: number }): void => outcome.abort(closeError(code));
  const ready = new Promise<void>((settle) => {
    client.once(Events.ClientReady, () => settle());
  });
  const failed = new Promise<never>((_, fail) => {
    signal.addEventListener('abort', () => fail(signal.reason), { once: true });
  });
  client.once(Events.ShardDisconnect, onClose);
  client.login(token).catch((error: unknown) => {
    // The close that it broke off for says more, and is told a moment later.
    setImmediate(() => outcome.abort(loginError(error)));
  });
  try {
    await Promise.race([ready, failed]);
  } finally {
    clearTimeout(late);
    client.off(Events.ShardDisconnect, onClose);
  }
}

function loginError(error: unknown): ImpastoError {
  if (error instanceof Error && 'code' in error && error.code === 'TokenInvalid') {
    return closeError(GatewayCloseCodes.AuthenticationFailed);
  }
  const trouble = troubleOf(error);
  return trouble.code === 'discord-away' ? away(error) : trouble;
}

function away(error: unknown): ImpastoError {
  return new ImpastoError({
    code: 'discord-away',
    userMessage: 'Discord cannot be reached. Check the network, and https://discordstatus.com.',
    retryable: true,
    report: true,
    cause: new Error(error instanceof Error ? redacted(error.message) : 'unknown'),
  });
}
