import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Properties, one after the other, each for as long as it was given. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/fuzz/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 0,
    hookTimeout: 60_000,
  },
});

export default config;
