import { expect, it } from 'vitest';
import { settingsTable } from '../../src/cli/settings.ts';
import { settingRows } from '../../src/config.ts';
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
