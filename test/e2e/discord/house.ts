import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type Company, gather } from '../../bots/discord/company.ts';
import type { DiscordPeer, PeerOptions } from '../../bots/discord/peer/api.ts';
import type { Asked, Posted } from '../../bots/discord/peer/asked.ts';
import { startDiscordPeer } from '../../bots/discord/peer/peer.ts';
import type { Person } from '../../bots/discord/peer/people.ts';
import { settle } from '../../bots/discord/reading.ts';
import { freePort } from '../../bots/slack/in-process.ts';
import { eventually } from '../../queue/support.ts';
import { type Bots, LIMIT_MS, linksAt, openBots } from '../bots.ts';
import { discordSettings } from '../peer-settings.ts';
import { boats } from '../pictures.ts';

/** A Discord, and the whole program on it. */
export interface DiscordProgram extends Company {
  readonly peer: DiscordPeer;
  readonly bots: Bots;
}

/** What is other than usual, for all tests of a file. */
export interface ProgramOptions {
  readonly peer?: PeerOptions;
  /** Settings of the bot's and the worker's. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether results that are too large can be had by a link. */
  readonly links?: boolean;
  /** False: a test starts them. */
  readonly started?: boolean;
}

/** One program for the tests of a file, a new company for each; each ends with the peer content with all it was asked. */
export function useDiscordProgram({
  peer: about = {},
  settings = {},
  links = false,
  started = true,
}: ProgramOptions = {}): () => DiscordProgram {
  let standing: { readonly peer: DiscordPeer; readonly bots: Bots } | undefined;
  let company: Company | undefined;
  beforeAll(async () => {
    const peer = await startDiscordPeer(about);
    const linked = links ? linksAt(await freePort()) : {};
    const bots = await openBots('discord', () => ({ ...discordSettings(peer), ...linked, ...settings }));
    standing = { peer, bots };
    if (started) await Promise.all([bots.startBot(), bots.startWorker()]);
  });
  afterAll(async () => {
    await standing?.bots.close();
    await standing?.peer.close();
  });
  beforeEach(async () => {
    if (standing !== undefined) company = await gather(standing.peer, await boats(40, 64, 64));
  });
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.error(standing?.bots.said());
    standing?.peer.fault.clear();
    standing?.peer.check();
  });
  return () => {
    if (standing === undefined || company === undefined)
      throw new Error('it is opened before the first test');
    return { ...standing, ...company };
  };
}

/** The answer to a question, once one fits: usually, once it holds a picture. */
export function answerOf(
  asked: Asked,
  fits: (message: Posted) => boolean = ({ files }) => files.length > 0,
): Promise<Posted> {
  return asked.answer(fits, LIMIT_MS);
}

/** The one answer that a question has in the end, with its painting; more than one fails the test. */
export async function oneAnswer(program: DiscordProgram, asked: Asked): Promise<Posted> {
  const shown = (): readonly Posted[] => asked.visible().filter(({ ephemeral }) => !ephemeral);
  const done = await eventually(() => shown().find(({ files }) => files.length > 0), LIMIT_MS);
  await settle(program);
  const all = shown();
  if (all.length !== 1)
    throw new Error(`${all.length} answers: ${all.map(({ content }) => content).join(' | ')}`);
  return done;
}

/** Ask for a painting of a photo, in the channel of all. */
export async function ask(
  { ada, general }: Company,
  photo: Buffer,
  style = 'starry-night',
  by: Person = ada,
): Promise<Asked> {
  return by.slash(general, 'stylize', { style, picture: { name: 'boats.png', bytes: photo } });
}
