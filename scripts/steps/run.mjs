import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './paths.mjs';

/** Why a script ends early, in a sentence for the person who ran it; no stack trace belongs to it. */
export class Stop extends Error {
  /** @param {string} sentence @param {number} exitCode */
  constructor(sentence, exitCode = 1) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

/** @param {string} line what is being done, and why */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Run a command in the repository's folder, with the terminal handed through.
 *
 * @param {string} what what failed, should it fail
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @throws {Stop} where it ends in any way but exit code 0
 */
export function run(what, command, args, env = process.env) {
  const { status, signal, error } = spawnSync(command, args, { stdio: 'inherit', cwd: root, env });
  if (error) throw new Stop(`${what}: ${command} could not be started (${error.message}).`);
  if (signal) throw new Stop(`${what}: stopped by ${signal}.`, 128 + constants.signals[signal]);
  if (status !== 0) throw new Stop(`${what} failed; what to mend stands above.`, status ?? 1);
}

/**
 * Run a script's steps; a `Stop` is said and sets the exit code, anything else is a defect and crashes.
 *
 * @param {() => void | Promise<void>} steps
 */
export async function script(steps) {
  try {
    await steps();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    say(error.message);
    process.exitCode = error.exitCode;
  }
}
