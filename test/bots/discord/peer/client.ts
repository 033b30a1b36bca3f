import {
  type ChatInputCommandInteraction,
  Client,
  type ClientOptions,
  Events,
  GatewayIntentBits,
  type Interaction,
  Partials,
} from 'discord.js';
import { afterEach, beforeEach } from 'vitest';
import type { DiscordPeer, PeerOptions } from './api.ts';
import { startDiscordPeer } from './peer.ts';
import type { Person } from './people.ts';
import type { PeerChannel, PeerGuild } from './places.ts';
import { must } from './world.ts';

/** A Discord with a server, a channel and Ada, and the real client; all anew for each test. */
export interface Bench {
  readonly peer: DiscordPeer;
  readonly studio: PeerGuild;
  readonly general: PeerChannel;
  readonly ada: Person;
  readonly client: Client;
  close(): Promise<void>;
  /** Let the client come, and register `commands`. */
  login(commands?: readonly object[]): Promise<void>;
  onCommand(answer: (interaction: ChatInputCommandInteraction) => Promise<unknown>): void;
  onInteraction(answer: (interaction: Interaction) => Promise<unknown>): void;
  /** What the client's listeners threw. */
  readonly thrown: unknown[];
}

const INTENTS = [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMessages,
  GatewayIntentBits.MessageContent,
  GatewayIntentBits.GuildMessageReactions,
  GatewayIntentBits.DirectMessages,
];

/** The real client on a peer, with the partials that reactions to old messages need. */
export function connectTo({ apiUrl, cdnUrl }: DiscordPeer, options: Partial<ClientOptions> = {}): Client {
  return new Client({
    intents: INTENTS,
    partials: [Partials.Message, Partials.Channel, Partials.Reaction, Partials.User],
    rest: { api: apiUrl, cdn: cdnUrl },
    ...options,
  });
}

/** A test fails whose client asked Discord wrongly. */
export function useBench(options: PeerOptions = {}, client: Partial<ClientOptions> = {}): () => Bench {
  let bench: Bench | undefined;
  beforeEach(async () => {
    bench = await openBench(options, client);
  });
  afterEach(async () => {
    const open = must(bench, 'bench');
    await open.close();
    open.peer.check();
  });
  return () => must(bench, 'bench');
}

async function openBench(options: PeerOptions, clientOptions: Partial<ClientOptions>): Promise<Bench> {
  const peer = await startDiscordPeer(options);
  const studio = await peer.guild('studio');
  const general = await studio.channel('general');
  const ada = await peer.user('ada', { locale: 'zh-TW' });
  await studio.join(ada);
  const client = connectTo(peer, clientOptions);
  const thrown: unknown[] = [];
  const keep = (promise: Promise<unknown>): void => {
    promise.catch((error: unknown) => thrown.push(error));
  };
  return {
    peer,
    studio,
    general,
    ada,
    thrown,
    async close() {
      await client.destroy();
      await peer.close();
    },
    client,
    async login(commands = []) {
      const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
      await client.login(peer.token);
      await ready;
      if (commands.length > 0) {
        await client.rest.put(`/applications/${peer.botId}/commands`, { body: commands });
      }
    },
    onCommand: (answer) =>
      void client.on(Events.InteractionCreate, (one) => {
        if (one.isChatInputCommand()) keep(answer(one));
      }),
    onInteraction: (answer) => void client.on(Events.InteractionCreate, (one) => keep(answer(one))),
  };
}
