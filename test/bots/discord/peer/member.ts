import type { APIGuildMember } from 'discord-api-types/v10';
import { iso } from './view.ts';
import { type GuildRecord, must, type World } from './world.ts';

/** Discord says 0 where no flag is set, for which the types have no name. */
export type MemberView = Omit<APIGuildMember, 'flags'> & { readonly flags: number };

/** A member of a server as Discord shows it; somebody who has left it has no roles. */
export function memberView(world: World, guild: GuildRecord, userId: string): MemberView {
  const member = guild.members.get(userId);
  return {
    user: must(world.users.get(userId), `user ${userId}`).api,
    nick: member?.nick ?? null,
    avatar: null,
    banner: null,
    roles: [...(member?.roles ?? [])],
    joined_at: member?.joinedAt ?? iso(0),
    premium_since: null,
    communication_disabled_until: null,
    deaf: false,
    mute: false,
    pending: false,
    flags: 0,
  };
}
