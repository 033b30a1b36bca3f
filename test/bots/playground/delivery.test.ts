import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src/bots/playground/settings.ts';
import { createThreads } from '../../../src/bots/playground/threads.ts';
import type { CommandRequest } from '../../../src/commands/request.ts';
import { PREFIX } from '../../../src/queue/redis.ts';
import type { Outcome, Progress } from '../../../src/queue/request.ts';
import { eventually } from '../../queue/support.ts';
import { usePlayground } from './use-playground.ts';
import { type Visitor, visit } from './visitor.ts';

const { house, redis } = usePlayground();
const failure: Outcome = {
  kind: 'failure',
  code: 'x',
  data: {},
  userMessage: 'It broke.',
  incident: '01234567',
};

/** A request that stands in the thread, and that nobody works on. */
async function ask(ann: Visitor): Promise<CommandRequest> {
  const { id } = await ann.picture();
  const { replies } = (await ann.say('/stylize great-wave', [id])).body;
  return eventually(() => house().queue.get(replies[0]?.slice(2) ?? ''));
}

describe('an outcome', () => {
  it('is shown once, and the first stands, however many are delivered at the same time', async () => {
    const ann = await visit(house().playground.url);
    const page = await ann.follow();
    const request = await ask(ann);
    const { deliver } = house().playground;
    const outcomes: Outcome[] = [{ kind: 'cancelled' }, failure, failure, { kind: 'cancelled' }];
    await Promise.all(outcomes.map((outcome) => deliver(request, undefined, outcome)));
    await deliver(request, undefined, failure);
    await ann.say('/help');
    await eventually(() => page.thread().length === 4);
    const final = page.events.filter(
      ({ event, data }) => event === 'message' && data.request !== null && data.request.state !== 'open',
    );
    expect(final).toHaveLength(1);
    page.leave();
  });

  it('stays, though another was on its way to the store when it came', async () => {
    const request = await ask(await visit(house().playground.url));
    const threads = createThreads(redis().connect(), { prefix: PREFIX, ...defaultSettings });
    const { id: thread } = request.person;
    const open = await eventually(() => threads.read(thread, `r-${request.id}`));
    const final = { id: request.id, state: 'answered' } as const;
    await threads.close(thread, { ...open, text: 'first', request: final });
    await threads.close(thread, { ...open, text: 'second', request: final });
    await threads.close(thread, open);
    expect(await threads.read(thread, open.id)).toMatchObject({ text: 'first', request: final });
  });

  it('is posted where the placeholder is gone', async () => {
    const ann = await visit(house().playground.url);
    const request = await ask(ann);
    const keys = redis().connect();
    await keys.del(await keys.keys('*playground:thread:*'));
    await house().playground.deliver(request, undefined, failure);
    const page = await ann.follow();
    expect(page.thread()).toMatchObject([
      { id: `r-${request.id}`, tone: 'failure', request: { state: 'failed' } },
    ]);
    page.leave();
  });

  it('is never followed by progress that came late', async () => {
    let tell: (progress: Progress) => void = () => undefined;
    const heard = await house().another({
      queue: {
        ...house().queue,
        onProgress: async (_platform, listener) => {
          tell = listener;
          return async () => undefined;
        },
      },
    });
    const ann = await visit(heard.url);
    const page = await ann.follow();
    const { id: request, ...whole } = await ask(ann);
    const late: Progress = { request, platform: 'playground', state: 'running', fraction: 0.9 };
    tell(late);
    await eventually(() => page.progress().find(({ fraction }) => fraction === 0.9));
    await heard.deliver({ id: request, ...whole }, undefined, { kind: 'cancelled' });
    await eventually(() => page.thread().find((message) => message.request?.state === 'cancelled'));
    tell({ ...late, fraction: 0.95 });
    await ann.say('/help');
    await eventually(() => page.thread().length === 4);
    expect(page.progress().map(({ fraction }) => fraction)).not.toContain(0.95);
    page.leave();
  });
});

it('keeps a picture that is gone from being asked for, in a sentence', async () => {
  const ann = await visit(house().playground.url);
  const request = await ask(ann);
  const keys = redis().connect();
  await keys.del(await keys.keys('*artefact:*'));
  const signal = new AbortController().signal;
  await expect(house().playground.intake(request, undefined, signal)).rejects.toMatchObject({
    code: 'picture-gone',
    userMessage: 'This picture is no longer stored. Please send it again.',
  });
});
