import { build } from './steps/compile.mjs';
import { checkNode } from './steps/packages.mjs';
import { script } from './steps/run.mjs';

await script(() => {
  checkNode();
  build();
});
