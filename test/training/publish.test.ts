import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNetwork } from '../../src/graph/network-file.ts';
import type { WeightValues } from '../../src/graph/networks/weights.ts';
import { findStyle, loadCatalogue, readPublished } from '../../src/inference/catalogue.ts';
import { checkPlace, listed, publishStyle, type StyleInit, saveEntry } from '../../src/training/publish.ts';
import { beginning } from '../../src/training/style-trainer.ts';
import { weightsOf } from '../../src/training/trainer.ts';
import { apart, tinyRecipe } from './support.ts';

let models = '';

beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), 'impasto-models-'));
});

afterEach(() => rm(models, { recursive: true }));

const PREVIEW = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);

function weights(seed: number): Map<string, WeightValues> {
  return weightsOf(beginning(tinyRecipe({ seed })));
}

function style(name: string, emoji: string, given: Partial<StyleInit> = {}): StyleInit {
  return {
    name,
    emoji,
    provisional: true,
    artwork: { title: 'Starry Sea', artist: 'Nobody at All', year: 1889, credit: 'public domain' },
    recipe: { ...tinyRecipe(), steps: 40, lossNetwork: 'vgg-16 abc' },
    scores: {},
    ...given,
  };
}

function placed(name: string, emoji: string): StyleInit & { kind: 'style' } {
  return { ...style(name, emoji), kind: 'style' };
}

async function served(name: string): Promise<ReturnType<typeof readNetwork>> {
  const catalogue = await loadCatalogue(models);
  return readNetwork(await readPublished(catalogue, findStyle(catalogue, name)));
}

/** All files below the catalogue's folder. */
async function files(): Promise<string[]> {
  const entries = await readdir(models, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
}

describe('publishing', () => {
  it('writes network, preview, card and entry, as the catalogue then finds them', async () => {
    const entry = await publishStyle(models, style('waves', '🌊'), weights(1), PREVIEW);
    expect(await files()).toEqual(['catalogue.json', 'waves.jpg', 'waves.md', 'waves.onnx']);
    expect((await loadCatalogue(models)).networks).toEqual([entry]);
    expect(entry).toMatchObject({ ...style('waves', '🌊'), kind: 'style', file: 'styles/waves.onnx' });
    expect(Uint8Array.from(await readFile(join(models, entry.preview)))).toEqual(PREVIEW);

    const { weights: stored, metadata } = await served('waves');
    expect(apart(stored, weights(1))).toBe(0);
    expect(metadata.get('impasto.name')).toBe('waves');
    expect(metadata.get('impasto.steps')).toBe('40');
    expect(JSON.parse(metadata.get('impasto.artwork') ?? '')).toEqual(entry.artwork);
    expect(JSON.parse(metadata.get('impasto.recipe') ?? '')).toEqual(entry.recipe);
  });

  it('says on the card what it is, how it was trained and what it scored', async () => {
    const scores = { photos: 2, network: { objective: 1234 } };
    const entry = await publishStyle(models, style('waves', '🌊', { scores }), weights(1), PREVIEW);
    const card = await readFile(join(models, entry.card), 'utf8');
    for (const part of [
      '# 🌊 waves',
      '*Starry Sea* by Nobody at All (1889; public domain)',
      'Provisional',
      '![The same photos, painted](waves.jpg)',
      '| styleLayers | relu1_2, relu2_2, relu3_3, relu4_3 |',
      '| steps | 40 |',
      '| network.objective | 1234 |',
    ])
      expect(card).toContain(part);
  });

  it('again puts the new network in the old one’s place, and leaves the others alone', async () => {
    await publishStyle(models, style('first', '1'), weights(1), PREVIEW);
    await publishStyle(models, style('second', '2'), weights(2), PREVIEW);
    const before = await readFile(join(models, 'styles', 'second.onnx'));
    await publishStyle(models, style('first', '3'), weights(3), PREVIEW);
    expect((await listed(models)).map(({ name, emoji }) => name + emoji)).toEqual(['first3', 'second2']);
    expect(apart((await served('first')).weights, weights(3))).toBe(0);
    expect((await readFile(join(models, 'styles', 'second.onnx'))).equals(before)).toBe(true);
    expect((await files()).length).toBe(7);
  });
});

describe('an entry saved anew', () => {
  it('changes card and catalogue, and neither network nor preview', async () => {
    const entry = await publishStyle(models, style('waves', '🌊'), weights(1), PREVIEW);
    const { provisional: _, ...finished } = entry;
    await saveEntry(models, { ...finished, scores: { photos: 8 } });
    expect((await listed(models))[0]).toEqual({ ...finished, scores: { photos: 8 } });
    expect(apart((await served('waves')).weights, weights(1))).toBe(0);
    const card = await readFile(join(models, entry.card), 'utf8');
    expect(card).toContain('| photos | 8 |');
    expect(card).not.toContain('Provisional');
  });
});

describe('what goes wrong', () => {
  it('there is nothing to list where there is no catalogue, and a damaged one is an error and not overwritten', async () => {
    expect(await listed(join(models, 'nowhere'))).toEqual([]);
    await writeFile(join(models, 'catalogue.json'), '{"version": 1, "networks": [');
    await expect(publishStyle(models, style('waves', '🌊'), weights(1), PREVIEW)).rejects.toMatchObject({
      code: 'catalogue-damaged',
    });
    expect(await readFile(join(models, 'catalogue.json'), 'utf8')).toBe('{"version": 1, "networks": [');
  });

  it('a style that takes another one’s emoji is refused before anything is written', async () => {
    await publishStyle(models, style('first', '🌊'), weights(1), PREVIEW);
    await expect(publishStyle(models, style('second', '🌊'), weights(2), PREVIEW)).rejects.toMatchObject({
      code: 'entry-refused',
      userMessage: "second can't stand in the catalogue: the emoji 🌊 stands twice. Give it another one.",
    });
    expect(await files()).toEqual(['catalogue.json', 'first.jpg', 'first.md', 'first.onnx']);
    expect((await listed(models)).map(({ name }) => name)).toEqual(['first']);
  });

  it('the same is said of a style that is not trained yet, and nothing is written', async () => {
    await publishStyle(models, style('first', '🌊'), weights(1), PREVIEW);
    const before = await files();
    await expect(checkPlace(models, placed('second', '🌊'))).rejects.toMatchObject({ code: 'entry-refused' });
    await checkPlace(models, placed('second', '🌀'));
    await checkPlace(models, placed('first', '🌊'));
    expect(await files()).toEqual(before);
  });

  // Every write to /dev/full fails as on a full disk.
  it.each(['styles/waves.onnx', 'styles/waves.jpg', 'styles/waves.md', 'catalogue.json'])(
    'a disk that is full at %s is said, and the catalogue with all its files stays as it was',
    async (file) => {
      const entry = await publishStyle(models, style('waves', '🌊'), weights(1), PREVIEW);
      await symlink('/dev/full', join(models, `${file}.partial`));
      const failed = publishStyle(models, style('waves', '🌀'), weights(2), Uint8Array.of(1));
      await expect(failed).rejects.toMatchObject({
        code: 'disk-full',
        userMessage: expect.stringContaining('The training itself is safe'),
      });
      expect(await listed(models)).toEqual([entry]);
      expect(apart((await served('waves')).weights, weights(1))).toBe(0);
      expect(Uint8Array.from(await readFile(join(models, entry.preview)))).toEqual(PREVIEW);
      expect(await readFile(join(models, entry.card), 'utf8')).toContain('🌊');
      expect(await files()).toEqual(['catalogue.json', 'waves.jpg', 'waves.md', 'waves.onnx']);
    },
  );
});
