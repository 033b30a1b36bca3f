import { z } from 'zod';
import type { Json } from './checkpoint.ts';
import { PREPROCESSINGS, type Preprocessing } from './loss-network/preprocessing.ts';
import type { NotedRecipe } from './network-metadata.ts';
import { type StyleRecipe, styleRecipeSchema } from './recipe.ts';
import { mismatch, parseBy, type RunKind, recipeWrong } from './resume.ts';

/** What a checkpoint notes of a style's training: a resumed one has to agree with it. */
export interface TrainingNotes {
  readonly recipe: StyleRecipe;
  /** SHA-256 of the artwork's file, and of the loss network's weights. */
  readonly artwork: string;
  readonly lossNetwork: string;
  /** What the loss network was given; older checkpoints leave it out, and stand for what its format stands for. */
  readonly preprocessing?: Preprocessing;
  /** Photos in the folder. */
  readonly photos: number;
  /** Steps of the trainings that this one's first weights went through before. */
  readonly stepsBefore: number;
  /** The network that is learnt from, where one is. */
  readonly teacher?: TeacherNotes;
}

/** Which network a training learns from, and how that one was trained. */
export interface TeacherNotes {
  /** SHA-256 of its file. */
  readonly sha256: string;
  readonly recipe: NotedRecipe;
}

/** The trainings of styles. */
export const STYLE_RUN: RunKind<StyleRecipe, TrainingNotes> = {
  notes: z.object({
    recipe: styleRecipeSchema,
    artwork: z.string(),
    lossNetwork: z.string(),
    preprocessing: z.enum(PREPROCESSINGS).exactOptional(),
    photos: z.int(),
    stepsBefore: z.int(),
    teacher: z.object({ sha256: z.string(), recipe: z.record(z.string(), z.json()) }).exactOptional(),
  }),
  parse: (given) => {
    const recipe = parseBy(styleRecipeSchema, given);
    if (recipe.crop > recipe.photoShortSide)
      throw recipeWrong('crops are larger than the photos are resized to.');
    return recipe;
  },
};

/** Check that a resumed training still has what it began with. @throws UserError `resume-mismatch` */
export function agree(notes: TrainingNotes, now: Omit<TrainingNotes, 'recipe' | 'stepsBefore'>): void {
  if (notes.artwork !== now.artwork) throw mismatch('it has another artwork');
  if (notes.lossNetwork !== now.lossNetwork) throw mismatch('it has another loss network');
  if (notes.preprocessing !== now.preprocessing)
    throw mismatch(`its preprocessing is ${notes.preprocessing}, not ${now.preprocessing}`);
  if (notes.photos !== now.photos)
    throw mismatch(`it had ${notes.photos} photos and the folder now has ${now.photos}`);
  if (notes.teacher?.sha256 !== now.teacher?.sha256) throw mismatch('it learns from another network');
}

/** Notes as they go into a checkpoint. */
export function toMeta({ teacher, ...notes }: TrainingNotes): Json {
  return {
    ...notes,
    recipe: { ...notes.recipe, styleLayers: [...notes.recipe.styleLayers] },
    ...(teacher ? { teacher: { ...teacher } } : {}),
  };
}

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
    ...(notes.teacher ? { teacher: { sha256: notes.teacher.sha256, ...notes.teacher.recipe } } : {}),
  };
}
