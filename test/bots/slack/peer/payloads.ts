import type { Json } from './json.ts';
import type { SeenMessage } from './ledger.ts';
import type { OpenView } from './view-book.ts';
import type { Channel, Member, Workspace } from './workspace.ts';
import type { World } from './world.ts';

/** A person in their workspace, as the payloads of what they do tell of them. */
export interface Actor {
  readonly world: World;
  readonly workspace: Workspace;
  readonly member: Member;
}

/** What each interaction carries. */
export function interaction({ world, workspace, member }: Actor): Json {
  return {
    team: { id: workspace.id, domain: workspace.domain },
    user: { id: member.id, username: member.name, name: member.name, team_id: workspace.id },
    api_app_id: world.app.id,
    token: world.app.verificationToken,
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** The body of a slash command: it can hold no file and tell of no thread. */
export function slashCommand(
  { world, workspace, member }: Actor,
  channel: Channel,
  command: string,
  text: string,
): Json {
  return {
    token: world.app.verificationToken,
    team_id: workspace.id,
    team_domain: workspace.domain,
    channel_id: channel.id,
    channel_name: channel.kind === 'im' ? 'directmessage' : channel.name,
    user_id: member.id,
    user_name: member.name,
    command,
    text,
    api_app_id: world.app.id,
    is_enterprise_install: 'false',
    response_url: world.responseUrls.issue({ workspace, channel, user: member.id, original: undefined }),
    trigger_id: world.triggers.issue(workspace.id, member.id),
  };
}

/** A message as interactions and events tell of it. */
export function messageJson(world: World, message: SeenMessage): Json {
  const workspace = world.workspaces.get(message.team);
  return {
    type: 'message',
    user: message.user,
    team: message.team,
    ts: message.ts,
    text: message.text,
    blocks: message.blocks,
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    ...(message.files.length === 0 ? {} : { files: message.files }),
    ...(message.attachments === undefined ? {} : { attachments: message.attachments }),
    ...(message.byBot ? { bot_id: workspace?.botId, app_id: world.app.id } : {}),
  };
}

/** Where something was pressed: in a message or in a view. */
export function surface(actor: Actor, place: SeenMessage | OpenView): Json {
  const { world, workspace, member } = actor;
  if ('json' in place) {
    return { container: { type: 'view', view_id: place.id }, view: place.json };
  }
  const channel = workspace.channels.get(place.channel);
  if (channel === undefined) throw new Error(`no channel ${place.channel}`);
  const ephemeral = place.ephemeralTo !== undefined;
  return {
    container: {
      type: 'message',
      message_ts: place.ts,
      channel_id: place.channel,
      is_ephemeral: ephemeral,
      ...(place.threadTs === undefined ? {} : { thread_ts: place.threadTs }),
    },
    channel: { id: channel.id, name: channel.name },
    // Slack hands over no ephemeral message.
    ...(ephemeral ? {} : { message: messageJson(world, place) }),
    state: { values: {} },
    response_url: world.responseUrls.issue({ workspace, channel, user: member.id, original: place.ts }),
  };
}
