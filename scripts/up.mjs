import { pathToFileURL } from 'node:url';
import { build } from './steps/compile.mjs';
import { findRedis } from './steps/debian.mjs';
import { checkNode, installPackages } from './steps/packages.mjs';
import { inDist } from './steps/paths.mjs';
import { script } from './steps/run.mjs';

/** Everything from a fresh clone to a running playground; what follows “npm run up --” goes to the program. */
await script(async () => {
  checkNode();
  installPackages();
  build();
  if (!process.env.REDIS_URL) {
    const { binary, argv0, env } = findRedis();
    Object.assign(process.env, env, { IMPASTO_REDIS_BINARY: binary, IMPASTO_REDIS_ARGV0: argv0 });
  }
  // This process becomes the program: no parent stands between it and the terminal's signals.
  const main = inDist('main.js');
  process.argv.splice(1, 1, main);
  process.argv.splice(2, 0, 'up');
  await import(pathToFileURL(main).href);
});
