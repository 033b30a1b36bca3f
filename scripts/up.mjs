import { pathToFileURL } from 'node:url';
import { build } from './steps/compile.mjs';
import { findRedis } from './steps/debian.mjs';
import { checkNode, installPackages } from './steps/packages.mjs';
import { inDist } from './steps/paths.mjs';
import { script } from './steps/run.mjs';

/** Everything from a fresh clone to a running playground. */
await script(async () => {
  checkNode();
  installPackages();
  build();
  if (!process.env.REDIS_URL) {
    const { binary, argv0, env } = findRedis();
    Object.assign(process.env, env, { IMPASTO_REDIS_BINARY: binary, IMPASTO_REDIS_ARGV0: argv0 });
  }
  // A terminal that is closed means to stop.
  process.on('SIGHUP', () => process.kill(process.pid, 'SIGTERM'));
  // This process becomes the program: nothing stands between it and the terminal, nothing is left should it be killed.
  process.argv = [process.execPath, inDist('main.js'), 'up'];
  await import(pathToFileURL(inDist('main.js')).href);
});
