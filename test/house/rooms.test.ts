import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf } from './imports.ts';
import { violations } from './rooms.ts';

const root = join(import.meta.dirname, '..', '..');

/** The line between both sides is left out: Markdown underlines headings so. */
const unmerged = /^(?:<{7}|\|{7}|>{7}) /m;

describe('the house', () => {
  it('keeps imports going down the list of rooms', () => {
    const files = filesIn('src', ['.ts']);
    expect(files.size).toBeGreaterThan(100);
    expect(violations(files)).toEqual([]);
  });

  it('has no file over 300 lines', () => {
    const long = ['src', 'test', 'scripts'].flatMap((folder) =>
      [...filesIn(folder, ['.ts', '.mjs', '.css', '.html'])]
        .filter(([, text]) => text.trimEnd().split('\n').length > 300)
        .map(([file]) => join(folder, file)),
    );
    expect(long).toEqual([]);
  });

  // Without its history, as in an archive, nothing tells which files are its own.
  it.skipIf(!existsSync(join(root, '.git')))('has no file with two sides of a merge left in it', () => {
    const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
    const texts = tracked.filter((file) => file !== '' && existsSync(join(root, file)));
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((file) => unmerged.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });

  it.each(['<<<<<<< HEAD', '||||||| 1a2b3c4', '>>>>>>> main'])('knows what a merge leaves: %s', (line) => {
    expect(unmerged.test(`before\n${line}\nafter\n`)).toBe(true);
    expect(unmerged.test(`a string of '${line}'`)).toBe(false);
  });
});

describe('the check of rooms', () => {
  it.each([
    ['graph/a.ts', `import { x } from '../training/b.ts';`, 'is in graph and imports training above it'],
    ['images/a.ts', `import type { X } from '../graph/b.ts';`, 'is in images and imports graph above it'],
    ['queue/a.ts', `export * from '../commands/b.ts';`, 'is in queue and imports commands above it'],
    ['queue/a.ts', `export { x } from '../bots/b.ts';`, 'is in queue and imports bots above it'],
    ['inference/a.ts', `await import('../queue/b.ts');`, 'is in inference and imports queue above it'],
    ['training/a.ts', `type X = import('../cli/b.ts').X;`, 'is in training and imports cli above it'],
    ['commands/a.ts', `import '../main.ts';`, 'is in commands and imports cli above it'],
    [
      'images/a.ts',
      `new URL('../queue/child.js', import.meta.url);`,
      'is in images and imports queue above it',
    ],
    ['errors.ts', `import { y } from './config.ts';`, 'is in errors and imports config above it'],
    ['config.ts', `import { y } from './images/limits.ts';`, 'is in config and imports images above it'],
    ['bots/a.ts', `import { y } from '../inference/b.ts';`, 'is in bots, which must not know inference'],
    ['bots/a.ts', `import { y } from '../training/b.ts';`, 'is in bots, which must not know training'],
    [
      'commands/a.ts',
      `import { Client } from 'discord.js';`,
      'is in commands, which must not know discord.js',
    ],
    [
      'commands/a.ts',
      `import { App } from '@slack/bolt';`,
      'is in commands, which must not know @slack/bolt',
    ],
    [
      'queue/a.ts',
      `import type { App } from '@slack/web-api';`,
      'is in queue, which must not know @slack/web-api',
    ],
    ['inference/a.ts', `import { Queue } from 'bullmq';`, 'is in inference, which must not know bullmq'],
    ['bots/a.ts', `import { y } from '../observing/b.ts';`, 'is in bots, which must not know observing'],
    ['queue/a.ts', `import { y } from '../observing/b.ts';`, 'is in queue and imports observing above it'],
    [
      'observing/a.ts',
      `import { App } from '@slack/bolt';`,
      'is in observing, which must not know @slack/bolt',
    ],
    ['cli/a.ts', `await import(name);`, 'imports something computed'],
    [
      'cli/a.ts',
      `import { y } from '../../scripts/b.ts';`,
      'imports ../../scripts/b.ts, which lies in no room',
    ],
    ['attic/a.ts', `import { y } from '../errors.ts';`, 'lies in no room'],
    ['bots/playground/page/a.ts', `import '../wire.ts';`, 'is part of the page and imports ../wire.ts'],
    ['bots/playground/page/a.ts', `import 'zod';`, 'is part of the page and imports zod'],
  ])('sees that %s may not say %s', (file, code, sentence) => {
    expect(violations(new Map([[file, `\n${code}\n`]]))).toEqual([`src/${file}:2 ${sentence}`]);
  });

  it.each([
    ['cli/a.ts', `import { x } from '../training/b.ts'; import '../errors.ts';`],
    ['bots/a.ts', `import { x } from '../queue/b.ts'; import fastify from 'fastify';`],
    ['training/photos/a.ts', `export { x } from '../../graph/b.ts'; import { y } from './c.ts';`],
    ['queue/a.ts', `import { Queue } from 'bullmq'; const words = 'import x from "../bots/b.ts"';`],
    ['images/a.ts', `// import { x } from '../queue/b.ts';\nimport sharp from 'sharp';`],
    ['bots/playground/page/a.ts', `import type { X } from './wire.ts';`],
  ])('lets %s say %s', (file, code) => {
    expect(violations(new Map([[file, code]]))).toEqual([]);
  });

  it('finds each kind of import, with its line', () => {
    const code = [
      `import a from 'a';`,
      `import type { B } from './b.ts';`,
      `export * from './c.ts';`,
      `export { d } from './d.ts';`,
      `const e = await import('./e.ts');`,
      `type F = import('./f.ts').F;`,
      `import g = require('./g.ts');`,
      `new Worker(new URL('./h.js', import.meta.url));`,
      `await import(a);`,
    ].join('\n');
    const found = ['a', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts', './g.ts', './h.js', undefined];
    expect(importsOf(code)).toEqual(found.map((specifier, index) => ({ specifier, line: index + 1 })));
  });
});

/** Contents by path, with slashes, below a folder of the repository. */
function filesIn(folder: string, extensions: readonly string[]): ReadonlyMap<string, string> {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const chosen = names.filter((name) => extensions.includes(extname(name)));
  return new Map(
    chosen.map((name) => [name.split(sep).join('/'), readFileSync(join(root, folder, name), 'utf8')]),
  );
}
