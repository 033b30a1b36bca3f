import type { IncomingHttpHeaders } from 'node:http';
import type { Deliveries } from './deliveries.ts';
import type { Events } from './events.ts';
import type { FaultBook } from './faults.ts';
import type { FileBook } from './file-book.ts';
import type { Json } from './json.ts';
import type { Ledger } from './ledger.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Schemas } from './schemas.ts';
import type { Triggers, ViewBook } from './view-book.ts';
import type { Workspace } from './workspace.ts';

/** How fast Slack's clocks run, in milliseconds; tests shorten them. */
export interface Clocks {
  /** A delivery that is not acknowledged within this time has failed. Slack's is 3,000. */
  readonly ackMs: number;
  /** When a failed event is sent again; Slack's are at once, after a minute, after five. */
  readonly retryDelaysMs: readonly number[];
  /** How long a `trigger_id` opens a view. Slack's is 3,000. */
  readonly triggerMs: number;
  /** How long a `response_url` works. Slack's is 1,800,000. */
  readonly responseUrlMs: number;
  /** How long an upload is being processed before it has an address and a type. */
  readonly fileReadyMs: number;
}

/** The app as it stands in Slack's settings, the same for every workspace. */
export interface SlackApp {
  readonly id: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly verificationToken: string;
  readonly scopes: readonly string[];
  readonly events: readonly string[];
}

type Headers = Omit<IncomingHttpHeaders, 'authorization'>;

/** A call that the bot made. */
export interface BotCall {
  readonly at: number;
  readonly method: string;
  readonly team: string | undefined;
  readonly args: Json;
  /** But for the one that carries the token. */
  readonly headers: Headers;
  /** Undefined while it runs, and where the answer was lost. */
  answer?: Json;
  status?: number;
}

/** A try to get, or to put, a file's bytes. */
export interface FileCall {
  readonly at: number;
  readonly host: 'files' | 'outside';
  readonly path: string;
  readonly method: string;
  readonly authorization: string | undefined;
  /** The others. */
  readonly headers: Headers;
  readonly outcome: 'bytes' | 'page' | 'redirect' | 'stored' | 'refused';
}

/** All that the parts of the peer share; made in one place and handed down. */
export interface World {
  readonly app: SlackApp;
  readonly clocks: Clocks;
  readonly urls: { readonly api: string; readonly files: string; readonly outside: string };
  readonly workspaces: Map<string, Workspace>;
  readonly schemas: Schemas;
  readonly faults: FaultBook;
  readonly ledger: Ledger;
  readonly files: FileBook;
  readonly views: ViewBook;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly deliveries: Deliveries;
  readonly events: Events;
  readonly requests: BotCall[];
  readonly fileRequests: FileCall[];
  readonly problems: string[];
  /** How long each upload was said to be, by file. */
  readonly announced: Map<string, number>;
  /** The bytes of uploads, by file. */
  readonly uploaded: Map<string, Uint8Array>;
  /** Take the app out of a workspace: its token is dead, and it is told. */
  uninstall(workspace: Workspace): void;
}
