import type { App } from '@slack/bolt';
import type { OptionValues } from '../../../commands/command.ts';
import { presetOptions, readOptions } from '../../../commands/options.ts';
import { takeApart } from '../../../commands/parse.ts';
import { textReply } from '../../../commands/reply.ts';
import type { PictureReference } from '../../../commands/request.ts';
import { ImpastoError } from '../../../errors.ts';
import { serverOf, type Want } from '../asking.ts';
import { QUICK_MS } from '../config.ts';
import { isCoded } from '../errors.ts';
import { readLine } from '../line.ts';
import { modalOf, type Wanted } from '../modal.ts';
import { latestPictured, recentMessages } from '../pictures/history.ts';
import { referenceTo } from '../pictures/source.ts';
import { type Where, workspaceOf } from '../where.ts';
import type { Tools } from './tools.ts';

/** A person's clock and Slack's may differ by this much. */
const CLOCK_MS = 2_000;

/**
 * `/stylize`, `/upscale` and `/impasto …`. A slash command carries no picture: the channel's latest is meant, else a
 * modal asks for one.
 */
export function listenToCommands(app: App, tools: Tools): void {
  app.command(/^\/(stylize|upscale|impasto)$/, async ({ command, ack, context }) => {
    await ack();
    const where: Where = {
      workspace: workspaceOf(context),
      channel: command.channel_id,
      user: command.user_id,
      responseUrl: command.response_url,
    };
    await tools.asking.attempt(where, () =>
      answer(tools, where, `${command.command} ${command.text}`, command.trigger_id),
    );
  });
}

async function answer(tools: Tools, where: Where, written: string, trigger: string): Promise<void> {
  const { asking } = tools;
  const { text, people } = readLine(written, tools.emojis);
  const { workspace, channel, user } = where;
  const [named] = people;
  const before = ((Date.now() + CLOCK_MS) / 1000).toFixed(6);
  const picture =
    named === undefined
      ? referenceTo({ workspace, kind: 'latest', channel, user, before })
      : referenceTo({ workspace, kind: 'avatar', user: named });
  // What a form goes on from, where the line alone is not enough.
  let wanted: Wanted = 'stylize';
  let preset: OptionValues = new Map();
  const want: Want = {
    where,
    eventKey: `command ${trigger}`,
    trigger: 'command',
    read: (registry, messages, settings) => {
      const { command, given } = takeApart(text, registry, messages);
      if (command.name === 'upscale') wanted = 'upscale';
      preset = presetOptions(command, given, registry, messages, settings);
      return { command, options: readOptions(command, given, registry, messages, settings) };
    },
    picture,
  };
  const outcome = await asking.invoke(want).catch((error: unknown) => {
    // Who names no style is shown them all.
    if (isCoded(error, 'option-missing')) return undefined;
    throw error;
  });
  if (outcome?.kind === 'reply') return await asking.say(outcome.reply, where);
  const found = named === undefined ? await look(tools, where) : picture;
  if (outcome === undefined || found === 'none') {
    return await ask(tools, where, trigger, {
      wanted,
      given: preset,
      found: found === 'none' || found === 'unknown' ? undefined : found,
    });
  }
  if (found === 'unknown' || found === picture) {
    for (const request of outcome.requests) await asking.submit(request, where);
    return;
  }
  await asking.ask({ ...want, picture: found });
}

/**
 * The channel's latest picture; `none` where there is none or the bot may not look, `unknown` where it takes too long
 * for a modal to be opened after it.
 */
async function look(
  { workspaces }: Tools,
  { workspace, channel, user }: Where,
): Promise<PictureReference | 'none' | 'unknown'> {
  const search = async (): Promise<PictureReference | 'none'> => {
    const messages = await recentMessages(await workspaces.voice(workspace), { channel });
    const latest = latestPictured(messages, user);
    return latest === undefined
      ? 'none'
      : referenceTo({ workspace, kind: 'message', channel, ts: latest.ts });
  };
  let late: NodeJS.Timeout | undefined;
  const patience = new Promise<'unknown'>((settle) => {
    late = setTimeout(() => settle('unknown'), QUICK_MS);
  });
  try {
    return await Promise.race([search(), patience]);
  } catch (error) {
    // What can't be posted there is said before a form takes anybody's photo.
    if (isCoded(error, 'not-in-channel')) throw error;
    if (isCoded(error, 'scopes-missing')) return 'none';
    if (error instanceof ImpastoError) return 'unknown';
    throw error;
  } finally {
    clearTimeout(late);
  }
}

async function ask(
  tools: Tools,
  where: Where,
  trigger: string,
  known: {
    readonly wanted: Wanted;
    readonly given: OptionValues;
    readonly found: PictureReference | undefined;
  },
): Promise<void> {
  const { modals, registry, mostPictures, asking, invoker } = tools;
  const { given, found, wanted } = known;
  const messages = await asking.messages(where);
  await invoker.admit(serverOf(where), messages);
  if (wanted === 'stylize' && registry.styles.length === 0) {
    return await asking.say(textReply(messages.stylesNone, 'hint'), where);
  }
  const { channel, thread, responseUrl } = where;
  const remembered = { channel, thread, responseUrl, source: found?.source };
  asking.leaveTurn();
  await modals.open(where.workspace, trigger, (previews) =>
    modalOf({ wanted, registry, messages, remembered, given, previews, mostPictures }),
  );
}
