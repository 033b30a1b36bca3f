import { z } from 'zod';
import { ImpastoError, UserError } from '../errors.ts';
import { type Checkpoint, type Json, loadCheckpoint } from './checkpoint.ts';

/** What a kind of training notes in its checkpoints, and how its recipe is read. */
export interface RunKind<Recipe extends object, Notes extends { readonly recipe: Recipe }> {
  readonly notes: z.ZodType<Notes>;
  /** A recipe out of what is given, with defaults for the rest. @throws UserError `recipe-wrong` */
  parse(given: unknown): Recipe;
}

/** What may change in the middle of a training; everything else would make it another one. */
const CHANGEABLE: readonly string[] = ['rate', 'schedule', 'iterations'];

/**
 * The checkpoint to go on from, and the recipe to go on with: as noted, with what is given changed.
 *
 * @returns undefined where nothing was begun and `resume` is not asked for
 * @throws UserError `run-exists`, `run-missing`, `resume-mismatch`, `recipe-wrong`; ImpastoError `checkpoint-damaged`
 */
export async function openRun<Recipe extends object, Notes extends { readonly recipe: Recipe }>(
  kind: RunKind<Recipe, Notes>,
  run: {
    readonly folder: string;
    readonly resume: boolean;
    readonly recipe: Readonly<Partial<Recipe>>;
    readonly onWarning: (sentence: string) => void;
  },
): Promise<{ checkpoint: Checkpoint; notes: Notes } | undefined> {
  const { folder, resume, recipe: given, onWarning } = run;
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
  const notes = readNotes(kind.notes, checkpoint.meta, folder);
  const changed = Object.entries(given).find(([key, value]) => {
    const noted = Object.entries(notes.recipe).find(([name]) => name === key)?.[1];
    return !CHANGEABLE.includes(key) && JSON.stringify(noted) !== JSON.stringify(value);
  });
  if (changed) throw mismatch(`its recipe has another ${changed[0]}`);
  return { checkpoint, notes: { ...notes, recipe: kind.parse({ ...notes.recipe, ...given }) } };
}

/** What keeps a training from being resumed. */
export function mismatch(why: string): UserError {
  return new UserError(
    'resume-mismatch',
    `This training can't be resumed so: ${why}. Take what it began with.`,
  );
}

/** What is given, as the schema wants it. @throws UserError `recipe-wrong` */
export function parseBy<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw recipeWrong(z.prettifyError(parsed.error).replaceAll('\n', ' '));
}

/** What is wrong with a recipe. */
export function recipeWrong(why: string): UserError {
  return new UserError('recipe-wrong', `The recipe does not hold: ${why}`);
}

function readNotes<Notes>(schema: z.ZodType<Notes>, meta: Json, folder: string): Notes {
  const parsed = schema.safeParse(meta);
  if (parsed.success) return parsed.data;
  throw new ImpastoError({
    code: 'checkpoint-damaged',
    userMessage: `The checkpoint in ${folder} was made by another version of the trainer. Remove the folder and begin anew.`,
    cause: parsed.error,
  });
}
