import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { thisMachine } from '../../../src/training/results/machine.ts';
import { loadResults, saveResult } from '../../../src/training/results/saved.ts';
import { savedSpeed, savedStyle, savedText, savedUpscale } from './support.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'impasto-results-'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('saved results', () => {
  it('read as they were written, each under a name of its own', async () => {
    const all = [
      savedSpeed(),
      savedStyle(),
      savedText(),
      savedUpscale({ network: 'bicubic', sha256: undefined, set: 'Set5', degraded: 'jpeg 40' }),
      savedUpscale({ network: 'x4', set: 'Set5', degraded: 'bicubic' }),
    ];
    for (const saved of all) await saveResult(folder, saved);
    expect((await readdir(folder)).sort()).toEqual([
      'speed-waves.json',
      'style-waves.json',
      'text-x4.json',
      'upscale-bicubic-x4-Set5-jpeg-40.json',
      'upscale-x4-Set5-bicubic.json',
    ]);
    expect(await loadResults(folder)).toEqual(JSON.parse(JSON.stringify(all)));
  });

  it('take the place of older ones of the same, and leave other files alone', async () => {
    await writeFile(join(folder, 'strips-x4.webp'), 'a picture');
    await saveResult(folder, savedText({ gain: 1 }));
    const file = await saveResult(folder, savedText({ gain: 2 }));
    expect(await loadResults(folder)).toMatchObject([{ gain: 2 }]);
    expect(file).toBe(join(folder, 'text-x4.json'));
  });

  it.each(['', '{', '{"kind": "text"}', '{"kind": "tale"}'])('that hold %j are named', async (text) => {
    await writeFile(join(folder, 'text-x4.json'), text);
    await expect(loadResults(folder)).rejects.toMatchObject({
      code: 'results-damaged',
      userMessage: expect.stringContaining(join(folder, 'text-x4.json')),
    });
  });

  it('need a folder', async () => {
    await expect(loadResults(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'results-missing' });
  });
});

describe('this machine', () => {
  it('says on what figures were measured', () => {
    expect(thisMachine({ provider: 'cpu', threads: 3 })).toEqual({
      cpu: expect.stringMatching(/./),
      cores: expect.any(Number),
      load: expect.any(Number),
      node: process.versions.node,
      onnxruntime: expect.stringMatching(/^\d+\.\d+\.\d+/),
      provider: 'cpu',
      threads: 3,
    });
  });
});
