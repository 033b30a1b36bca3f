import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Whole processes, one file at a time. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});

export default config;
