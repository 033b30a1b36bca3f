import { CommanderError } from 'commander';
import { ImpastoError, UserError } from '../errors.ts';
import type { Mask } from '../observing/mask.ts';

const FAILED = 1;
const MISUSED = 2;

/**
 * Say what went wrong, without any secret that it may hold.
 * @param detailed whether whoever runs the program wants to see where a defect lies
 * @returns the exit code: 2 for a mistake of whoever started the program, 1 for anything else, 0 where nothing is wrong
 */
export function explain(
  error: unknown,
  say: (sentence: string) => void,
  mask: Mask,
  detailed: boolean,
): number {
  // It has said so itself.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : MISUSED;
  if (error instanceof ImpastoError) {
    say(mask(error.userMessage));
    return error instanceof UserError ? MISUSED : FAILED;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  say(mask(`Something went wrong in Impasto itself: ${message}`));
  say(detailed ? mask(stack ?? '') : 'LOG_LEVEL=debug tells more.');
  return FAILED;
}
