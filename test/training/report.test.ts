import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linearAxis, logAxis, smooth } from '../../src/training/report/chart.ts';
import { type HistoryEntry, LossHistory } from '../../src/training/report/history.ts';
import { lossCurve } from '../../src/training/report/loss-curve.ts';
import { previewSheet } from '../../src/training/report/preview-sheet.ts';

function entry(step: number, feature = 4e5, style = 2e6 / step, totalVariation = 3e4): HistoryEntry {
  return {
    step,
    seconds: step / 2,
    objective: feature + style + totalVariation,
    feature,
    style,
    totalVariation,
  };
}

describe('the history of losses', () => {
  let folder = '';
  let file = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'impasto-history-'));
    file = join(folder, 'run', 'losses.jsonl');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function write(...steps: number[]): Promise<void> {
    const history = await LossHistory.open(file, 0);
    for (const step of steps) await history.append(entry(step));
  }

  it('is a line of JSON for every step', async () => {
    await write(1, 2);
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([entry(1), entry(2)]);
  });

  it('goes back to the checkpoint when a run is resumed, and on from there', async () => {
    await write(1, 2, 3, 4, 5);
    const history = await LossHistory.open(file, 3);
    expect(history.entries).toEqual([1, 2, 3].map((step) => entry(step)));
    await history.append(entry(4, 7));
    expect(history.entries.at(-1)).toEqual(entry(4, 7));
    expect((await LossHistory.open(file, 9)).entries).toEqual([entry(1), entry(2), entry(3), entry(4, 7)]);
  });

  it('begins anew at step 0', async () => {
    await write(1, 2);
    expect((await LossHistory.open(file, 0)).entries).toEqual([]);
    expect(await readFile(file, 'utf8')).toBe('');
  });

  it('takes out what a killed run left half-written, and does without a file that is gone', async () => {
    await write(1, 2);
    await writeFile(file, `${await readFile(file, 'utf8')}{"step": 3, "obj`);
    expect((await LossHistory.open(file, 5)).entries.length).toBe(2);
    expect((await readFile(file, 'utf8')).trimEnd().split('\n').length).toBe(2);
    await rm(file);
    expect((await LossHistory.open(file, 5)).entries).toEqual([]);
  });

  it('says that the disk is full', async () => {
    await write(1);
    const history = await LossHistory.open(file, 1);
    await rm(file);
    await symlink('/dev/full', file);
    await expect(history.append(entry(2))).rejects.toMatchObject({
      code: 'disk-full',
      data: { where: file },
    });
    expect(history.entries).toEqual([entry(1)]);
  });

  it('says which file cannot be written', async () => {
    await writeFile(join(folder, 'run'), '');
    await expect(LossHistory.open(file, 0)).rejects.toMatchObject({
      code: 'not-writable',
      userMessage: expect.stringContaining(file),
    });
  });
});

describe('axes', () => {
  it.each([
    [0, 1000, [0, 200, 400, 600, 800, 1000]],
    [1, 40_000, [5000, 10_000, 15_000, 20_000, 25_000, 30_000, 35_000, 40_000]],
    [1, 5, [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5]],
    [3, 3, [3]],
  ])('have round ticks from %d to %d', (from, to, ticks) => {
    expect(linearAxis(from, to, [0, 100]).ticks).toEqual(ticks);
  });

  it.each([
    [3, 40, [2, 5, 10, 20, 50]],
    [1, 1, [1, 2]],
    [0.02, 900, [0.01, 0.1, 1, 10, 100, 1000]],
  ])('on a logarithmic scale hold %d to %d', (from, to, ticks) => {
    const axis = logAxis(from, to, [100, 0]);
    expect(axis.ticks.map((tick) => Number(tick.toPrecision(6)))).toEqual(ticks);
    expect(axis.at(ticks[0] ?? 0)).toBeCloseTo(100);
    expect(axis.at(ticks.at(-1) ?? 0)).toBeCloseTo(0);
  });

  it('place equal ratios at equal distances', () => {
    const { at } = logAxis(1, 100, [0, 200]);
    expect([at(1), at(10), at(100)].map(Math.round)).toEqual([0, 100, 200]);
  });
});

it('smooths by the mean around, less far near the start', () => {
  expect(smooth([5, 5, 5, 5], 3)).toEqual([5, 5, 5, 5]);
  expect(smooth([1, 2, 6, 4, 8], 3)).toEqual([1, 3, 4, 6, 6]);
  expect(smooth([1, 2, 6], 1)).toEqual([1, 2, 6]);
  expect(smooth([], 3)).toEqual([]);
});

/** How many pixels of a picture are near a colour. */
async function countOf(picture: Buffer, colour: readonly number[]): Promise<number> {
  const { data } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let count = 0;
  for (let at = 0; at < data.length; at += 3) {
    if (colour.every((value, channel) => Math.abs((data[at + channel] ?? 0) - value) < 24)) count++;
  }
  return count;
}

const BLUE = [31, 111, 178];
const ORANGE = [200, 80, 30];
const GREEN = [46, 139, 87];

describe('the loss curve', () => {
  it('is a PNG with a line for each loss, falling where the loss falls', async () => {
    const picture = await lossCurve(
      Array.from({ length: 2500 }, (_, index) => entry(index + 1)),
      'starry-night',
    );
    expect(await sharp(picture).metadata()).toMatchObject({ format: 'png', width: 1000, height: 600 });
    for (const colour of [BLUE, ORANGE, GREEN]) expect(await countOf(picture, colour)).toBeGreaterThan(400);
    const half = (left: number, top: number): Promise<Buffer> =>
      sharp(picture).extract({ left, top, width: 450, height: 230 }).png().toBuffer();
    expect(await countOf(await half(76, 84), ORANGE)).toBeGreaterThan(50);
    expect(await countOf(await half(526, 84), ORANGE)).toBe(0);
  });

  it.each<[string, HistoryEntry[]]>([
    ['no steps', []],
    ['one step', [entry(1)]],
    ['losses of zero', [entry(1, 0, 0, 0), entry(2, 0, 0, 0)]],
  ])('can be drawn of %s', async (_, history) => {
    const picture = await lossCurve(history, '<a> & "b"');
    expect(await sharp(picture).metadata()).toMatchObject({ width: 1000, height: 600 });
  });

  it('leaves a loss of zero out of the logarithmic scale and draws the others', async () => {
    const history = Array.from({ length: 40 }, (_, index) => entry(index + 1, 4e5, 2e5, 0));
    expect(await countOf(await lossCurve(history, 'x'), BLUE)).toBeGreaterThan(400);
  });
});

describe('the preview sheet', () => {
  const solid = (
    width: number,
    height: number,
    colour: readonly number[],
  ): { width: number; height: number; rgb: Uint8Array } => ({
    width,
    height,
    rgb: Uint8Array.from({ length: width * height * 3 }, (_, index) => colour[index % 3] ?? 0),
  });

  it('shows every picture of every row at one height, in proportion', async () => {
    const rows = [
      { label: 'step 100', pictures: [solid(40, 20, BLUE), solid(20, 20, ORANGE)] },
      { label: 'step <200> & so on', pictures: [solid(10, 20, GREEN)] },
    ];
    const sheet = await previewSheet(rows, 100);
    const { width = 0, height = 0, format } = await sharp(sheet).metadata();
    expect(format).toBe('png');
    expect(width).toBeGreaterThanOrEqual(200 + 100);
    expect(width).toBeLessThan(200 + 100 + 50);
    expect(height).toBeGreaterThanOrEqual(2 * 100);
    for (const [colour, area] of [
      [BLUE, 200 * 100],
      [ORANGE, 100 * 100],
      [GREEN, 50 * 100],
    ] as const) {
      expect(Math.abs((await countOf(sheet, colour)) / area - 1)).toBeLessThan(0.05);
    }
  });

  it('passes over rows without pictures, and refuses to be empty', async () => {
    const row = { label: 'a', pictures: [solid(4, 4, BLUE)] };
    const with_ = await sharp(await previewSheet([{ label: 'none', pictures: [] }, row], 40)).metadata();
    const without = await sharp(await previewSheet([row], 40)).metadata();
    expect([with_.width, with_.height]).toEqual([without.width, without.height]);
    await expect(previewSheet([{ label: 'none', pictures: [] }])).rejects.toThrow(RangeError);
  });
});
