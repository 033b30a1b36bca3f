import type { types } from '@slack/bolt';
import { ImpastoError } from '../../../errors.ts';
import type { Log } from '../../../queue/log.ts';
import { calling } from '../errors.ts';
import { notified, sections } from '../text.ts';
import type { Where } from '../where.ts';
import type { Workspaces } from '../workspaces.ts';

/** Words for the asker's eyes alone, or for all to see. */
export interface Saying {
  readonly text: string;
  readonly blocks?: readonly types.KnownBlock[];
  readonly everyone?: boolean;
}

/** Says what needs no placeholder. */
export interface Hints {
  /**
   * Say it by the response address where there is one, which works in channels that the bot is not in too; else in the
   * channel. @throws ImpastoError as `calling` does
   */
  say(where: Where, saying: Saying): Promise<void>;
  /** Say it as well as may be: where it can't be said, the log hears of it. */
  tryToSay(where: Where, saying: Saying): Promise<void>;
}

const RESPONSE_MS = 10_000;

export function createHints(workspaces: Workspaces, unsafeOrigins: readonly string[], log: Log): Hints {
  async function say(where: Where, saying: Saying): Promise<void> {
    const { text, blocks = sections(text), everyone = false } = saying;
    const said = { text: notified(text), blocks: [...blocks] };
    if (where.responseUrl !== undefined && isSlacks(where.responseUrl, unsafeOrigins)) {
      if (await respond(where.responseUrl, where.thread, said, everyone)) return;
    }
    const { client } = await workspaces.voice(where.workspace);
    const { channel, thread, user } = where;
    const place = { channel, ...(thread === undefined ? {} : { thread_ts: thread }) };
    if (everyone) {
      await calling('chat.postMessage', client.chat.postMessage({ ...place, ...said, unfurl_links: false }));
    } else {
      await calling('chat.postEphemeral', client.chat.postEphemeral({ ...place, ...said, user }));
    }
  }

  return hintsBy(say, log);
}

/** What is tried to be said is said as everything else is. */
export function hintsBy(say: Hints['say'], log: Log): Hints {
  return {
    say,
    tryToSay: async (where, saying) => {
      try {
        await say(where, saying);
      } catch (error) {
        if (!(error instanceof ImpastoError)) throw error;
        log.warn({ channel: where.channel, err: error }, 'A hint could not be said');
      }
    },
  };
}

/** False where the address has expired. */
async function respond(
  address: string,
  thread: string | undefined,
  said: object,
  everyone: boolean,
): Promise<boolean> {
  const body = {
    ...said,
    response_type: everyone ? 'in_channel' : 'ephemeral',
    replace_original: false,
    ...(thread === undefined ? {} : { thread_ts: thread }),
  };
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(RESPONSE_MS),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // It holds what nobody may read in a log; what follows says it another way, and fails with a reason of its own.
    return false;
  }
}

function isSlacks(address: string, unsafeOrigins: readonly string[]): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, origin } = new URL(address);
  return unsafeOrigins.includes(origin) || (protocol === 'https:' && hostname === 'hooks.slack.com');
}
