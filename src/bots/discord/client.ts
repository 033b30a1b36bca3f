import { Client, GatewayIntentBits, Options } from 'discord.js';

/** How the client reaches Discord. */
export interface ClientOptions {
  readonly apiUrl: string;
  readonly cdnUrl: string;
  /** How long one call may take. */
  readonly callMs: number;
  /** Whether Discord shows us what people post; asking for it without leave ends the connection. */
  readonly content: boolean;
}

/** The library's client. It hears commands and emojis only, and keeps no messages. */
export function createClient({ apiUrl, cdnUrl, callMs, content }: ClientOptions): Client {
  return new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessageReactions,
      GatewayIntentBits.DirectMessageReactions,
      ...(content ? [GatewayIntentBits.MessageContent] : []),
    ],
    allowedMentions: { parse: [], repliedUser: false },
    rest: { api: apiUrl, cdn: cdnUrl, timeout: callMs },
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      ReactionManager: 0,
      ReactionUserManager: 0,
      PresenceManager: 0,
      UserManager: 1_000,
      // Each holds its user; our own member is needed to know what we may do.
      GuildMemberManager: { maxSize: 200, keepOverLimit: ({ id, client }) => id === client.user.id },
      GuildBanManager: 0,
      GuildInviteManager: 0,
      GuildEmojiManager: 0,
      GuildStickerManager: 0,
      GuildScheduledEventManager: 0,
      VoiceStateManager: 0,
      StageInstanceManager: 0,
      AutoModerationRuleManager: 0,
    }),
  });
}
