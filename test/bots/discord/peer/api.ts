import type { Asked, Posted } from './asked.ts';
import type { Cdn } from './cdn.ts';
import type { RegisteredCommand } from './commands.ts';
import type { Faults } from './faults.ts';
import type { GatewayCounts } from './gateway.ts';
import type { Person, Ref } from './people.ts';
import type { NewGuild, PeerGuild } from './places.ts';
import type { Sent } from './server.ts';
import type { StoredFile } from './world.ts';

export interface PeerOptions {
  readonly botName?: string;
  readonly token?: string;
  /** Privileged intents that the developer portal grants; message content by default. */
  readonly privileged?: readonly ('MessageContent' | 'GuildMembers' | 'GuildPresences')[];
  /** Whether people may install the application for themselves. */
  readonly userInstalls?: boolean;
  /** The three seconds in which an interaction is to be acknowledged. */
  readonly acknowledgeMs?: number;
  /** The quarter of an hour in which its token works. */
  readonly tokenMs?: number;
  /** Bytes that a file may have; 10 MiB by default. */
  readonly uploadLimit?: number;
  /** How many shards Discord recommends. */
  readonly shards?: number;
  readonly linkSeconds?: number;
  /** Ports, where a bot must find them again; free ones by default. */
  readonly apiPort?: number;
  readonly cdnPort?: number;
}

export interface NewPerson {
  readonly locale?: string;
  readonly avatar?: Uint8Array;
  /** Whether they installed the application for themself. */
  readonly installed?: boolean;
}

/** A running Discord; how it is used is told in `peer.ts`. */
export interface DiscordPeer {
  readonly apiUrl: string;
  readonly cdnUrl: string;
  readonly token: string;
  readonly botId: string;
  /** The bot's user, to be named in options and mentions. */
  readonly bot: Ref;
  /** All that the bot sent to the REST API, oldest first; nothing is left out. */
  readonly requests: readonly Sent[];
  readonly fault: Faults;
  readonly cdn: Pick<Cdn, 'deliver' | 'asked'>;
  readonly gateway: GatewayCounts;

  guild(name: string, options?: NewGuild): Promise<PeerGuild>;
  user(name: string, options?: NewPerson): Promise<Person>;
  /** The direct channel of a person and the bot. */
  direct(person: Ref): Ref;
  /** A group of people in which the bot is not. */
  group(): Ref;
  /** A sticker for `post`. */
  sticker(name: string, bytes: Uint8Array): { id: string; name: string; format_type: number };

  /** The address of a picture from elsewhere, for an embed: `{ image: { url, proxy_url: url } }`. */
  external(name: string, bytes: Uint8Array): string;

  /** Messages that are there, oldest first; also those for one person alone. */
  messages(channel: Ref): readonly Posted[];
  /** One message as it is now, removed or not. */
  message(ref: Ref): Posted;
  /** An address of a file that works now. */
  linkTo(file: StoredFile): string;
  /** @throws Error where there is no file */
  bytesOf(file: StoredFile | undefined): Uint8Array;
  commands(): readonly RegisteredCommand[];
  /** How often the bot wrote commands. */
  commandWrites(): number;

  /** Break the gateway's connections; new ones wait until `meanwhile` is over. */
  dropGateway(meanwhile?: () => Promise<void> | void): Promise<void>;
  invalidateSession(): void;
  askToReconnect(): void;
  /** Send the newest event of that name once more. */
  redeliver(event: string): void;
  /** Send something that never happened, as it is. */
  bring(event: string, data: unknown): void;
  /** All that was sent so far, oldest first. */
  brought(): readonly { readonly event: string; readonly data: unknown }[];
  /** Let an interaction's token be over: 50027, or 10062 where it waits for its acknowledgement. */
  expireInteraction(asked: Asked): void;
  /** Let every link that was given out be over. */
  expireLinks(): void;

  /** What is wrong with what the bot sent. */
  readonly problems: readonly string[];
  /** @throws Error telling all problems */
  check(): void;
  close(): Promise<void>;
}
