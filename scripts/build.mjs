import { build } from './steps/compile.mjs';
import { checkNode, installPackages } from './steps/packages.mjs';
import { script } from './steps/run.mjs';

await script(() => {
  checkNode();
  installPackages();
  build();
});
