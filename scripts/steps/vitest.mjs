import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium, redisEnvironment } from './debian.mjs';
import { installed } from './paths.mjs';
import { run, say } from './run.mjs';

/**
 * The environment in which tests find Redis and Chromium.
 *
 * @throws {import('./run.mjs').Stop} where one is not to be had
 */
export function testEnvironment() {
  return { ...redisEnvironment(), IMPASTO_CHROMIUM: findChromium().binary };
}

/**
 * Run tests and count them, however they end.
 *
 * @param {string} config vitest's configuration
 * @param {NodeJS.ProcessEnv} env
 * @param {(passed: number, failed: number) => void} count not called where vitest did not get to its report
 * @throws {import('./run.mjs').Stop} where one fails
 */
export function runTests(config, env, count) {
  say('Tests');
  const folder = mkdtempSync(join(tmpdir(), 'impasto-report-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const command = [installed('vitest/vitest.mjs'), 'run', '--config', config, ...reporters];
  try {
    run('Testing', process.execPath, [...command, ...process.argv.slice(2)], env);
  } finally {
    if (existsSync(report)) {
      const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
      count(numPassedTests, numFailedTests);
    }
    rmSync(folder, { recursive: true });
  }
}
