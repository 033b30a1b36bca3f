import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { aGate, through } from '../../queue/house.ts';
import { eventually } from '../../queue/support.ts';
import { usePlayground } from './use-playground.ts';
import { type Following, type Visitor, visit } from './visitor.ts';

const { house } = usePlayground();
const arrive = (): Promise<Visitor> => visit(house().playground.url);
const texts = (page: Following): string[] => page.thread().map(({ text }) => text);

async function say(ann: Visitor, ...lines: readonly string[]): Promise<void> {
  for (const line of lines) expect((await ann.say(line)).status).toBe(202);
}

describe('a page that connects', () => {
  it('is told the whole thread in order, and then that this was all', async () => {
    const ann = await arrive();
    await say(ann, '/help', '/styles');
    const page = await ann.follow();
    expect(page.events.map(({ event }) => event)).toEqual([
      'hello',
      'message',
      'message',
      'message',
      'message',
      'ready',
    ]);
    expect(page.events[0]?.data).toMatchObject({ replay: 'all' });
    expect(page.thread().map(({ author }) => author)).toEqual(['you', 'impasto', 'you', 'impasto']);
    await say(ann, 'hello');
    await eventually(() => page.thread().length === 6);
    page.leave();
  });

  it('sees its own thread, and nothing of anybody else', async () => {
    const [ann, bob] = [await arrive(), await arrive()];
    const page = await bob.follow();
    await say(ann, 'mine');
    await say(bob, 'yours');
    await eventually(() => page.thread().length === 2);
    expect(texts(page)).not.toContain('mine');
    page.leave();
  });

  it('makes room for a further one by ending the oldest', async () => {
    const two = await house().another({ settings: { streamsPerThread: 2 } });
    const ann = await visit(two.url);
    const pages = [await ann.follow(), await ann.follow(), await ann.follow()];
    await eventually(() => pages[0]?.ended());
    expect(pages.map((page) => page.ended())).toEqual([true, false, false]);
    for (const page of pages) page.leave();
  });

  it('hears a sign of life on a silent line', async () => {
    const lively = await house().another({ settings: { heartbeatMs: 20 } });
    const { cookie } = await visit(lively.url);
    const response = await fetch(`${lively.url}api/events`, { headers: { cookie } });
    const reader = response.body?.getReader();
    let heard = '';
    while (!heard.includes('\n\n:\n\n:\n\n')) heard += Buffer.from((await reader?.read())?.value ?? []);
    expect(heard).toMatch(/^retry: \d+\n\nevent: hello\n/);
    await reader?.cancel();
  });
});

describe('a page that comes back', () => {
  it('is told what it missed and nothing else, changes of what it knew among it', async () => {
    const gate = aGate();
    const ann = await arrive();
    const first = await ann.follow();
    const { replies } = (await ann.say('/stylize great-wave', [(await ann.picture()).id])).body;
    await say(ann, '/help');
    await eventually(() => first.thread().length === 4);
    first.leave();

    house().work(async ({ source }, { report, signal }) => {
      report(0.5);
      await through(gate, signal);
      return source;
    });
    await say(ann, '/styles');
    const second = await ann.follow(first.lastEventId());
    expect(second.events[0]?.data).toMatchObject({ replay: 'since' });
    expect(texts(second)[0]).toBe('/styles');
    expect(second.thread()).toHaveLength(2);
    // What is open still is shown as it stands, though it was posted on the earlier connection.
    await eventually(() => second.progress().find(({ message }) => message === replies[0]));
    const away = second.lastEventId();
    second.leave();

    gate.open();
    await eventually(
      async () => (await house().queue.progress(replies[0]?.slice(2) ?? ''))?.state === 'answered',
    );
    const third = await ann.follow(away);
    await eventually(() => third.thread().find(({ request }) => request?.state === 'answered'));
    expect(third.thread().map(({ id }) => id)).toEqual(replies);
    expect(third.progress()).toEqual([]);
    third.leave();
  });

  it('is told everything where it names what the thread does not know', async () => {
    const [ann, bob] = [await arrive(), await arrive()];
    await say(ann, 'hello');
    await say(bob, 'hello');
    const other = await bob.follow();
    for (const id of [other.lastEventId(), 'nonsense', '-1', `${'0'.repeat(32)}-5`, '']) {
      const page = await ann.follow(id);
      expect(page.events[0]?.data).toMatchObject({ replay: 'all' });
      expect(page.thread()).toHaveLength(2);
      page.leave();
    }
    other.leave();
  });

  it('finds its thread in another process, and after the one it knew has ended', async () => {
    const ann = await arrive();
    const page = await ann.follow();
    const next = await house().another();
    const there = await visit(next.url, ann.cookie);
    await say(there, 'over there');
    await eventually(() => texts(page).includes('over there'));
    await house().playground.close();
    await eventually(() => page.ended());
    await say(there, 'after');
    const again = await there.follow(page.lastEventId());
    expect(texts(again)).toContain('after');
    expect(texts(again)).not.toContain('over there');
    again.leave();
  });

  it('does not wait for ever for what a crash has lost', async () => {
    const fragile = await house().another({
      settings: { lostMs: -1 },
      queue: {
        ...house().queue,
        submit: async () => {
          throw new TypeError('died here');
        },
      },
    });
    const ann = await visit(fragile.url);
    const { id } = await ann.picture();
    expect((await ann.say('/stylize great-wave', [id])).status).toBe(500);
    const page = await ann.follow();
    const lost = await eventually(() => page.thread().find(({ request }) => request?.state === 'failed'));
    expect(lost).toMatchObject({ tone: 'failure', buttons: [] });
    expect(lost.text).toContain('lost on its way');
    page.leave();
  });
});

it('keeps the newest messages where there are too many', async () => {
  const short = await house().another({ settings: { threadMessages: 4 } });
  const ann = await visit(short.url);
  await say(ann, 'one', 'two', 'three');
  const page = await ann.follow();
  expect(texts(page).filter((text) => ['one', 'two', 'three'].includes(text))).toEqual(['two', 'three']);
  page.leave();
});

it('ends when asked to, though browsers hold connections that ask for nothing and uploads that stand still', async () => {
  const ending = await house().another({ settings: { graceMs: 50 } });
  const ann = await visit(ending.url);
  const page = await ann.follow();
  const { port, hostname } = new URL(ending.url);
  const silent = connect(Number(port), hostname);
  const stalled = connect(Number(port), hostname);
  const head = `POST /api/pictures HTTP/1.1\r\nhost: localhost\r\ncookie: ${ann.cookie}\r\n`;
  stalled.write(`${head}content-type: multipart/form-data; boundary=x\r\ncontent-length: 1000\r\n\r\n--x`);
  await eventually(() => stalled.bytesWritten > 0 && silent.readyState === 'open');
  const cut = [silent, stalled].map((socket) => new Promise((settle) => socket.once('close', settle)));
  silent.resume();
  stalled.resume().on('error', () => undefined);
  await ending.close();
  await Promise.all(cut);
  await eventually(() => page.ended());
  await expect(fetch(ending.url)).rejects.toThrow('fetch failed');
});
