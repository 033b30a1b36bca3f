import { describe, expect, it } from 'vitest';
import type { Api } from '../../../src/bots/discord/api.ts';
import { createConversation, type Result, type Turn } from '../../../src/bots/discord/conversation.ts';
import { messagesFor } from '../../../src/commands/messages/language.ts';
import { ImpastoError } from '../../../src/errors.ts';
import { memoryLog } from '../../queue/support.ts';

function trouble(code: string, report = false): ImpastoError {
  return new ImpastoError({ code, userMessage: `${code}.`, report, retryable: true });
}

/** A conversation with a Discord that notes what it is asked, and takes acknowledgements as it is told. */
function talk(acknowledge: () => Promise<void>) {
  const calls: string[] = [];
  const noted = (name: string) => async (): Promise<never> => {
    calls.push(name);
    return {} as never;
  };
  const api: Pick<Api, 'acknowledge' | 'editOriginal' | 'followUp' | 'removeOriginal'> = {
    acknowledge: async () => {
      calls.push('acknowledge');
      await acknowledge();
    },
    editOriginal: noted('editOriginal'),
    followUp: noted('followUp'),
    removeOriginal: noted('removeOriginal'),
  };
  const queue = { note: noted('note'), cancel: noted('cancel') };
  const converse = createConversation({ api: api as Api, queue, previews: '', log: memoryLog() });
  const turn = (work: () => Promise<Result>): Turn => ({
    interaction: { id: '1', token: 'token', applicationId: '2' },
    person: 'ada',
    messages: messagesFor('en'),
    acknowledgement: 'public',
    work,
  });
  return { calls, tell: (work: () => Promise<Result>) => converse(turn(work)) };
}

const away = async (): Promise<Result> => {
  throw trouble('redis-away', true);
};

describe('an interaction that Discord tells of again', () => {
  it('is not taken again by a process that refused it', async () => {
    const { calls, tell } = talk(async () => undefined);
    await tell(away);
    const said = [...calls];
    expect(said).toEqual(['acknowledge', 'removeOriginal', 'followUp']);
    let taken = false;
    await tell(async () => {
      taken = true;
      return { kind: 'requests', requests: ['a'] };
    });
    expect(taken).toBe(false);
    expect(calls).toEqual(said);
  });

  it('keeps the answer of another process where this one cannot work just now', async () => {
    const { calls, tell } = talk(async () => {
      throw trouble('discord-interaction-answered');
    });
    await tell(away);
    expect(calls).toEqual(['acknowledge']);
  });

  it('is taken where the first telling could not be acknowledged', async () => {
    let times = 0;
    const { calls, tell } = talk(async () => {
      times += 1;
      if (times === 1) throw trouble('discord-away');
    });
    await tell(away);
    await tell(async () => ({ kind: 'deleted' }));
    expect(calls.filter((call) => call === 'acknowledge')).toHaveLength(2);
    expect(calls.at(-1)).toBe('removeOriginal');
  });
});
