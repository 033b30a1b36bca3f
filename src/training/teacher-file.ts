import { createHash } from 'node:crypto';
import { UserError } from '../errors.ts';
import { readNetwork } from '../graph/network-file.ts';
import { styleShape } from '../graph/networks/style.ts';
import type { WeightValues } from '../graph/networks/weights.ts';
import { recipeIn } from './network-metadata.ts';
import { readOwn } from './own-file.ts';
import { inheritedRecipe, type StyleRecipe } from './recipe.ts';
import type { TeacherNotes } from './style-notes.ts';
import { widthOf } from './style-step.ts';

/** A finished network to learn from. */
export interface Teacher {
  /** The file itself, to be kept with the training. */
  readonly bytes: Uint8Array;
  readonly weights: ReadonlyMap<string, WeightValues>;
  readonly metadata: ReadonlyMap<string, string>;
  /** Undefined where no recipe makes it. */
  readonly width: StyleRecipe['width'] | undefined;
  readonly notes: TeacherNotes;
  /** What a network that learns from it takes over, since it is scored by it; nothing where the teacher does not say. */
  readonly inherited: Partial<StyleRecipe>;
}

/** @throws UserError `teacher-mismatch`, `file-unreadable`; ImpastoError `network-damaged` */
export async function readTeacher(file: string): Promise<Teacher> {
  const bytes = await readOwn(file, 'network to learn from');
  const network = readNetwork(bytes);
  if (!network.weights.has('down2.weight'))
    throw teacherMismatch(`${file} is no style’s network, so none can learn from it.`);
  const recipe = recipeIn(network.metadata);
  return {
    ...network,
    bytes,
    width: widthOf(styleShape(network.weights)),
    notes: { sha256: createHash('sha256').update(bytes).digest('hex'), recipe },
    inherited: inheritedRecipe(recipe),
  };
}

/** @param artwork the SHA-256 of the artwork's file @throws UserError `teacher-mismatch` where it has learnt another */
export function checkTeaches({ notes }: Teacher, artwork: string): void {
  const learnt = notes.recipe.artwork;
  if (learnt === undefined || learnt === `sha256 ${artwork}`) return;
  throw teacherMismatch('The network to learn from was trained on another artwork. Take that one.');
}

function teacherMismatch(userMessage: string): UserError {
  return new UserError('teacher-mismatch', userMessage);
}
