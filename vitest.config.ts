import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Generous: the machine may be busy with a training. Three files at a time: many wait, and leave two cores idle. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

export default config;
