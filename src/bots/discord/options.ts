import type { Redis } from 'ioredis';
import type { CommandRequest } from '../../commands/request.ts';
import type { Inspection } from '../../images/decode.ts';
import type { Fetch } from '../../images/fetch.ts';
import type { Artefacts, RequestQueue } from '../../queue/contract.ts';
import type { EditTurns } from '../../queue/edit-turns.ts';
import type { Log } from '../../queue/log.ts';
import type { ServerSettingsStore } from '../../queue/server-settings.ts';
import type { Recode } from '../fit.ts';
import type { Invoker } from '../invoke.ts';
import type { Links } from '../links.ts';
import type { Presses } from '../press.ts';

/** What the Discord adapter is wired to. */
export interface DiscordOptions {
  readonly token: string;
  /** Default `https://discord.com/api`; another peer for tests. */
  readonly apiUrl?: string;
  /** Default `https://cdn.discordapp.com`. */
  readonly cdnUrl?: string;
  readonly queue: RequestQueue<CommandRequest>;
  readonly artefacts: Artefacts;
  /** A producer's connection (`connect`); it stays the caller's. */
  readonly redis: Redis;
  readonly serverSettings: ServerSettingsStore;
  readonly turns: EditTurns;
  readonly invoker: Invoker;
  readonly presses: Presses;
  /** Decodes strangers' bytes, so it belongs in a child process. */
  readonly inspect: (bytes: Buffer) => Promise<Inspection>;
  readonly recode: Recode;
  /** Takes pictures from Discord's hosts (`pictureHosts`). */
  readonly fetch: Fetch;
  readonly links?: Pick<Links, 'make'> | undefined;
  /** Folder that the styles' `preview` paths start from. */
  readonly previews: string;
  readonly log: Log;
  readonly settings?: Partial<DiscordSettings>;
}

/** Every number by which the adapter behaves. */
export interface DiscordSettings {
  /** How long an interaction's token is used. */
  readonly tokenSeconds: number;
  /** How long before that end a request is ended that could not be answered in another way. */
  readonly lastWordMs: number;
  /** Least time between two edits of one placeholder. */
  readonly progressMs: number;
  /** How long the library waits for one answer of Discord's. */
  readonly callMs: number;
  /** The same where files may go along. */
  readonly uploadMs: number;
  /** How long Discord may take to let the bot in. */
  readonly loginMs: number;
  /** How long the picture behind an open picker is remembered. */
  readonly pickSeconds: number;
  /** How long a hint about reactions is not repeated to a person. */
  readonly hintSeconds: number;
  /** How long such a hint stands. */
  readonly hintShownSeconds: number;
  /** Pause between two looks for what is due. */
  readonly lookMs: number;
}

/** Discord takes a token for a quarter of an hour; the rest is for the clocks. */
export const defaultSettings: DiscordSettings = {
  tokenSeconds: 15 * 60 - 15,
  lastWordMs: 30_000,
  progressMs: 2_000,
  callMs: 15_000,
  uploadMs: 120_000,
  loginMs: 60_000,
  pickSeconds: 15 * 60,
  hintSeconds: 10 * 60,
  hintShownSeconds: 60,
  lookMs: 5_000,
};

/** Where Discord keeps what people post, and its own copies of what embeds show. */
export const pictureHosts: readonly string[] = [
  'cdn.discordapp.com',
  'media.discordapp.net',
  '*.discordapp.net',
];
