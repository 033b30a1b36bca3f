import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { SCOPES } from '../../../src/bots/slack/scopes.ts';
import { freePort } from '../../bots/slack/in-process.ts';
import type { SlackPeerOptions } from '../../bots/slack/peer/connect.ts';
import type { SeenMessage } from '../../bots/slack/peer/ledger.ts';
import type { Acted, Person, Said } from '../../bots/slack/peer/person.ts';
import { type SlackPeer, startSlackPeer } from '../../bots/slack/peer/slack-peer.ts';
import type { Channel } from '../../bots/slack/peer/workspace.ts';
import { finalAnswer, forAll, hintTo } from '../../bots/slack/reading.ts';
import { eventually } from '../../queue/support.ts';
import { type Bots, LIMIT_MS, linksAt, openBots } from '../bots.ts';
import { slackSettings } from '../peer-settings.ts';
import { boats, expectPainting } from '../pictures.ts';

/** A workspace with a channel and three people in it, and the whole program on it. */
export interface SlackProgram {
  readonly peer: SlackPeer;
  readonly bots: Bots;
  readonly channel: Channel;
  readonly ada: Person;
  readonly bob: Person;
  /** Manages the workspace. */
  readonly mia: Person;
  /** Ada's. */
  readonly avatar: Buffer;
}

/** What is other than usual, for all tests of a file or a part of one. */
export interface ProgramOptions {
  readonly peer?: Partial<SlackPeerOptions>;
  /** Settings of the bot's and the worker's. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether results that are too large can be had by a link. */
  readonly links?: boolean;
  /** False: a test starts them. */
  readonly started?: boolean;
}

/** One program for many tests, a new channel with new people for each. */
export function useSlackProgram(
  mode: 'socket' | 'http',
  { peer: about = {}, settings = {}, links = false, started = true }: ProgramOptions = {},
): () => SlackProgram {
  let standing: { readonly peer: SlackPeer; readonly bots: Bots } | undefined;
  let company: Omit<SlackProgram, 'peer' | 'bots'> | undefined;
  beforeAll(async () => {
    const peer = await startSlackPeer({ mode, scopes: [...SCOPES.keys()], ...about });
    const port = mode === 'http' ? await freePort() : 0;
    const linked = links ? linksAt(await freePort()) : {};
    const bots = await openBots('slack', () => ({
      ...slackSettings(peer, mode, port),
      ...linked,
      ...settings,
    }));
    if (mode === 'http') peer.moveBot(`http://127.0.0.1:${port}/slack/events`);
    standing = { peer, bots };
    if (started) await Promise.all([bots.startBot(), bots.startWorker()]);
  });
  afterAll(async () => {
    await standing?.bots.close();
    await standing?.peer.close();
  });
  beforeEach(async () => {
    if (standing !== undefined) company = await gather(standing.peer);
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

async function gather(peer: SlackPeer): Promise<Omit<SlackProgram, 'peer' | 'bots'>> {
  const channel = await peer.channel();
  const avatar = await boats(40, 64, 64);
  const [ada, bob, mia] = [await peer.user({ avatar }), await peer.user(), await peer.user({ admin: true })];
  return { channel, ada, bob, mia, avatar };
}

/** Mention the bot with a photo. */
export function ask(
  { ada, channel }: Pick<SlackProgram, 'ada' | 'channel'>,
  photo: Buffer,
  style = 'starry-night',
  by: Person = ada,
): Promise<Said> {
  return by.mention(channel, `stylize ${style}`, { files: [{ name: 'boats.png', bytes: photo }] });
}

/** The one answer that something asked has in the end. */
export function answerOf({ peer }: Pick<SlackProgram, 'peer'>, asked: Said | Acted): Promise<SeenMessage> {
  return finalAnswer(peer, asked, LIMIT_MS);
}

export function hintOf({ peer }: Pick<SlackProgram, 'peer'>, asked: Said | Acted): Promise<SeenMessage> {
  return hintTo(peer, asked, LIMIT_MS);
}

/** The answer as it stands once its words fit. */
export function saying(
  { peer }: Pick<SlackProgram, 'peer'>,
  asked: Said | Acted,
  words: RegExp,
): Promise<SeenMessage> {
  return eventually(() => forAll(peer, asked).find(({ text }) => words.test(text)), LIMIT_MS);
}

/** The one answer, painted. */
export async function expectOne(
  program: SlackProgram,
  asked: Said | Acted,
  photo: Buffer,
): Promise<SeenMessage> {
  const answer = await answerOf(program, asked);
  await expectPainting(program.peer.picturesOf(answer)[0], photo);
  return answer;
}
