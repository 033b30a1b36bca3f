import {
  ApplicationIntegrationType,
  type BaseInteraction,
  InteractionContextType,
  PermissionFlagsBits,
  type RepliableInteraction,
} from 'discord.js';
import { messagesFor } from '../../commands/messages/language.ts';
import type { Messages } from '../../commands/messages/messages.ts';
import type { Json } from '../../queue/request.ts';
import type { Parents } from './parents.ts';
import { requirePermissions } from './permissions.ts';
import { placeJson } from './place.ts';
import type { Where } from './source.ts';
import { DEFAULT_LIMIT } from './upload.ts';

/** Who asks, and where: what every interaction tells alike. */
export interface Here {
  readonly person: { readonly id: string; readonly locale: string };
  readonly messages: Messages;
  readonly server: string | undefined;
  /** Channel or thread. */
  readonly channel: string;
  /** The channel whose settings count: of a thread, its parent. @throws ImpastoError where Discord is away */
  settled(): Promise<string>;
  /** May change the server's settings. */
  readonly manages: boolean;
  /** May remove what others posted. */
  readonly moderates: boolean;
  /** Whether the bot may be able to look at messages here: not where only the person has installed it. */
  readonly reads: boolean;
  /** A request's place, as the queue seals it. */
  place(seconds: number): Json;
  where(reply?: string): Where;
  /** @throws UserError `permissions-missing` where the server lacks to give what answering takes */
  requirePermissions(reads: boolean): Promise<void>;
}

/** @param interaction any that can be answered */
export function hereOf(
  interaction: BaseInteraction & Pick<RepliableInteraction, 'applicationId'>,
  parents: Parents,
): Here {
  const { user, locale, guildId, token, applicationId, memberPermissions, appPermissions } = interaction;
  const messages = messagesFor(locale);
  const channelId = interaction.channelId ?? '';
  const server = guildId ?? undefined;
  const installed =
    interaction.authorizingIntegrationOwners[ApplicationIntegrationType.GuildInstall] !== undefined;
  const withBot = interaction.context === InteractionContextType.BotDM;
  const present = server === undefined ? withBot : installed;
  const moderator = memberPermissions?.has(PermissionFlagsBits.ManageMessages) === true;

  return {
    person: { id: user.id, locale },
    messages,
    server,
    channel: channelId,
    settled: async () => (await parents(channelId, server)) ?? channelId,
    manages: memberPermissions?.has(PermissionFlagsBits.ManageGuild) === true,
    moderates: moderator,
    reads: present,
    place: (seconds) =>
      placeJson({
        application: applicationId,
        token,
        expires: Date.now() + seconds * 1000,
        limit: interaction.attachmentSizeLimit ?? DEFAULT_LIMIT,
        posts: present,
      }),
    where: (reply) => ({
      channel: channelId,
      ...(server === undefined ? {} : { server }),
      ...(reply === undefined ? {} : { reply }),
    }),
    requirePermissions: async (reads) => {
      if (server === undefined) return;
      const thread = (await parents(channelId, server)) !== undefined;
      // Where only the person has installed the bot, it answers by the interaction alone.
      requirePermissions(appPermissions, { thread, reads: reads && installed, posts: installed }, messages);
    },
  };
}
