import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addResults } from '../../src/cli/results.ts';
import { listed } from '../../src/training/publish.ts';
import { saveResult } from '../../src/training/results/saved.ts';
import { mixedCatalogue } from '../inference/upscaler-support.ts';
import { savedText, savedUpscale } from '../training/results/support.ts';

let root: string;
let models: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'impasto-results-'));
  models = await mixedCatalogue();
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(root, { recursive: true });
  await rm(models, { recursive: true });
});

async function results(): Promise<void> {
  const program = new Command().exitOverride();
  addResults(program, { models });
  await program.parseAsync(['results', '--folder', join(root, 'results')], { from: 'user' });
}

describe('impasto results', () => {
  it('writes the page beside the folder, and says which networks have changed since', async () => {
    const current = (await listed(models)).find(({ name }) => name === 'x4-pixel');
    await saveResult(join(root, 'results'), savedText());
    await saveResult(join(root, 'results'), savedUpscale({ network: 'x4-pixel', sha256: current?.sha256 }));
    await results();
    const page = await readFile(join(root, 'results.md'), 'utf8');
    expect(page).toContain('22.50 (+4.25)');
    expect(vi.mocked(process.stderr.write).mock.calls).toEqual([
      ['x4 was measured as an earlier network: measure it anew.\n'],
    ]);
    await results();
    expect(await readFile(join(root, 'results.md'), 'utf8')).toBe(page);
  });

  it('needs results', async () => {
    await expect(results()).rejects.toMatchObject({ code: 'results-missing' });
  });
});
