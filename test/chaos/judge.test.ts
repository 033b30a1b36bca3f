import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMITTED } from '../inference/support.ts';
import { type JudgedAsk, type JudgedRequest, judge } from './judge.ts';
import { openPainter } from './painter.ts';
import { openPhotos, type PhotoOf } from './photos.ts';

let photoOf: PhotoOf;
let painter: Awaited<ReturnType<typeof openPainter>>;
beforeAll(async () => {
  photoOf = await openPhotos(1);
  painter = await openPainter(COMMITTED);
});
afterAll(() => painter.close());

const HEARD: JudgedAsk = { acknowledged: true, standing: 'painted', words: 'Here', paintings: 1 };
const UNHEARD: JudgedAsk = { acknowledged: false, standing: 'silent', words: '', paintings: 0 };

async function request(nth: number, asks: readonly JudgedAsk[] = [HEARD]): Promise<JudgedRequest> {
  const photo = await photoOf({ nth, width: 120 + nth, height: 90 });
  return { name: `request ${nth}`, photo, style: 'starry-night', asks };
}

/** As a style's network would: other colours, the same lights and darks. */
async function painting({ photo }: JudgedRequest): Promise<{ where: string; bytes: Uint8Array }> {
  const bytes = await sharp(photo).blur(2).tint('#4060ff').modulate({ brightness: 0.7 }).png().toBuffer();
  return { where: 'a message', bytes };
}

describe('the judge', () => {
  it('is content with one right picture for each', async () => {
    const [one, other] = [await request(0), await request(1, [UNHEARD, HEARD])];
    const verdict = await judge([one, other], [await painting(one), await painting(other)], painter);
    expect(verdict).toEqual({ answers: 2, twice: [], unanswered: [], failed: [], wrong: [] });
  });

  it('counts two for a person who asked twice and was heard twice', async () => {
    const one = await request(0, [HEARD, HEARD]);
    expect((await judge([one], [await painting(one), await painting(one)], painter)).twice).toEqual([]);
  });

  it('finds an answer that is there twice, wherever it stands', async () => {
    const one = await request(0);
    const [miss] = (await judge([one], [await painting(one), await painting(one)], painter)).twice;
    expect(miss).toContain('request 0: 2 pictures where 1 were due');
    const both = await request(0, [{ ...HEARD, paintings: 2 }]);
    expect((await judge([both], [await painting(both)], painter)).twice).toHaveLength(1);
  });

  it('finds an answer to what nobody was told to be heard', async () => {
    const one = await request(0, [UNHEARD, HEARD]);
    expect((await judge([one], [await painting(one), await painting(one)], painter)).twice).toHaveLength(1);
  });

  it.each(['silent', 'open'] as const)('finds one that was heard and is %s', async (standing) => {
    const one = await request(0, [{ ...HEARD, standing, paintings: 0 }]);
    const { unanswered } = await judge([one], [], painter);
    expect(unanswered.join()).toContain('it was acknowledged and never answered');
    expect(unanswered.join()).toContain('no picture came');
  });

  it('finds one that was given up', async () => {
    const one = await request(0, [{ ...HEARD, standing: 'failed', words: 'It broke', paintings: 0 }]);
    const { failed, unanswered } = await judge([one], [], painter);
    expect(failed.join()).toContain('“It broke”');
    expect(unanswered).toHaveLength(1);
  });

  it('finds the photo itself, another’s picture, and one that nobody asked for', async () => {
    const [one, other, stranger] = [await request(0), await request(1), await request(2)];
    const swapped = await sharp((await painting(other)).bytes)
      .rotate(180)
      .toBuffer();
    const { wrong } = await judge(
      [one, other],
      [
        { where: 'first', bytes: one.photo },
        { where: 'second', bytes: swapped },
        { where: 'third', bytes: (await painting(stranger)).bytes },
      ],
      painter,
    );
    expect(wrong).toEqual([
      expect.stringContaining('first, for request 0: the photo, not painted'),
      expect.stringContaining('second, for request 1: a likeness of'),
      expect.stringContaining('third holds a picture that nobody asked for'),
    ]);
  });

  it('asks the network itself where the photo can’t be made out in a painting', async () => {
    const bare = { r: 250, g: 250, b: 250 };
    const wall = await sharp({ create: { width: 240, height: 96, channels: 3, background: bare } })
      .jpeg()
      .toBuffer();
    const one = { ...(await request(0)), photo: wall };
    const where = 'a message';
    const own = await painter.paint(one);
    expect((await judge([one], [{ where, bytes: own }], painter)).wrong).toEqual([]);
    const other = await painter.paint({ ...one, style: 'mondrian' });
    const [miss] = (await judge([one], [{ where, bytes: other }], painter)).wrong;
    expect(miss).toMatch(/a likeness of .*, and [\d.]+ of 255 off the network’s own painting/u);
  });
});
