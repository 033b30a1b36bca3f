import { randomSource } from '../../src/training/random.ts';
import type { DiscordPeer } from '../bots/discord/peer/api.ts';
import type { Fault as DiscordFault } from '../bots/discord/peer/faults.ts';
import type { Fault as SlackFault } from '../bots/slack/peer/faults.ts';
import type { SlackPeer } from '../bots/slack/peer/slack-peer.ts';

/** Something that goes wrong on a platform. */
export interface Trouble {
  readonly name: string;
  readonly happen: (discord: DiscordPeer, slack: SlackPeer) => Promise<void>;
}

const SLACK: readonly SlackFault[] = [{ status: 500 }, { retryAfter: 1 }, { lost: true }];
const SLACK_METHODS = [
  'chat.postMessage',
  'chat.update',
  'files.download',
  'files.upload',
  'files.completeUploadExternal',
];
const DISCORD: readonly DiscordFault[] = [
  { status: 500 },
  { retryAfter: 1 },
  { broken: 'before' },
  { broken: 'before', how: 'closed' },
  { broken: 'afterwards' },
];
const DISCORD_ROUTES = [
  'PATCH /webhooks/:app/:token/messages/@original',
  'POST /interactions/:id/:token/callback',
];

/** All that can go wrong. */
export const TROUBLES: readonly Trouble[] = [
  ...SLACK_METHODS.flatMap((method) =>
    SLACK.map((fault) => ({
      name: `Slack’s ${method}: ${JSON.stringify(fault)}`,
      happen: async (_: DiscordPeer, slack: SlackPeer) => slack.fault.once(method, fault),
    })),
  ),
  ...DISCORD_ROUTES.flatMap((route) =>
    DISCORD.map((fault) => ({
      name: `Discord’s ${route}: ${JSON.stringify(fault)}`,
      happen: async (discord: DiscordPeer) => discord.fault.once(route, fault),
    })),
  ),
  { name: 'Discord drops the gateway', happen: (discord) => discord.dropGateway() },
  { name: 'Discord asks to connect again', happen: async (discord) => discord.askToReconnect() },
];

/** A moment at which something goes wrong. */
export interface PlannedTrouble {
  readonly afterMs: number;
  readonly trouble: Trouble;
}

/** Troubles without end; gaps are exponential around `meanMs`. */
export function* planTroubles(seed: number, meanMs: number): Generator<PlannedTrouble, never> {
  const random = randomSource(seed, 4);
  for (;;) {
    const afterMs = -Math.log(1 - random()) * meanMs;
    const trouble = TROUBLES[Math.floor(random() * TROUBLES.length)];
    if (trouble !== undefined) yield { afterMs, trouble };
  }
}
