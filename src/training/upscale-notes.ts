import { z } from 'zod';
import type { Json } from './checkpoint.ts';
import { PREPROCESSINGS, type Preprocessing } from './loss-network/preprocessing.ts';
import type { NotedRecipe } from './network-metadata.ts';
import { mismatch, type RunKind } from './resume.ts';
import { parseUpscaleRecipe, type UpscaleRecipe, upscaleRecipeSchema } from './upscale-recipe.ts';

/** What a checkpoint notes of a super-resolution network's training: a resumed one has to agree with it. */
export interface UpscaleNotes {
  readonly recipe: UpscaleRecipe;
  /** The loss network, where features are compared. */
  readonly lossNetwork?: JudgeNotes | undefined;
  /** Photos in the folder, those that are kept out of training included. */
  readonly photos: number;
  /** Steps of the trainings that this one's first weights went through before. */
  readonly stepsBefore: number;
}

/** Which loss network, and what it was given. */
export interface JudgeNotes {
  /** `vgg-16` or `vgg-19`. */
  readonly name: string;
  /** SHA-256 of its weights. */
  readonly hash: string;
  readonly preprocessing: Preprocessing;
}

/** The trainings of super-resolution networks. */
export const UPSCALE_RUN: RunKind<UpscaleRecipe, UpscaleNotes> = {
  notes: z.object({
    recipe: upscaleRecipeSchema,
    lossNetwork: z
      .object({ name: z.string(), hash: z.string(), preprocessing: z.enum(PREPROCESSINGS) })
      .optional(),
    photos: z.int(),
    stepsBefore: z.int(),
  }),
  parse: parseUpscaleRecipe,
};

/** Check that a resumed training still has what it began with. @throws UserError `resume-mismatch` */
export function agreeUpscale(notes: UpscaleNotes, now: Pick<UpscaleNotes, 'lossNetwork' | 'photos'>): void {
  if (notes.lossNetwork?.hash !== now.lossNetwork?.hash) throw mismatch('it has another loss network');
  if (notes.lossNetwork?.preprocessing !== now.lossNetwork?.preprocessing)
    throw mismatch('its loss network is given something else');
  if (notes.photos !== now.photos)
    throw mismatch(`it had ${notes.photos} photos and the folder now has ${now.photos}`);
}

/** Notes as they go into a checkpoint. */
export function upscaleMeta({ lossNetwork, ...notes }: UpscaleNotes): Json {
  return {
    ...notes,
    recipe: jsonOf(notes.recipe),
    ...(lossNetwork ? { lossNetwork: { ...lossNetwork } } : {}),
  };
}

/** The recipe with what it was applied to. @param step steps of this training */
export function noteUpscaleRecipe(notes: UpscaleNotes, step: number): NotedRecipe {
  const { recipe, photos, lossNetwork, stepsBefore } = notes;
  return {
    ...jsonOf(recipe),
    steps: stepsBefore + step,
    photos: photos - recipe.holdOut,
    ...(lossNetwork
      ? {
          lossNetwork: `${lossNetwork.name} ${lossNetwork.hash}`,
          preprocessing: lossNetwork.preprocessing,
        }
      : {}),
  };
}

function jsonOf(recipe: UpscaleRecipe): { [key: string]: Json } {
  return { ...recipe, featureLayers: [...recipe.featureLayers] };
}
