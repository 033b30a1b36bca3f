import type { Artwork } from '../inference/catalogue-schema.ts';
import type { Json } from './checkpoint.ts';
import { PREPROCESSINGS, type Preprocessing } from './loss-network/preprocessing.ts';
import type { TrainingNotes } from './resume.ts';

/** How a network was trained, as it is noted in the network's metadata and in its catalogue entry. */
export type NotedRecipe = Readonly<Record<string, Json>>;

/**
 * The recipe with what it was applied to.
 *
 * @param step steps of this training; those that its first weights had before are added
 * @param lossNetworkName `vgg-16` or `vgg-19`
 */
export function noteRecipe(notes: TrainingNotes, step: number, lossNetworkName: string): NotedRecipe {
  return {
    ...notes.recipe,
    styleLayers: [...notes.recipe.styleLayers],
    steps: notes.stepsBefore + step,
    photos: notes.photos,
    lossNetwork: `${lossNetworkName} ${notes.lossNetwork}`,
    ...(notes.preprocessing ? { preprocessing: notes.preprocessing } : {}),
    artwork: `sha256 ${notes.artwork}`,
  };
}

/** What the loss network was given, as noted; undefined in older recipes, which stand for what its format stands for. */
export function notedPreprocessing(recipe: Readonly<Record<string, unknown>>): Preprocessing | undefined {
  return PREPROCESSINGS.find((known) => known === recipe.preprocessing);
}

/** The metadata properties of a style's published network; `artwork` is known once the style is in a catalogue. */
export function networkMetadata(
  name: string,
  recipe: Readonly<Record<string, unknown>>,
  artwork?: Artwork,
): Record<string, string> {
  return {
    'impasto.name': name,
    ...(artwork ? { 'impasto.artwork': JSON.stringify(artwork) } : {}),
    'impasto.recipe': JSON.stringify(recipe),
    [STEPS]: String(recipe.steps ?? ''),
  };
}

/** The steps that a network has been trained for, by its metadata; 0 where it does not say. */
export function stepsOf(metadata: ReadonlyMap<string, string>): number {
  const steps = Number(metadata.get(STEPS));
  return Number.isInteger(steps) ? steps : 0;
}

const STEPS = 'impasto.steps';
