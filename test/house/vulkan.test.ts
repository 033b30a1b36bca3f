import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMachine, type Machine } from './machine.ts';

let machine: Machine;
beforeEach(() => {
  machine = createMachine();
});
afterEach(() => machine.remove());

/** No card of this machine is seen. */
const BLIND = { VK_ICD_FILENAMES: '/nowhere', VK_DRIVER_FILES: '/nowhere', LD_LIBRARY_PATH: '' };

describe('the environment of WebGPU’s tests', () => {
  const code = 'console.log(JSON.stringify(exported.vulkanEnvironment()))';

  it('is left out, with a sentence that says so, where no driver can be had', () => {
    const { printed, said } = machine.run('vulkan.mjs', code, BLIND);
    expect(JSON.parse(printed)).toEqual({});
    expect(said).toBe(
      "WebGPU can't run here, so its tests are skipped: " +
        'A Vulkan driver for WebGPU is fetched by itself on Debian and Ubuntu only.\n',
    );
  });

  it('is left out where what was brought does not start', () => {
    machine.program('cache/impasto/mesa-vulkan-drivers/usr/share/vulkan/icd.d/lvp_icd.json', '');
    const { printed, said } = machine.run('vulkan.mjs', code, BLIND);
    expect(JSON.parse(printed)).toEqual({});
    expect(said).toContain(
      `the driver in ${machine.at('cache/impasto/mesa-vulkan-drivers')} does not start.\n`,
    );
  });
});

describe('what was ported back to a release', () => {
  it('is taken from there alone, whatever the system’s lists have', () => {
    machine.apt(`echo "$*" >> ${machine.at('asked')}
    case "$*" in
      *--simulate*) echo "Inst mesa-vulkan-drivers (25)"; echo "Inst libdrm2 (2)"; echo "Inst libgbm1 (25)";;
      *download*) : > mesa-vulkan-drivers.deb;;
    esac`);
    machine.program('bin/dpkg-deb', '[ "$1" = -x ] || exit 0; /bin/mkdir -p "$3/usr"');
    const wanted =
      "{ what: 'A driver', package: 'mesa-vulkan-drivers', beside: /^lib(?!gbm)/, backports: 'bookworm' }";
    const folder = machine.at('cache/impasto/mesa-vulkan-drivers');
    const { printed } = machine.run(
      'apt.mjs',
      `console.log(JSON.stringify(exported.unpack(${wanted}, ${JSON.stringify(folder)})))`,
    );
    expect(JSON.parse(printed)).toBe('done');
    const asked = readFileSync(machine.at('asked'), 'utf8').trimEnd().split('\n');
    expect(asked.at(-1)).toMatch(/ download mesa-vulkan-drivers libdrm2$/);
    const sources = machine.at('cache/impasto/apt-bookworm/sources.list');
    for (const line of asked) {
      expect(line).toContain(`Dir::Etc::sourcelist=${sources} -o Dir::Etc::sourceparts=-`);
      expect(line).toContain('APT::Default-Release=bookworm-backports');
    }
    const suites = readFileSync(sources, 'utf8').match(/bookworm\S*(?= main$)/gm);
    expect(suites).toEqual(['bookworm', 'bookworm-backports']);
  });
});
