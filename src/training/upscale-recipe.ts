import { z } from 'zod';
import { PAPER_SIZE, type UpscaleShape } from '../graph/networks/upscale.ts';
import { DEGRADATIONS, type Degradation } from './photos/degrade.ts';
import type { Rate } from './rate.ts';
import { parseBy, recipeWrong } from './resume.ts';

/**
 * Everything that decides what a super-resolution network becomes, as data: it is written into the network's metadata and
 * its catalogue entry. P is the paper.
 */
export interface UpscaleRecipe extends Rate {
  /** How many times longer each side becomes. */
  readonly factor: 2 | 4 | 8;
  /** What the network's output is added to: the picture enlarged by the cubic kernel, or nothing (P). */
  readonly skip: UpscaleShape['skip'];
  /** What follows every convolution but the last: nothing, or batch normalisation (P). */
  readonly normalisation: UpscaleShape['normalisation'];
  /** `histogram` gives what is made the small picture's own levels, channel by channel (P); `none` leaves it be. */
  readonly matching: 'none' | 'histogram';
  /** What is compared with the truth: its pixels, or its features (both are P's). */
  readonly loss: 'pixel' | 'feature';
  /** Where features are compared: `relu2_2` in P. */
  readonly featureLayers: readonly string[];
  /** As they are (P), or at each place divided by their length over the channels, so that faint places count too. */
  readonly features: 'plain' | 'normalised';
  /** Weight of the pixels beside the features; P has none. */
  readonly pixelWeight: number;
  /** How small pictures are made: P blurs before the cubic kernel. */
  readonly degradation: Degradation;
  /** Bounds of the quality, 1–100, for the degradation `jpeg`. */
  readonly jpegFrom: number;
  readonly jpegTo: number;
  /** Part of the crops that is not compressed, for the degradation `jpeg`. */
  readonly cleanShare: number;
  /** Part of the crops that is of text and line art. */
  readonly textShare: number;
  /** Photos are first made so many times smaller: 1 leaves them as they are, 2 or more takes away their compression. */
  readonly shrink: number;
  /** Side of the small crops in pixels: 72 in P at factor 4, 36 at factor 8. */
  readonly patch: number;
  /** Mirror and turn crops; not in P. */
  readonly flips: boolean;
  /** Crops per step: 4 in P. */
  readonly batch: number;
  /** Photos that are kept out of training, to see on them how it goes. */
  readonly holdOut: number;
  /** Seeds the first weights and the order of photos and crops. */
  readonly seed: number;
}

const recipeShape = {
  factor: z.union([z.literal(2), z.literal(4), z.literal(8)]).default(4),
  skip: z.enum(['bicubic', 'none']).default('bicubic'),
  normalisation: z.enum(['none', 'batch']).default('none'),
  matching: z.enum(['none', 'histogram']).default('none'),
  loss: z.enum(['pixel', 'feature']).default('pixel'),
  featureLayers: z.array(z.string()).min(1).default(['relu2_2']),
  features: z.enum(['plain', 'normalised']).default('plain'),
  pixelWeight: z.number().min(0).default(0),
  degradation: z.enum(DEGRADATIONS).default('bicubic'),
  jpegFrom: z.int().min(1).max(100).default(40),
  jpegTo: z.int().min(1).max(100).default(95),
  cleanShare: z.number().min(0).max(1).default(0.25),
  textShare: z.number().min(0).max(1).default(0),
  shrink: z.number().min(1).max(8).default(1),
  patch: z.int().min(8).max(256).multipleOf(4).default(24),
  flips: z.boolean().default(true),
  batch: z.int().min(1).max(64).default(16),
  holdOut: z.int().min(0).max(1000).default(8),
  rate: z.number().positive().max(0.1).default(5e-4),
  schedule: z.enum(['constant', 'cosine']).default('cosine'),
  iterations: z.int().min(1).default(4000),
  seed: z.int().min(0).default(1),
};

/** A recipe as given, with our defaults for what is left out. */
export const upscaleRecipeSchema: z.ZodType<UpscaleRecipe> = z.strictObject(recipeShape);

/** @throws UserError `recipe-wrong` */
export function parseUpscaleRecipe(given: unknown): UpscaleRecipe {
  const recipe = parseBy(upscaleRecipeSchema, given);
  if (recipe.jpegFrom > recipe.jpegTo) throw recipeWrong('--jpeg-from is above --jpeg-to.');
  return recipe;
}

/** The network that a recipe trains. */
export function upscaleShapeOf(
  recipe: Pick<UpscaleRecipe, 'factor' | 'skip' | 'normalisation'>,
): UpscaleShape {
  const { factor, skip, normalisation } = recipe;
  return { ...PAPER_SIZE, factor, skip, normalisation };
}
