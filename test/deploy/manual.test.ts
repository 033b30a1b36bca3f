import { expect, it } from 'vitest';
import { settingsTable } from '../../src/cli/settings.ts';
import { readConfig, settingRows } from '../../src/config.ts';
import { textOf } from './files.ts';

const manual = textOf('docs/operating.md');

it('the manual’s table of settings is the program’s own (“npm run docs” writes it)', () => {
  const [, table] = /<!-- settings -->\n([\s\S]*)\n<!-- \/settings -->/.exec(manual) ?? [];
  expect(table).toBe(settingsTable());
});

it('the table tells nothing of the machine that it was written on', () => {
  for (const { variable, byDefault } of settingRows({})) {
    expect(byDefault, variable).not.toMatch(/^\//);
  }
});

it.each(['docs/operating.md', 'SECURITY.md', 'README.md'])(
  '%s names no setting that there is not',
  (file) => {
    const known = new Set(settingRows({}).flatMap(({ variable, file }) => [variable, file ?? []].flat()));
    const prefixes =
      /^(?:IMPASTO|DISCORD|SLACK|REDIS|METRICS|BOARD|OTEL|PUBLIC|ARTEFACT|PICTURE|CHILD|PROVIDER)_/;
    const named = [...textOf(file).matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map(([name]) => name);
    expect(named.filter((name) => prefixes.test(name) && !known.has(name))).toEqual([]);
  },
);

it('every Redis has room for the pictures and for 70,000 requests in 24 hours, by the manual’s rule', () => {
  for (const [redis, settings] of [
    ['deploy/compose.yaml', 'deploy/compose.yaml'],
    ['deploy/kubernetes/redis.yaml', 'deploy/kubernetes/kustomization.yaml'],
    ['deploy/systemd/redis.conf', undefined],
  ] as const) {
    const [, gigabytes] = /maxmemory (\d+)gb/.exec(textOf(redis)) ?? [];
    const given = settings && /ARTEFACT_MEGABYTES\D+(\d+)/.exec(textOf(settings))?.[1];
    const { artefactMegabytes } = readConfig(given === undefined ? {} : { ARTEFACT_MEGABYTES: given });
    const needed = 1.2 * artefactMegabytes + (70_000 * 4) / 1024 + 32;
    expect(Number(gigabytes) * 1024 * 0.9, redis).toBeGreaterThanOrEqual(needed);
  }
});
