import { SCOPES } from '../../src/bots/slack/scopes.ts';
import { loadCatalogue } from '../../src/inference/catalogue.ts';
import type { DiscordPeer } from '../bots/discord/peer/api.ts';
import { startDiscordPeer } from '../bots/discord/peer/peer.ts';
import { freePort } from '../bots/slack/in-process.ts';
import { type SlackPeer, startSlackPeer } from '../bots/slack/peer/slack-peer.ts';
import { discordSecrets, discordSettings, slackSecrets, slackSettings } from '../e2e/peer-settings.ts';
import type { Settings } from '../e2e/station.ts';
import type { Secrets } from '../secrecy.ts';
import { type Books, openBooks } from './books.ts';
import { openDiscordSide } from './discord-side.ts';
import { type House, openHouse } from './house.ts';
import type { Painter } from './judge.ts';
import { openPainter } from './painter.ts';
import type { Side } from './side.ts';
import { openSlackSide } from './slack-side.ts';

/** A Discord and a Slack in this process, with people, and the whole program on them in its own processes. */
export interface Town {
  readonly discord: DiscordPeer;
  readonly slack: SlackPeer;
  readonly house: House;
  readonly sides: { readonly discord: Side; readonly slack: Side };
  readonly books: Books;
  readonly painter: Painter;
  /** What nobody may read, of the processes' and of both platforms'. */
  readonly secrets: Secrets;
  /** Names of those that have an emoji. */
  readonly styles: readonly string[];
  close(): Promise<void>;
}

/** How long all processes may take to begin. */
export const UP_MS = 120_000;
/** Slack brings what nobody took again; its own minutes are seconds here. */
const RETRIES_MS = [500, 4_000, 12_000, 30_000];

/**
 * @param lines people of each platform who ask one after the other
 * @param mode how Slack brings what has happened
 */
export async function openTown(
  lines: number,
  settings: Settings = {},
  mode: 'http' | 'socket' = 'http',
): Promise<Town> {
  const discord = await startDiscordPeer();
  const slack = await startSlackPeer({
    mode,
    scopes: [...SCOPES.keys()],
    clocks: { retryDelaysMs: RETRIES_MS },
  });
  const port = await freePort();
  const house = await openHouse(() => ({
    ...discordSettings(discord),
    ...slackSettings(slack, mode, port),
    ARTEFACT_HOURS: '1',
    ...settings,
  }));
  if (mode === 'http') slack.moveBot(`http://127.0.0.1:${port}/slack/events`);
  const { networks } = await loadCatalogue(house.models);
  const emojis = new Map(
    networks.flatMap(({ kind, name, emoji }) =>
      kind === 'style' && emoji !== undefined ? [[name, emoji] as const] : [],
    ),
  );
  const books = openBooks(house.redisUrl());
  const painter = await openPainter(house.models);
  await house.up(UP_MS);
  return {
    discord,
    slack,
    house,
    sides: {
      discord: await openDiscordSide(discord, lines),
      slack: await openSlackSide(slack, lines, emojis),
    },
    books,
    painter,
    secrets: { ...house.secrets, ...discordSecrets(discord), ...slackSecrets(slack) },
    styles: [...emojis.keys()],
    close: async () => {
      await books.close();
      await painter.close();
      await house.close();
      await discord.close();
      await slack.close();
    },
  };
}
