import { build } from './steps/compile.mjs';
import { checkNode, installPackages } from './steps/packages.mjs';
import { say, script } from './steps/run.mjs';
import { runTests, testEnvironment } from './steps/vitest.mjs';
import { vulkanEnvironment } from './steps/vulkan.mjs';

/** The tests of whole processes, which take longer than `npm test` may. */
await script(() => {
  checkNode();
  installPackages();
  const env = testEnvironment();
  build();
  Object.assign(env, vulkanEnvironment());
  runTests('vitest.e2e.config.ts', env, (passed, failed) => say(`${passed} passed, ${failed} failed`));
});
