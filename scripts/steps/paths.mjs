import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder: scripts work the same from any other. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/**
 * A JavaScript program out of `node_modules`, to be run with this Node; no shell and no `npx` in between.
 *
 * @param {string} file below `node_modules`
 */
export function installed(file) {
  return join(root, 'node_modules', file);
}

/** @param {string} file a file of the built program */
export function inDist(file) {
  return join(root, 'dist', file);
}
