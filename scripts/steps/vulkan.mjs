import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { canInstall, unpack } from './apt.mjs';
import { cacheFolder, libraryPath } from './debian.mjs';
import { root } from './paths.mjs';
import { say } from './run.mjs';

/** Mesa's drivers, of which lavapipe imitates a graphics card by software; Debian 12's own is too old for WebGPU. */
const mesa = {
  what: 'A Vulkan driver for WebGPU',
  package: 'mesa-vulkan-drivers',
  beside: /^lib(?!egl|gbm|gl)/,
};

const drivers = join('usr', 'share', 'vulkan', 'icd.d');

/**
 * The environment in which the provider webgpu starts: this one, or one with Mesa's software driver, unpacked before or
 * brought here now. Asks the built program.
 *
 * @returns {{ env: Record<string, string> } | { missing: string }}
 */
export function findVulkan() {
  if (starts({})) return { env: {} };
  const folder = cacheFolder(mesa.package);
  if (!existsSync(folder)) {
    if (!canInstall()) return { missing: `${mesa.what} is fetched by itself on Debian and Ubuntu only` };
    const release = /^VERSION_CODENAME=(\w+)$/m.exec(osRelease())?.[1];
    const brought = unpack({ ...mesa, ...(release === 'bookworm' ? { backports: release } : {}) }, folder);
    if (brought !== 'done') return { missing: brought };
  }
  const env = softwareDriver(folder);
  return starts(env) ? { env } : { missing: `the driver in ${folder} does not start` };
}

function softwareDriver(folder) {
  const listed = existsSync(join(folder, drivers)) ? readdirSync(join(folder, drivers)) : [];
  const manifests = listed
    .filter((name) => name.startsWith('lvp_icd'))
    .map((name) => join(folder, drivers, name));
  return {
    LD_LIBRARY_PATH: libraryPath(folder),
    VK_ICD_FILENAMES: manifests.join(':'),
    XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR || '/tmp',
  };
}

function starts(env) {
  const providers = pathToFileURL(join(root, 'dist', 'inference', 'providers.js'));
  const ask = `const { whyMissing } = await import('${providers}'); process.exit((await whyMissing('webgpu')) ? 1 : 0);`;
  const args = ['--input-type=module', '--eval', ask];
  const options = { env: { ...process.env, ...env }, stdio: 'ignore', timeout: 120_000 };
  return spawnSync(process.execPath, args, options).status === 0;
}

function osRelease() {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
}

/**
 * The variable by which the tests of WebGPU learn what environment it needs, as JSON; says so where it can't be had.
 *
 * @returns {Record<string, string>}
 */
export function vulkanEnvironment() {
  const found = findVulkan();
  if ('env' in found) return { IMPASTO_TEST_VULKAN: JSON.stringify(found.env) };
  say(`WebGPU can't run here, so its tests are skipped: ${found.missing}.`);
  return {};
}
