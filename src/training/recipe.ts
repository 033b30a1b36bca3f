import { z } from 'zod';
import { ImpastoError } from '../errors.ts';
import type { Rate } from './rate.ts';

/**
 * Everything that decides what a style network becomes, as data: it is written into the network's metadata
 * and its catalogue entry. Where the paper (P), its published code (C) and later practice (L) differ, the
 * switch says whose way each value is.
 */
export interface StyleRecipe extends ObjectiveRecipe, Rate {
  /** `half` is C's later default, `full` is P's network. */
  readonly width: 'half' | 'full';
  /** The artwork's short side in pixels when its Gram matrices are taken: the size of the strokes. */
  readonly artworkShortSide: number;
  /**
   * σ in pixels of the Gaussian that softens the artwork at that size: 0 in P and C. A scan's grain and sharpening
   * count as style otherwise, and come back as hatching.
   */
  readonly artworkBlur: number;
  /** Photos are resized to this short side: 256 in P and C. */
  readonly photoShortSide: number;
  /** Side of the square crops, a multiple of 16. P trains on whole 256² pictures; smaller crops are cheaper. */
  readonly crop: number;
  /**
   * Where a step compares features: `whole` as in P and C, or `inner`, only where the loss network's padding does not
   * reach. It pads with zeros, which is grey to it, so a painting whose borders are judged learns a grey frame.
   */
  readonly judged: 'whole' | 'inner';
  /**
   * What a step minimises: `perceptual`, the objective below, as P and C; or `distillation`, the mean squared difference
   * to what a trained network paints (`distillationStepModel`).
   */
  readonly loss: 'perceptual' | 'distillation';
  /**
   * Weight of the mean squared difference (0–255) between the painting of a crop and that of a part of it which lies
   * elsewhere on the network's grid: 0 in P and C. It keeps the network from weaving what hangs on its grid and from
   * painting its borders otherwise.
   */
  readonly consistencyWeight: number;
  /** Mirror half of the crops: in neither P nor C. */
  readonly flips: boolean;
  /** Crops per step: 4 in P and C. */
  readonly batch: number;
  /** Adam's learning rate: 1e-3 in P and C. */
  readonly rate: number;
  /** `constant` as P and C; `cosine` falls to a hundredth of the rate over the iterations. */
  readonly schedule: 'constant' | 'cosine';
  /** Steps in all: 40,000 in P. */
  readonly iterations: number;
  /** Seeds the first weights and the order of photos, crops and flips. */
  readonly seed: number;
}

/** The part of a recipe that the objective consists of; scores compare only where these are equal. */
export interface ObjectiveRecipe {
  /** Where features are compared: `relu2_2` is P's layer, `relu3_3` C's. */
  readonly contentLayer: string;
  /** Weight of the feature loss (the mean over all entries of the squared difference, features of RGB in 0–255). */
  readonly contentWeight: number;
  /** Where Gram matrices are compared: P and C agree. */
  readonly styleLayers: readonly string[];
  /** Weight of the style loss (the sum over layers of the mean squared difference of Gram / (C·H·W)). */
  readonly styleWeight: number;
  /** Weight of total variation (mean squared differences of neighbours, in 0–255). */
  readonly totalVariationWeight: number;
  /** `max` as VGG was trained (P, C); `average` as Gatys et al. prefer (L). */
  readonly pooling: 'max' | 'average';
}

const recipeShape = {
  width: z.enum(['half', 'full']).default('half'),
  contentLayer: z.string().default('relu3_3'),
  contentWeight: z.number().min(0).default(1),
  styleLayers: z.array(z.string()).min(1).default(['relu1_2', 'relu2_2', 'relu3_3', 'relu4_3']),
  styleWeight: z.number().min(0).default(15),
  totalVariationWeight: z.number().min(0).default(80),
  pooling: z.enum(['max', 'average']).default('max'),
  artworkShortSide: z.int().min(32).max(2048).default(512),
  artworkBlur: z.number().min(0).max(16).default(1),
  photoShortSide: z.int().min(32).max(2048).default(256),
  crop: z.int().min(32).max(1024).multipleOf(16).default(224),
  judged: z.enum(['whole', 'inner']).default('inner'),
  loss: z.enum(['perceptual', 'distillation']).default('perceptual'),
  consistencyWeight: z.number().min(0).default(0),
  flips: z.boolean().default(true),
  batch: z.int().min(1).max(64).default(2),
  rate: z.number().positive().max(0.1).default(1e-3),
  schedule: z.enum(['constant', 'cosine']).default('cosine'),
  iterations: z.int().min(1).default(6000),
  seed: z.int().min(0).default(1),
};

/** A recipe as given, with our defaults for what is left out. */
export const styleRecipeSchema: z.ZodType<StyleRecipe> = z
  .strictObject(recipeShape)
  .refine(({ consistencyWeight, crop }) => consistencyWeight === 0 || crop >= 96, {
    path: ['consistencyWeight'],
    error: 'needs crops of 96 pixels or more',
  });

/** The recipe that a catalogue entry notes, less what else it notes. @throws ImpastoError `recipe-missing` */
export function trainedRecipe(noted: Readonly<Record<string, unknown>>, style: string): StyleRecipe {
  const known = Object.fromEntries(Object.entries(noted).filter(([key]) => key in recipeShape));
  const parsed = styleRecipeSchema.safeParse(known);
  if (parsed.success && 'styleWeight' in noted) return parsed.data;
  throw new ImpastoError({
    code: 'recipe-missing',
    userMessage: `The catalogue does not say how ${style} was trained, so it can't be scored. Train it with this version.`,
    cause: parsed.error,
  });
}

/**
 * What a network that learns from another takes over of its noted recipe: the objective, and how the artwork is seen; nothing
 * where none is noted.
 */
export function inheritedRecipe(noted: Readonly<Record<string, unknown>>): Partial<StyleRecipe> {
  if (!('styleWeight' in noted)) return {};
  const recipe = trainedRecipe(noted, 'the network to learn from');
  const { artworkShortSide, artworkBlur } = recipe;
  return { ...objectiveOf(recipe), artworkShortSide, artworkBlur };
}

/** The part of a recipe that the objective consists of; its type is spelt out because an interface is no JSON. */
export function objectiveOf(recipe: StyleRecipe): { [Key in keyof ObjectiveRecipe]: ObjectiveRecipe[Key] } {
  const { contentLayer, contentWeight, styleLayers, styleWeight, totalVariationWeight, pooling } = recipe;
  return { contentLayer, contentWeight, styleLayers, styleWeight, totalVariationWeight, pooling };
}
