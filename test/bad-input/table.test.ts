import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode, inspect } from '../../src/images/decode.ts';
import { startTestRedis, type TestRedis } from '../queue/support.ts';
import type { Stage } from './input.ts';
import { odd } from './odd.ts';
import { openStage } from './stage.ts';
import { page, topics } from './table.ts';

let redis: TestRedis;
let stage: Stage & { close(): Promise<void> };

beforeAll(async () => {
  redis = await startTestRedis();
  stage = await openStage(redis);
});
afterAll(async () => {
  await stage.close();
  await redis.close();
});

describe.each(topics)('$title', ({ inputs, inEnglishOnly = false }) => {
  it.each(inputs)('$input', async ({ code, reads, refused }) => {
    const { chinese, ...heard } = await refused(stage);
    expect(heard).toEqual({ code, english: reads });
    if (inEnglishOnly) return;
    expect(chinese).toMatch(/\p{Script=Han}/u);
    expect(chinese).not.toMatch(/undefined|\{\w/);
  });
});

describe('strange pictures that are taken all the same', () => {
  it.each(odd)('$input', async ({ make, size: [width, height] }) => {
    const bytes = await make();
    const before = process.memoryUsage.rss();
    expect(await inspect(bytes)).toMatchObject({ width, height });
    expect((await decode(bytes)).rgb).toHaveLength(3 * width * height);
    // What unpacks to 200 MB is not unpacked.
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 ** 2);
  });
});

it('the log heard of no defect', () => {
  expect(redis.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

it('a hundred or more are known by name, each by another', () => {
  const names = topics.flatMap(({ title, inputs }) => inputs.map(({ input }) => `${title}: ${input}`));
  expect(names.length).toBeGreaterThanOrEqual(100);
  expect(new Set(names).size).toBe(names.length);
});

it('docs/bad-input.md shows this table (“npm run docs” writes it)', () => {
  expect(readFileSync(new URL('../../docs/bad-input.md', import.meta.url), 'utf8')).toBe(page());
});
