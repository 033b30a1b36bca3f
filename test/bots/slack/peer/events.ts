import type { Deliveries, Delivery } from './deliveries.ts';
import type { FileBook } from './file-book.ts';
import { slackId } from './ids.ts';
import { type Json, textAt } from './json.ts';
import type { Channel, Workspace } from './workspace.ts';
import type { SlackApp } from './world.ts';

/** The scope that an app needs for each event that it can subscribe to, where it needs one. */
const SCOPES: Readonly<Record<string, string>> = {
  app_mention: 'app_mentions:read',
  'message.channels': 'channels:history',
  'message.groups': 'groups:history',
  'message.im': 'im:history',
  reaction_added: 'reactions:read',
  reaction_removed: 'reactions:read',
  file_shared: 'files:read',
};

/** Every event that the peer can tell of. */
export const EVERY_EVENT: readonly string[] = [
  ...Object.keys(SCOPES),
  'app_home_opened',
  'app_uninstalled',
  'tokens_revoked',
];

export interface Events {
  /**
   * Tell the app of an event, where it is installed, has subscribed and may know.
   * @param subscription the event's name in the app's settings, such as `message.channels`
   */
  emit(workspace: Workspace, subscription: string, event: Json): Promise<Delivery | undefined>;
  /** The same, without waiting for what becomes of it. */
  tell(workspace: Workspace, subscription: string, event: Json): void;
}

/** The subscription that a channel's messages come by. */
export function messageEvent(channel: Channel): string {
  return { public: 'message.channels', private: 'message.groups', im: 'message.im' }[channel.kind];
}

/** A channel's type as message events name it. */
export function channelType(channel: Channel): string {
  return { public: 'channel', private: 'group', im: 'im' }[channel.kind];
}

export function createEvents(
  app: SlackApp,
  deliveries: Deliveries,
  files: FileBook,
  failed: (error: unknown) => void,
): Events {
  const events: Events = {
    tell: (workspace, subscription, event) => {
      events.emit(workspace, subscription, event).catch(failed);
    },
    async emit(workspace, subscription, event) {
      const needed = SCOPES[subscription];
      if (workspace.state === 'absent' || !app.events.includes(subscription)) return undefined;
      if (needed !== undefined && !workspace.scopes.includes(needed)) return undefined;
      const seconds = Math.floor(Date.now() / 1000);
      return deliveries.deliver('events_api', {
        token: app.verificationToken,
        team_id: workspace.id,
        context_team_id: workspace.id,
        context_enterprise_id: null,
        api_app_id: app.id,
        event: {
          ...asJson(files.dressEvent(event)),
          event_ts: textAt(event, 'event_ts') || `${seconds}.000001`,
        },
        type: 'event_callback',
        event_id: slackId('Ev'),
        event_time: seconds,
        authorizations: [
          {
            enterprise_id: null,
            team_id: workspace.id,
            user_id: workspace.botUser,
            is_bot: true,
            is_enterprise_install: false,
          },
        ],
        is_ext_shared_channel: false,
        event_context: slackId('4-'),
      });
    },
  };
  return events;
}

function asJson(value: unknown): Json {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
