import { z } from 'zod';
import type { Artwork } from '../inference/catalogue-schema.ts';
import type { Json } from './checkpoint.ts';
import { PREPROCESSINGS, type Preprocessing } from './loss-network/preprocessing.ts';

/** How a network was trained, as it is noted in the network's metadata and in its catalogue entry. */
export type NotedRecipe = Readonly<Record<string, Json>>;

/** What the loss network was given, as noted; undefined in older recipes, which stand for what its format stands for. */
export function notedPreprocessing(recipe: Readonly<Record<string, unknown>>): Preprocessing | undefined {
  return PREPROCESSINGS.find((known) => known === recipe.preprocessing);
}

/** The metadata properties of a published network; `artwork` is known once the style is in a catalogue. */
export function networkMetadata(
  name: string,
  recipe: Readonly<Record<string, unknown>>,
  artwork?: Artwork,
): Record<string, string> {
  return {
    'impasto.name': name,
    ...(artwork ? { 'impasto.artwork': JSON.stringify(artwork) } : {}),
    [RECIPE]: JSON.stringify(recipe),
    [STEPS]: String(recipe.steps ?? ''),
  };
}

/** How a network was trained, by its metadata; empty where it does not say, or not in words of ours. */
export function recipeIn(metadata: ReadonlyMap<string, string>): NotedRecipe {
  return notedRecipe.safeParse(metadata.get(RECIPE)).data ?? {};
}

/** JSON, as it stands in the metadata. */
const notedRecipe = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue('no JSON');
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.json()));

/** The steps that a network has been trained for, by its metadata; 0 where it does not say. */
export function stepsOf(metadata: ReadonlyMap<string, string>): number {
  const steps = Number(metadata.get(STEPS));
  return Number.isInteger(steps) ? steps : 0;
}

const RECIPE = 'impasto.recipe';
const STEPS = 'impasto.steps';
