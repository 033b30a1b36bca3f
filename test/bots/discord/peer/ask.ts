import {
  type APIMessageComponentInteractionMetadata,
  type APIMessageInteractionMetadata,
  ChannelType,
  InteractionContextType,
  InteractionType,
  type MessageType,
  PermissionFlagsBits,
} from 'discord-api-types/v10';
import { type Asked, toAsked } from './asked.ts';
import type { Gateway } from './gateway.ts';
import { interactionToken } from './ids.ts';
import type { Interactions } from './interactions.ts';
import { memberView } from './member.ts';
import { channelView } from './news.ts';
import { ALL_PERMISSIONS, bits, permissionsIn } from './permissions.ts';
import { type ChannelRecord, type Kept, must, type UserRecord, type World } from './world.ts';

/** How a person asks, where it is not the usual way. */
export interface How {
  readonly locale?: string;
  /** The largest file that an answer may hold, in bytes. */
  readonly uploadLimit?: number;
}

/** Who made the application available here: server (0) or person (1), with their ids. */
export type Owners = Readonly<Partial<Record<0 | 1, string>>>;

/** An interaction to be sent. */
export interface Question {
  readonly kind: InteractionType;
  readonly user: UserRecord;
  readonly channel: ChannelRecord;
  readonly data: object;
  readonly owners: Owners;
  readonly messageType: MessageType;
  /** The message that was pressed. */
  readonly source?: Kept | undefined;
  readonly how: How;
}

export interface AskOptions {
  readonly world: World;
  readonly gateway: () => Gateway;
  readonly interactions: Interactions;
  readonly acknowledgeMs: number;
  readonly uploadLimit: (channel: ChannelRecord) => number;
  readonly show: (kept: Kept) => object;
}

/** Where something is asked, in Discord's own number. */
export function contextOf(world: World, { guildId, type, recipient }: ChannelRecord): InteractionContextType {
  if (guildId !== null) return InteractionContextType.Guild;
  return type === ChannelType.DM && recipient !== undefined && world.users.has(recipient)
    ? InteractionContextType.BotDM
    : InteractionContextType.PrivateChannel;
}

/** Sends an interaction to the bot. */
export function ask(options: AskOptions, question: Question): Asked {
  const { world, gateway, interactions, acknowledgeMs } = options;
  const { kind, user, channel, data, owners, source, how } = question;
  const id = world.ids.next();
  const token = interactionToken(id);
  const guild = channel.guildId === null ? undefined : must(world.guilds.get(channel.guildId), 'guild');
  if (guild !== undefined && !guild.members.has(user.api.id)) {
    throw new Error(`${user.api.username} is no member of ${guild.name}`);
  }
  const uploadLimit = how.uploadLimit ?? options.uploadLimit(channel);
  const allowed = permissionsIn(world, channel, user.api.id);
  const byGuild = owners[0] !== undefined;
  const metadata = metadataOf(id, question);
  const interaction = {
    id,
    token,
    kind,
    userId: user.api.id,
    channel,
    uploadLimit,
    at: Date.now(),
    messageType: question.messageType,
    metadata,
    source,
    hidden: guild !== undefined && !byGuild && (allowed & PermissionFlagsBits.UseExternalApps) === 0n,
    followUps: guild?.installed === false ? 5 : Number.POSITIVE_INFINITY,
    answers: [],
    expired: false,
  };
  interactions.add(interaction);
  gateway().dispatch({
    event: 'INTERACTION_CREATE',
    guildId: guild?.installed === true ? guild.id : null,
    data: () => ({
      id,
      application_id: world.botId,
      type: kind,
      data,
      token,
      version: 1,
      channel_id: channel.id,
      channel: { ...channelView(world, channel), permissions: String(allowed) },
      ...(guild === undefined
        ? { user: user.api }
        : {
            guild_id: guild.id,
            guild: { id: guild.id, locale: guild.locale, features: [] },
            guild_locale: guild.locale,
            member: { ...memberView(world, guild, user.api.id), permissions: String(allowed) },
          }),
      ...(source === undefined ? {} : { message: options.show(source) }),
      app_permissions: String(appPermissions(world, channel)),
      locale: how.locale ?? user.locale,
      entitlements: [],
      authorizing_integration_owners: owners,
      context: contextOf(world, channel),
      attachment_size_limit: uploadLimit,
    }),
  });
  return toAsked({ world, interaction, acknowledgeMs });
}

function metadataOf(id: string, { kind, user, owners, source }: Question): APIMessageInteractionMetadata {
  const common = { id, user: user.api, authorizing_integration_owners: owners };
  if (source === undefined) return { ...common, type: InteractionType.ApplicationCommand };
  const pressed: APIMessageComponentInteractionMetadata = {
    ...common,
    type: InteractionType.MessageComponent,
    interacted_message_id: source.id,
  };
  if (kind !== InteractionType.ModalSubmit) return pressed;
  return { ...common, type: InteractionType.ModalSubmit, triggering_interaction_metadata: pressed };
}

/** What the application may do by answering: what the bot may where it is a member, else what everybody's apps may. */
function appPermissions(world: World, channel: ChannelRecord): bigint {
  const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
  if (guild?.installed === true) return permissionsIn(world, channel, world.botId);
  if (guild === undefined)
    return ALL_PERMISSIONS & bits(['AttachFiles', 'EmbedLinks', 'SendMessages', 'ViewChannel']);
  return bits(['AttachFiles', 'EmbedLinks', 'UseExternalEmojis']);
}
