import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it, vi } from 'vitest';
import { addResults } from '../../src/cli/results.ts';
import { listed } from '../../src/training/publish.ts';
import { saveResult } from '../../src/training/results/saved.ts';
import { savedText, savedUpscale } from '../training/results/support.ts';
import { measured } from './measured.ts';

const house = measured();

async function results(): Promise<void> {
  const program = new Command().exitOverride();
  addResults(program, { models: house.models });
  await program.parseAsync(['results', '--folder', join(house.root, 'results')], { from: 'user' });
}

describe('impasto results', () => {
  it('writes the page beside the folder, and says which networks have changed since', async () => {
    const current = (await listed(house.models)).find(({ name }) => name === 'x4-pixel');
    await saveResult(join(house.root, 'results'), savedText());
    await saveResult(
      join(house.root, 'results'),
      savedUpscale({ network: 'x4-pixel', sha256: current?.sha256 }),
    );
    await results();
    const page = await readFile(join(house.root, 'results.md'), 'utf8');
    expect(page).toContain('22.50 (+4.25)');
    expect(vi.mocked(process.stderr.write).mock.calls).toEqual([
      ['x4 was measured as an earlier network: measure it anew.\n'],
    ]);
    await results();
    expect(await readFile(join(house.root, 'results.md'), 'utf8')).toBe(page);
  });

  it('needs results', async () => {
    await expect(results()).rejects.toMatchObject({ code: 'results-missing' });
  });
});
