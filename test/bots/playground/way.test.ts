import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aGate, through } from '../../queue/house.ts';
import { eventually } from '../../queue/support.ts';
import { usePlayground } from './use-playground.ts';
import { type Following, replyTo, type Visitor, visit } from './visitor.ts';

describe('the playground', () => {
  const { house } = usePlayground();
  let ann: Visitor;
  let page: Following;

  beforeEach(async () => {
    ann = await visit(house().playground.url);
    page = await ann.follow();
  });
  afterEach(() => page.leave());

  it('turns a photo into a painting in the thread', async () => {
    house().work();
    const picture = await ann.picture();
    expect(picture).toMatchObject({ width: 24, height: 16, contentType: 'image/jpeg' });
    const posted = await ann.say('/stylize great-wave', [picture.id]);
    expect(posted.status).toBe(202);
    const painting = await page.settled(posted.body.replies[0] ?? '');
    expect(painting).toMatchObject({
      author: 'impasto',
      tone: 'plain',
      replyTo: posted.body.message,
      request: { state: 'answered' },
      buttons: [],
      pictures: [{ contentType: 'image/png', width: 24, height: 16 }],
    });
    expect(painting.text).toMatch(/^The Great Wave, Hokusai, 1831\. Painted in \d+\.\d s\.$/);
    expect(page.thread().map(({ author }) => author)).toEqual(['you', 'impasto']);
    const served = await ann.get(painting.pictures[0]?.url ?? '');
    expect(served.headers.get('content-type')).toBe('image/png');
    expect(served.bytes.subarray(1, 4).toString()).toBe('PNG');
  });

  it('shows a placeholder at once, then the line, then progress, then nothing after the end', async () => {
    const gate = aGate();
    const picture = await ann.picture();
    const id = await replyTo(ann.say('/stylize great-wave', [picture.id]));
    expect(await page.message(id)).toMatchObject({
      request: { state: 'open' },
      buttons: [{ action: 'cancel', label: 'Cancel' }],
      pictures: [],
    });
    house().work(async ({ source }, { report, signal }) => {
      report(0.4);
      await through(gate, signal);
      return source;
    });
    await eventually(() => page.progress().find(({ fraction }) => fraction === 0.4));
    expect(page.progress()).toContainEqual({
      message: id,
      state: 'running',
      text: 'Painting, 40 %.',
      fraction: 0.4,
    });
    gate.open();
    await page.settled(id);
    const seen = page.events.length;
    const last = page.events.findLastIndex(({ event }) => event === 'progress');
    const final = page.events.findLastIndex(({ event, data }) => event === 'message' && data.id === id);
    expect(last).toBeLessThan(final);
    expect(seen).toBeGreaterThan(final);
  });

  it('restyles any picture by an emoji on it', async () => {
    house().work();
    const picture = await ann.picture();
    const asked = await ann.say('/stylize great-wave', [picture.id]);
    const painting = await page.settled(asked.body.replies[0] ?? '');
    const target = painting.pictures[0]?.id ?? '';
    const reaction = { message: painting.id, picture: target, emoji: '🌌' };
    const again = await page.settled(await replyTo(ann.post('/api/reactions', reaction)));
    expect(again).toMatchObject({ replyTo: painting.id, request: { state: 'answered' } });
    expect(again.text).toContain('The Starry Night');
    const own = { message: asked.body.message, picture: picture.id, emoji: '⬛' };
    expect((await page.settled(await replyTo(ann.post('/api/reactions', own)))).text).toContain(
      'Composition',
    );
    await eventually(async () => (await page.message(painting.id)).reactions.length === 1);
    expect((await page.message(painting.id)).reactions).toEqual([{ picture: target, emoji: '🌌' }]);
  });

  it('answers an emoji of no style with a hint, and an unknown target with 404', async () => {
    const picture = await ann.picture();
    const posted = (await ann.say('look', [picture.id])).body;
    const reaction = { message: posted.message, picture: picture.id, emoji: '👍🏽' };
    const hint = await page.message(await replyTo(ann.post('/api/reactions', reaction)));
    expect(hint).toMatchObject({ tone: 'hint', request: null, replyTo: posted.message });
    expect(hint.text).toContain('🌌 starry-night, 🌊 great-wave, ⬛️ composition');
    const astray = await ann.post('/api/reactions', { ...reaction, picture: 'another' });
    expect([astray.status, astray.body.error.code]).toEqual([404, 'picture-unknown']);
    const nowhere = await ann.post('/api/reactions', { ...reaction, message: 'another' });
    expect([nowhere.status, nowhere.body.error.code]).toEqual([404, 'message-unknown']);
    const wordy = await ann.post('/api/reactions', { ...reaction, emoji: 'two words' });
    expect(wordy.status).toBe(400);
  });

  it('takes the latest picture of the thread where none is attached', async () => {
    const none = await page.message(await replyTo(ann.say('/stylize great-wave')));
    expect(none).toMatchObject({ tone: 'hint', request: null });
    expect(none.text).toContain('attach one');
    await ann.say('first', [(await ann.picture(1)).id]);
    const second = await ann.picture(2);
    await ann.say('second', [second.id]);
    const id = await replyTo(ann.say('/stylize great-wave'));
    expect((await house().queue.get(id.slice(2)))?.source).toMatchObject({ picture: second.id });
  });

  it('makes one request for each of several pictures', async () => {
    house().work();
    const pictures = [await ann.picture(1), await ann.picture(2), await ann.picture(3)];
    const ids = pictures.map(({ id }) => id);
    const { replies } = (await ann.say('/stylize great-wave', ids)).body;
    expect(replies).toHaveLength(3);
    const paintings = [];
    for (const id of replies) paintings.push(await page.settled(id));
    expect(new Set(paintings.flatMap((each) => each.pictures.map(({ id }) => id))).size).toBe(3);
    expect((await ann.say('/stylize great-wave', [...ids, 'four', 'five'])).status).toBe(400);
  });

  it('posts a message that is sent again only once', async () => {
    const picture = await ann.picture();
    const first = await ann.say('/stylize great-wave', [picture.id], 'key-12345');
    const second = await ann.say('/stylize great-wave', [picture.id], 'key-12345');
    expect(second.body).toEqual(first.body);
    await ann.say('hello', [], 'key-67890');
    await ann.say('hello', [], 'key-67890');
    await eventually(() => page.thread().length === 4);
    const reloaded = await ann.follow();
    expect(reloaded.thread()).toHaveLength(4);
    reloaded.leave();
    house().work();
    expect((await page.settled(first.body.replies[0] ?? '')).request?.state).toBe('answered');
  });

  it('points an impatient person to the request that is open already', async () => {
    const picture = await ann.picture();
    const first = await replyTo(ann.say('/stylize great-wave', [picture.id]));
    const second = await replyTo(ann.say('/stylize great-wave', [picture.id]));
    expect(second).not.toBe(first);
    expect(await page.settled(second)).toMatchObject({
      tone: 'hint',
      text: 'That one is already on its way.',
      replyTo: first,
      buttons: [],
    });
  });

  it('cancels for the one who asked, and for nobody else', async () => {
    const gate = aGate();
    house().work(async ({ source }, { signal }) => {
      await through(gate, signal);
      return source;
    });
    const picture = await ann.picture();
    const id = await replyTo(ann.say('/stylize great-wave', [picture.id]));
    const path = `/api/requests/${id.slice(2)}/cancel`;
    const bob = await visit(house().playground.url);
    expect((await bob.post(path)).body).toEqual({ cancelled: false });
    expect((await ann.post(path)).body).toEqual({ cancelled: true });
    expect(await page.settled(id)).toMatchObject({ text: 'Cancelled.', request: { state: 'cancelled' } });
    expect((await ann.post(path)).body).toEqual({ cancelled: false });
    gate.open();
  });
});
