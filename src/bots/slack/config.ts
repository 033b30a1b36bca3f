/** How events reach the bot. */
export type SlackTransport =
  | {
      readonly kind: 'socket';
      /** `xapp-…`, with `connections:write`. */
      readonly appToken: string;
    }
  | {
      readonly kind: 'http';
      readonly signingSecret: string;
    };

/** Whose tokens there are: one workspace's, or those of all that install the app. */
export type SlackTenancy =
  | {
      readonly kind: 'single';
      /** `xoxb-…` */
      readonly botToken: string;
    }
  | {
      readonly kind: 'multi';
      readonly clientId: string;
      readonly clientSecret: string;
      /** Signs the state that an installation comes back with; at least 16 bytes. */
      readonly stateSecret: string;
      /** Where Slack sends people back to: `<publicUrl>/slack/oauth_redirect`. */
      readonly publicUrl: string;
    };

/** How one Slack app is reached, and by what name it speaks. */
export interface SlackConfig {
  readonly transport: SlackTransport;
  readonly tenancy: SlackTenancy;
  /** Where events (over HTTP) and installations arrive; not opened where neither does. */
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Ends in `/`. */
  readonly apiUrl: string;
  /** Origins, beside Slack's own hosts, that the bot's token and uploads go to: peers of one's own. */
  readonly unsafeOrigins: readonly string[];
}

/** Hosts that serve files to the bearer of a token, and take uploads. */
export const TOKEN_HOSTS: readonly string[] = ['files.slack.com', 'slack-files.com', '*.slack.com'];

/** Hosts that pictures are fetched from: those above, avatars and previews of links. */
export const PICTURE_HOSTS: readonly string[] = [
  ...TOKEN_HOSTS,
  '*.slack-edge.com',
  'slack-imgs.com',
  '*.slack-imgs.com',
  'secure.gravatar.com',
];

/** What a message shows as `slack_file`. */
export const SHOWN_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/gif'];

/** How long a place is kept: as long as a request's record. */
export const PLACE_SECONDS: number = 24 * 3600;

/** How many messages of a channel or thread are searched for the latest picture. */
export const LATEST_OF = 50;

/** Slack waits three seconds for a modal; what is not known by then is left out. */
export const QUICK_MS = 1_200;
