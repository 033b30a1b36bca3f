import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import { mixedCatalogue } from '../inference/upscaler-support.ts';

/** Folders of one test: `root` is empty, `models` is a catalogue of tiny networks. */
export interface Measured {
  root: string;
  models: string;
}

/** New folders for every test of a file, removed afterwards; what commands print is kept from the terminal. */
export function measured(): Measured {
  const folders: Measured = { root: '', models: '' };
  beforeEach(async () => {
    folders.root = await mkdtemp(join(tmpdir(), 'impasto-measured-'));
    folders.models = await mixedCatalogue();
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await rm(folders.root, { recursive: true });
    await rm(folders.models, { recursive: true });
  });
  return folders;
}
