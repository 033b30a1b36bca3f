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
  /** Origins, beside Slack's own, that the bot's token and uploads go to: peers of one's own. */
  readonly unsafeOrigins: readonly string[];
}

const FILE_HOSTS: readonly string[] = ['files.slack.com', 'slack-files.com'];

/** Below which a host keeps files, and smaller copies of pictures, for the bearer of a token. */
const FILE_PATHS: readonly string[] = ['/files-pri/', '/files-tmb/'];

/** Hosts that take uploads, whose addresses are secrets of their own. */
export const UPLOAD_HOSTS: readonly string[] = [...FILE_HOSTS, '*.slack.com'];

/** Hosts that pictures are fetched from: files, the page that stands for one that is not to be had, avatars, previews of links. */
export const PICTURE_HOSTS: readonly string[] = [
  ...UPLOAD_HOSTS,
  '*.slack-edge.com',
  'slack-imgs.com',
  '*.slack-imgs.com',
  'secure.gravatar.com',
];

/**
 * What the addresses begin with that a bot's token goes to. The rest of those hosts is left out: a token that came to Slack's
 * Web API would do there whatever the address says.
 */
export function tokenAddresses(unsafeOrigins: readonly string[]): readonly string[] {
  const origins = [...FILE_HOSTS.map((host) => `https://${host}`), ...unsafeOrigins];
  return origins.flatMap((origin) => FILE_PATHS.map((path) => `${origin}${path}`));
}

/** What a message shows as `slack_file`. */
export const SHOWN_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/gif'];

/** How long a place is kept: as long as a request's record. */
export const PLACE_SECONDS: number = 24 * 3600;

/** How many messages of a channel or thread are searched for the latest picture. */
export const LATEST_OF = 50;

/** Slack waits three seconds for a modal; what is not known by then is left out. */
export const QUICK_MS = 1_200;
