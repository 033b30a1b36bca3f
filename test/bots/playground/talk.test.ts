import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { en } from '../../../src/commands/messages/en.ts';
import { zhHant } from '../../../src/commands/messages/zh-hant.ts';
import { ImpastoError, UserError } from '../../../src/errors.ts';
import { eventually } from '../../queue/support.ts';
import { usePlayground } from './use-playground.ts';
import { type Following, replyTo, type Visitor, visit } from './visitor.ts';

describe('what the playground says', () => {
  const { house, redis } = usePlayground();
  let ann: Visitor;
  let page: Following;

  beforeEach(async () => {
    ann = await visit(house().playground.url);
    page = await ann.follow();
  });
  afterEach(() => page.leave());

  it('says what went wrong with an incident, and the log has the same one', async () => {
    house().work(async ({ task }) => {
      if (task.network === 'starry-night') throw new TypeError('a secret of the house');
      const publicMessage = 'This style is broken.';
      throw new ImpastoError({ code: 'x', userMessage: 'See /srv.', report: true, publicMessage });
    });
    const picture = await ann.picture();
    const broken = await page.settled(await replyTo(ann.say('/stylize great-wave', [picture.id])));
    expect(broken).toMatchObject({ tone: 'failure', request: { state: 'failed' }, pictures: [] });
    const incident = /^This style is broken\. \(incident ([0-9a-f]{8})\)$/.exec(broken.text)?.[1];
    expect(redis().log.lines.some(({ facts }) => 'incident' in facts && facts.incident === incident)).toBe(
      true,
    );
    const defect = await page.settled(await replyTo(ann.say('/stylize starry-night', [picture.id])));
    expect(defect.text).not.toContain('secret');
    expect(defect.text.match(/[0-9a-f]{8}/g)).toHaveLength(1);
  });

  it('fails kindly in the thread when the queue is full', async () => {
    const full = await house().another({
      queue: {
        ...house().queue,
        submit: async () => {
          throw new UserError('queue-full', 'Too many pictures are waiting just now.');
        },
      },
    });
    const visitor = await visit(full.url);
    const picture = await visitor.picture();
    const { body } = await visitor.say('/stylize great-wave', [picture.id]);
    const seen = await visitor.follow();
    const told = await eventually(() => seen.thread().find(({ id }) => id === body.replies[0]));
    expect(told).toMatchObject({ tone: 'failure', request: { state: 'failed' } });
    expect(told.text).toContain('Too many pictures are waiting just now.');
    seen.leave();
  });

  it('speaks up about mistakes and small talk', async () => {
    const text = async (line: string, pictures: string[] = []) =>
      (await page.message(await replyTo(ann.say(line, pictures)))).text;
    expect(await text('/stylize stary-night', [(await ann.picture()).id])).toContain(
      'did you mean starry-night?',
    );
    expect(await text('/stylize great-wave strength:7')).toContain('from 0 to 1');
    expect(await text('hello')).toContain('/stylize starry-night');
    expect(await text('', [(await ann.picture(5)).id])).toContain('A fine picture');
    expect(await text('/help')).toContain('/stylize <style>');
    expect(await text('/styles')).toContain('🌊 great-wave: The Great Wave, Hokusai, 1831');
  });

  it('enlarges by command and by the magnifier', async () => {
    house().work();
    const picture = await ann.picture();
    const { body } = await ann.say('/upscale 8x', [picture.id]);
    const large = await page.settled(body.replies[0] ?? '');
    expect(large.text).toContain('Enlarged 8 times');
    expect(large.pictures).toHaveLength(1);
    const reaction = { message: body.message, picture: picture.id, emoji: '🔍' };
    const larger = await page.settled(await replyTo(ann.post('/api/reactions', reaction)));
    expect(larger.text).toContain('Enlarged 4 times');
  });

  it('lists what is in line, with a button for each of mine', async () => {
    const picture = await ann.picture();
    await page.message(await replyTo(ann.say('/stylize great-wave', [picture.id])));
    await page.message(await replyTo(ann.say('/upscale', [picture.id])));
    const list = await page.message(await replyTo(ann.say('/queue')));
    expect(list.text).toContain('1. 🌊 great-wave: ');
    expect(list.text).toContain('2. 🔍 x4: ');
    expect(list.buttons.map(({ action, label }) => [action, label])).toEqual([
      ['cancel', 'Cancel 1'],
      ['cancel', 'Cancel 2'],
    ]);
    for (const { request } of list.buttons) {
      expect((await ann.post(`/api/requests/${request}/cancel`)).body.cancelled).toBe(true);
    }
    const bob = await visit(house().playground.url);
    const theirs = await bob.follow();
    expect((await theirs.message(await replyTo(bob.say('/queue')))).buttons).toEqual([]);
    theirs.leave();
  });

  it('deletes what is kept of a person, and says so', async () => {
    house().work();
    const picture = await ann.picture();
    await page.settled(await replyTo(ann.say('/stylize great-wave', [picture.id])));
    const gone = await page.message(await replyTo(ann.say('/impasto-forget')));
    expect(gone.text).toMatch(/^Deleted: \d+ pictures? and 1 request of yours\./);
    const again = await page.message(await replyTo(ann.say('/impasto forget')));
    expect(again.text).toContain('I have nothing of yours.');
  });

  it('refuses in the language of the browser', async () => {
    const refused = await ann.raw('/api/pictures/nothing', {
      headers: { 'accept-language': 'zh-TW,zh;q=0.9' },
    });
    expect(refused.body.error).toMatchObject({
      code: 'picture-unknown',
      message: zhHant.failures['picture-unknown'],
    });
    expect((await ann.get('/api/pictures/nothing')).body.error.message).toBe(en.failures['picture-unknown']);
  });

  it('tells of its commands, styles, samples and health', async () => {
    const { body } = await ann.get('/api/commands');
    expect(body.commands.map(({ name }) => name)).toEqual([
      'stylize',
      'upscale',
      'styles',
      'queue',
      'help',
      'impasto-forget',
    ]);
    expect(body.commands[0]?.options[1]).toMatchObject({
      name: 'strength',
      type: 'number',
      min: 0,
      max: 1,
      default: 1,
    });
    expect(body.commands[0]?.options[0]?.choices).toHaveLength(3);
    expect(body.styles[0]).toMatchObject({
      emoji: '🌌',
      provisional: false,
      preview: '/api/previews/starry-night',
    });
    expect(body.styles[1]).toMatchObject({ provisional: true, preview: null });
    expect(body.limits).toEqual({ pictures: 4, pictureBytes: 25 * 1024 ** 2, text: 2_000 });
    expect((await ann.get(body.styles[0]?.preview ?? '')).headers.get('content-type')).toBe('image/jpeg');
    expect((await ann.get('/api/previews/great-wave')).status).toBe(404);
    expect((await ann.get('/api/previews/..%2f..%2fetc%2fpasswd')).status).toBe(404);
    const { samples } = (await ann.get('/api/samples')).body;
    expect(samples).toEqual([{ name: 'boats', title: 'Boats', url: '/api/samples/boats' }]);
    expect((await ann.get(samples[0]?.url ?? '')).headers.get('content-type')).toBe('image/jpeg');
    const taken = await ann.post('/api/pictures', { sample: 'boats' });
    expect(taken).toMatchObject({ status: 201, body: { picture: { alt: 'Boats', width: 24 } } });
    expect((await ann.post('/api/pictures', { sample: 'cars' })).status).toBe(404);
    expect((await ann.get('/healthz')).body).toEqual({ ok: true });
  });
});
