import { describe, expect, it } from 'vitest';
import { readNetwork } from '../../src/graph/network-file.ts';
import { publishedGraph } from '../../src/graph/networks/style.ts';
import { networkMetadata, notedPreprocessing, stepsOf } from '../../src/training/network-metadata.ts';
import { trainedRecipe } from '../../src/training/recipe.ts';
import { noteRecipe } from '../../src/training/style-notes.ts';
import { beginning } from '../../src/training/style-trainer.ts';
import { weightsOf } from '../../src/training/trainer.ts';
import { tinyRecipe } from './support.ts';

const recipe = tinyRecipe({ styleLayers: ['relu2_2', 'relu4_1'], flips: false });
const notes = { recipe, artwork: 'aa', lossNetwork: 'bb', photos: 12, stepsBefore: 300 };

function stored(metadata: Record<string, string>): ReadonlyMap<string, string> {
  return readNetwork(publishedGraph(weightsOf(beginning(recipe)), metadata)).metadata;
}

describe('a noted recipe', () => {
  it('holds the whole recipe and what it was applied to, and gives the recipe back', () => {
    const noted = noteRecipe(notes, 50, 'vgg-19');
    expect(noted).toMatchObject({ steps: 350, photos: 12, lossNetwork: 'vgg-19 bb', artwork: 'sha256 aa' });
    expect(trainedRecipe(JSON.parse(JSON.stringify(noted)), 'waves')).toEqual(recipe);
  });
});

describe('the preprocessing', () => {
  it('is noted and found again', () => {
    const noted = noteRecipe({ ...notes, preprocessing: 'torchvision' }, 50, 'vgg-19');
    expect(notedPreprocessing(JSON.parse(JSON.stringify(noted)))).toBe('torchvision');
  });

  it('is not made up for a recipe that does not note it', () => {
    expect(noteRecipe(notes, 50, 'vgg-19')).not.toHaveProperty('preprocessing');
    expect(notedPreprocessing({})).toBeUndefined();
  });
});

describe('a network’s metadata', () => {
  it('is found again in its file, with the steps of all trainings', () => {
    const metadata = stored(networkMetadata('waves', noteRecipe(notes, 50, 'vgg-19')));
    expect(metadata.get('impasto.name')).toBe('waves');
    expect(metadata.has('impasto.artwork')).toBe(false);
    expect(stepsOf(metadata)).toBe(350);
  });

  it.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['an empty word', { 'impasto.steps': '' }],
    ['words', { 'impasto.steps': 'many' }],
  ])('counts no steps where it says %s of them', (_, metadata) => {
    expect(stepsOf(stored(metadata))).toBe(0);
  });
});
