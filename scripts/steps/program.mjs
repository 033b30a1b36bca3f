import { build } from './compile.mjs';
import { redisEnvironment } from './debian.mjs';
import { checkNode, installPackages } from './packages.mjs';
import { run, script } from './run.mjs';

/**
 * Build the program, then run a file of the tests that drives it, with the rest of the command line.
 *
 * @param {string} what what failed, should it fail
 * @param {string} file
 */
export async function runOnProgram(what, file) {
  await script(() => {
    checkNode();
    installPackages();
    const env = redisEnvironment();
    build();
    run(what, process.execPath, ['--import', 'tsx', file, ...process.argv.slice(2)], env);
  });
}
