import { rm } from 'node:fs/promises';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addStyles } from '../../src/cli/styles.ts';
import { catalogueFolder, entryOf, published, writeCatalogue } from '../inference/support.ts';
import { publishedTiny, upscalerEntry } from '../inference/upscaler-support.ts';

let models: string;

beforeEach(async () => {
  models = await catalogueFolder('wave', 'starry-night');
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(models, { recursive: true });
});

/** What `impasto styles …` prints. */
async function styles(...words: readonly string[]): Promise<string> {
  const program = new Command().exitOverride();
  addStyles(program, { models });
  await program.parseAsync(['styles', ...words], { from: 'user' });
  return vi.mocked(console.log).mock.calls.flat().join('\n');
}

describe('impasto styles', () => {
  it('lists a style a line, with emoji and artwork, columns aligned', async () => {
    const bytes = published(1);
    const networks = [
      entryOf('wave', bytes, { emoji: '🌊', provisional: true }),
      entryOf('starry-night', bytes, { emoji: '🌌' }),
    ];
    await writeCatalogue(models, { version: 1, networks });
    expect((await styles()).split('\n')).toEqual([
      'wave          🌊  The Starry Night, Vincent van Gogh, 1889  (provisional)',
      'starry-night  🌌  The Starry Night, Vincent van Gogh, 1889',
    ]);
  });

  it('prints the catalogue’s entries as JSON', async () => {
    const entries: unknown = JSON.parse(await styles('--json'));
    expect(entries).toEqual([entryOf('wave', published(1)), entryOf('starry-night', published(2))]);
  });

  it('says nothing of networks that are no styles', async () => {
    const networks = [entryOf('wave', published(1)), upscalerEntry('x4', publishedTiny(1))];
    await writeCatalogue(models, { version: 1, networks });
    expect(await styles()).not.toContain('x4');
    vi.mocked(console.log).mockClear();
    expect(JSON.parse(await styles('--json'))).toEqual([entryOf('wave', published(1))]);
  });

  it('says so where there is none, and prints an empty list as JSON', async () => {
    await writeCatalogue(models, { version: 1, networks: [] });
    expect(await styles()).toBe('The catalogue holds no style yet.');
    vi.mocked(console.log).mockClear();
    expect(await styles('--json')).toBe('[]');
  });

  it('names a catalogue that is missing', async () => {
    await rm(models, { recursive: true });
    await expect(styles()).rejects.toMatchObject({ code: 'catalogue-missing' });
    models = await catalogueFolder();
  });
});
