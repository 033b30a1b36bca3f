import { mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from '../../src/training/checkpoint.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'impasto-checkpoint-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function checkpoint(step: number): Checkpoint {
  return {
    step,
    tensors: new Map([
      ['weight:in.weight', { dims: [2, 3], data: Float32Array.of(1, -2.5, 3e-7, step, 0, 1 / 3) }],
      ['mean:größe', { dims: [], data: Float32Array.of(step / 7) }],
      ['square:none', { dims: [0, 4], data: new Float32Array(0) }],
    ]),
    meta: { recipe: { rate: 0.001, layers: ['relu3_3'] }, artwork: 'Die große Welle' },
  };
}

describe('saving and loading', () => {
  it('gives back the same step, tensors and meta to the bit', async () => {
    await saveCheckpoint(folder, checkpoint(7));
    expect(await loadCheckpoint(folder)).toEqual(checkpoint(7));
  });

  it('stores a view of a larger array as the view', async () => {
    const whole = Float32Array.of(9, 9, 1, 2, 9);
    await saveCheckpoint(folder, {
      step: 1,
      tensors: new Map([['a', { dims: [2], data: whole.subarray(2, 4) }]]),
      meta: null,
    });
    expect((await loadCheckpoint(folder))?.tensors.get('a')).toEqual({
      dims: [2],
      data: Float32Array.of(1, 2),
    });
  });

  it('makes the folder, and finds nothing where there is none', async () => {
    const deep = join(folder, 'a', 'b');
    expect(await loadCheckpoint(deep)).toBeUndefined();
    await saveCheckpoint(deep, checkpoint(1));
    expect(await loadCheckpoint(deep)).toEqual(checkpoint(1));
  });

  it('keeps the last two, the newest by number and not by name', async () => {
    for (const step of [8, 9, 10, 100]) await saveCheckpoint(folder, checkpoint(step));
    expect((await readdir(folder)).sort()).toEqual([
      'checkpoint-10.safetensors',
      'checkpoint-100.safetensors',
    ]);
    expect((await loadCheckpoint(folder))?.step).toBe(100);
  });

  it('removes those of later steps from which the run has turned back', async () => {
    for (const step of [10, 20, 15]) await saveCheckpoint(folder, checkpoint(step));
    expect((await readdir(folder)).sort()).toEqual([
      'checkpoint-10.safetensors',
      'checkpoint-15.safetensors',
    ]);
  });

  it('leaves other files alone', async () => {
    await writeFile(join(folder, 'preview-1.jpg'), 'x');
    for (const step of [1, 2, 3]) await saveCheckpoint(folder, checkpoint(step));
    expect(await readdir(folder)).toContain('preview-1.jpg');
  });
});

describe('damage', () => {
  const newest = (): string => join(folder, 'checkpoint-2.safetensors');

  beforeEach(async () => {
    await saveCheckpoint(folder, checkpoint(1));
    await saveCheckpoint(folder, checkpoint(2));
  });

  async function flip(at: number): Promise<void> {
    const bytes = await readFile(newest());
    bytes[bytes.length + at] = (bytes.at(at) ?? 0) ^ 1;
    await writeFile(newest(), bytes);
  }

  it.each<[string, () => Promise<void>]>([
    ['is empty', () => truncate(newest(), 0)],
    ['lost its tail', async () => truncate(newest(), (await readFile(newest())).length - 1)],
    ['has one bit changed', () => flip(-1)],
    ['is something else', () => writeFile(newest(), 'not a checkpoint at all')],
    [
      'is of another step',
      async () => writeFile(newest(), await readFile(join(folder, 'checkpoint-1.safetensors'))),
    ],
  ])('falls back to the one before, with a word on it, where the newest %s', async (_, harm) => {
    await harm();
    const heard: string[] = [];
    const loaded = await loadCheckpoint(folder, (file, error) => heard.push(`${file} ${error.code}`));
    expect(loaded).toEqual(checkpoint(1));
    expect(heard).toEqual([`${newest()} checkpoint-damaged`]);
  });

  it('is an error where no sound one is left', async () => {
    await truncate(newest(), 9);
    await truncate(join(folder, 'checkpoint-1.safetensors'), 9);
    await expect(loadCheckpoint(folder)).rejects.toMatchObject({ code: 'checkpoint-damaged' });
  });

  it('passes over what a killed run left half-written', async () => {
    await writeFile(join(folder, 'checkpoint-3.safetensors.partial'), 'half');
    expect((await loadCheckpoint(folder))?.step).toBe(2);
    await saveCheckpoint(folder, checkpoint(3));
    expect((await loadCheckpoint(folder))?.step).toBe(3);
    expect(await readdir(folder)).not.toContain('checkpoint-3.safetensors.partial');
  });
});

describe('a disk that refuses', () => {
  // Every write to /dev/full fails as on a full disk.
  it('says that it is full, and keeps the last checkpoint', async () => {
    await saveCheckpoint(folder, checkpoint(1));
    await symlink('/dev/full', join(folder, 'checkpoint-2.safetensors.partial'));
    const failure = expect(saveCheckpoint(folder, checkpoint(2))).rejects;
    await failure.toMatchObject({
      code: 'disk-full',
      data: { where: join(folder, 'checkpoint-2.safetensors') },
    });
    expect(await readdir(folder)).toEqual(['checkpoint-1.safetensors']);
    expect(await loadCheckpoint(folder)).toEqual(checkpoint(1));
  });

  it('says that a folder cannot be written to, or read', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    await expect(saveCheckpoint(file, checkpoint(1))).rejects.toMatchObject({
      code: 'not-writable',
      userMessage: expect.stringContaining(file),
    });
    await expect(loadCheckpoint(file)).rejects.toMatchObject({ code: 'not-readable' });
  });
});
