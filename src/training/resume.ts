import { z } from 'zod';
import { ImpastoError, UserError } from '../errors.ts';
import { type Checkpoint, type Json, loadCheckpoint } from './checkpoint.ts';
import { PREPROCESSINGS, type Preprocessing } from './loss-network/preprocessing.ts';
import { type StyleRecipe, styleRecipeSchema } from './recipe.ts';

/** What a checkpoint notes of its training: a resumed one has to agree with it. */
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
}

const notesSchema: z.ZodType<TrainingNotes> = z.object({
  recipe: styleRecipeSchema,
  artwork: z.string(),
  lossNetwork: z.string(),
  preprocessing: z.enum(PREPROCESSINGS).exactOptional(),
  photos: z.int(),
  stepsBefore: z.int(),
});

/** What may change in the middle of a training; everything else would make it another one. */
const CHANGEABLE: readonly string[] = ['rate', 'schedule', 'iterations'] satisfies (keyof StyleRecipe)[];

/**
 * The checkpoint to go on from, and the recipe to go on with: as noted, with what is given changed.
 *
 * @returns undefined where nothing was begun and `resume` is not asked for
 * @throws UserError `run-exists`, `run-missing`, `resume-mismatch`, `recipe-wrong`; ImpastoError `checkpoint-damaged`
 */
export async function openRun(
  folder: string,
  resume: boolean,
  given: Readonly<Partial<StyleRecipe>>,
  onWarning: (sentence: string) => void,
): Promise<{ checkpoint: Checkpoint; notes: TrainingNotes } | undefined> {
  const checkpoint = await loadCheckpoint(folder, (file) =>
    onWarning(`${file} is damaged; an earlier one is taken.`),
  );
  if (!checkpoint) {
    if (!resume) return undefined;
    throw new UserError(
      'run-missing',
      `There is no checkpoint in ${folder} to resume from. Leave --resume out.`,
    );
  }
  if (!resume) {
    throw new UserError(
      'run-exists',
      `${folder} holds a training at step ${checkpoint.step}. Go on with --resume, or remove that folder to begin anew.`,
      { data: { folder, step: checkpoint.step } },
    );
  }
  const notes = readNotes(checkpoint.meta, folder);
  const changed = Object.entries(given).find(([key, value]) => {
    const noted = Object.entries(notes.recipe).find(([name]) => name === key)?.[1];
    return !CHANGEABLE.includes(key) && JSON.stringify(noted) !== JSON.stringify(value);
  });
  if (changed) throw mismatch(`its recipe has another ${changed[0]}`);
  return { checkpoint, notes: { ...notes, recipe: parseRecipe({ ...notes.recipe, ...given }) } };
}

/** Check that a resumed training still has what it began with. @throws UserError `resume-mismatch` */
export function agree(notes: TrainingNotes, now: Omit<TrainingNotes, 'recipe' | 'stepsBefore'>): void {
  if (notes.artwork !== now.artwork) throw mismatch('it has another artwork');
  if (notes.lossNetwork !== now.lossNetwork) throw mismatch('it has another loss network');
  if (notes.preprocessing !== now.preprocessing)
    throw mismatch(`its preprocessing is ${notes.preprocessing}, not ${now.preprocessing}`);
  if (notes.photos !== now.photos)
    throw mismatch(`it had ${notes.photos} photos and the folder now has ${now.photos}`);
}

/** A recipe out of what is given, with defaults for the rest. @throws UserError `recipe-wrong` */
export function parseRecipe(given: unknown): StyleRecipe {
  const parsed = styleRecipeSchema.safeParse(given);
  if (!parsed.success) {
    throw new UserError(
      'recipe-wrong',
      `The recipe does not hold: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
    );
  }
  if (parsed.data.crop > parsed.data.photoShortSide) {
    throw new UserError(
      'recipe-wrong',
      'The recipe does not hold: crops are larger than the photos are resized to.',
    );
  }
  return parsed.data;
}

function readNotes(meta: Json, folder: string): TrainingNotes {
  const parsed = notesSchema.safeParse(meta);
  if (parsed.success) return parsed.data;
  throw new ImpastoError({
    code: 'checkpoint-damaged',
    userMessage: `The checkpoint in ${folder} was made by another version of the trainer. Remove the folder and begin anew.`,
    cause: parsed.error,
  });
}

function mismatch(why: string): UserError {
  return new UserError(
    'resume-mismatch',
    `This training can't be resumed so: ${why}. Take what it began with.`,
  );
}
