import { pathToFileURL } from 'node:url';
import { build } from './steps/compile.mjs';
import { findRedis } from './steps/debian.mjs';
import { checkNode, installPackages } from './steps/packages.mjs';
import { inDist } from './steps/paths.mjs';
import { script } from './steps/run.mjs';

/** A signal that comes sooner after the first belongs to it. */
const ECHO_MS = 500;

/** Everything from a fresh clone to a running playground. */
await script(async () => {
  checkNode();
  installPackages();
  build();
  if (!process.env.REDIS_URL) {
    const { binary, argv0, env } = findRedis();
    Object.assign(process.env, env, { IMPASTO_REDIS_BINARY: binary, IMPASTO_REDIS_ARGV0: argv0 });
  }
  listenOnce();
  // This process becomes the program: nothing stands between it and the terminal, nothing is left should it be killed.
  process.argv = [process.execPath, inDist('main.js'), 'up'];
  await import(pathToFileURL(inDist('main.js')).href);
});

/**
 * npm hands on a Ctrl-C that the terminal has sent to all of us already; to the program, a second one means to stop at
 * once. A terminal that is closed means to stop, too.
 */
function listenOnce() {
  let first;
  for (const name of ['SIGINT', 'SIGTERM']) {
    process.on(name, () => {
      first ??= Date.now();
      if (Date.now() - first < ECHO_MS) return;
      process.removeAllListeners(name);
      process.kill(process.pid, name);
    });
  }
  process.on('SIGHUP', () => process.kill(process.pid, 'SIGTERM'));
}
