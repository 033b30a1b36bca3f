import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findStyle,
  findUpscaler,
  loadCatalogue,
  readPublished,
  servedUpscalers,
  stylesOf,
  upscalersOf,
} from '../../src/inference/catalogue.ts';
import { catalogueFolder, entryOf, published, writeCatalogue } from './support.ts';
import { mixedCatalogue, publishedTiny, upscalerEntry } from './upscaler-support.ts';

let folder: string;

beforeEach(async () => {
  folder = await catalogueFolder('starry-night', 'great-wave');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('loadCatalogue', () => {
  it('lists the networks in their order', async () => {
    const { networks } = await loadCatalogue(folder);
    expect(networks.map(({ name }) => name)).toEqual(['starry-night', 'great-wave']);
    expect(networks[0]).toMatchObject({ kind: 'style', artwork: { year: 1889 }, recipe: { width: 'half' } });
  });

  it('says where it looked for a catalogue that is missing', async () => {
    const nowhere = join(folder, 'nowhere');
    await expect(loadCatalogue(nowhere)).rejects.toMatchObject({
      code: 'catalogue-missing',
      userMessage: expect.stringContaining(join(nowhere, 'catalogue.json')),
    });
  });

  it.each(['', '{', '[1, 2', 'version: 1'])('refuses “%s”, which is no JSON', async (text) => {
    await writeFile(join(folder, 'catalogue.json'), text);
    await expect(loadCatalogue(folder)).rejects.toMatchObject({
      code: 'catalogue-damaged',
      data: { file: join(folder, 'catalogue.json') },
    });
  });

  it('refuses one that is nested deeper than it can be checked', async () => {
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
    const entry = JSON.stringify(entryOf('a', published(1), { recipe: { deep: 0 } }));
    const text = `{"version":1,"networks":[${entry.replace('"deep":0', `"deep":${deep}`)}]}`;
    await writeFile(join(folder, 'catalogue.json'), text);
    await expect(loadCatalogue(folder)).rejects.toMatchObject({
      code: 'catalogue-damaged',
      userMessage: expect.stringContaining(join(folder, 'catalogue.json')),
    });
  });

  it.each([
    ['a version to come', { version: 2 }, 'version'],
    ['an unknown field', { colour: 'blue' }, 'colour'],
    ['no list', { networks: 'none' }, 'networks'],
  ])('refuses %s, naming it', async (_, changes, named) => {
    await writeCatalogue(folder, { version: 1, networks: [], ...changes });
    await expect(loadCatalogue(folder)).rejects.toMatchObject({
      code: 'catalogue-damaged',
      userMessage: expect.stringContaining(named),
    });
  });

  it.each([
    ['a name that nobody could type', { name: 'Starry Night' }, 'networks[0].name'],
    ['a file outside the folder', { file: '../../etc/passwd' }, 'networks[0].file'],
    ['a file that climbs in the middle', { file: 'styles/../../secret' }, 'networks[0].file'],
    ['an absolute file', { file: '/etc/passwd' }, 'networks[0].file'],
    ['a short hash', { sha256: 'abc' }, 'networks[0].sha256'],
    ['an unknown kind', { kind: 'sculpture' }, 'networks[0].kind'],
    ['a misspelt field', { provisionel: true }, 'provisionel'],
    ['an artwork without credit', { artwork: { title: 'T', artist: 'A', year: 1889 } }, 'artwork.credit'],
  ])('refuses %s, naming the field', async (_, changes, named) => {
    await writeCatalogue(folder, { version: 1, networks: [entryOf('a', published(1), changes)] });
    await expect(loadCatalogue(folder)).rejects.toMatchObject({
      code: 'catalogue-damaged',
      report: true,
      userMessage: expect.stringContaining(named),
    });
  });

  it.each([
    ['name', { name: 'a', emoji: '🌊' }, 'name a'],
    ['emoji', { name: 'b', emoji: '❤' }, 'emoji ❤'],
  ])('refuses a second network of the same %s', async (_, second, named) => {
    const bytes = published(1);
    const networks = [entryOf('a', bytes, { emoji: '❤️' }), entryOf('b', bytes, second)];
    await writeCatalogue(folder, { version: 1, networks });
    await expect(loadCatalogue(folder)).rejects.toMatchObject({
      code: 'catalogue-damaged',
      userMessage: expect.stringContaining(`the ${named} stands twice`),
    });
  });
});

describe('findStyle', () => {
  it('finds a style by its name', async () => {
    expect(findStyle(await loadCatalogue(folder), 'great-wave').file).toBe('styles/great-wave.onnx');
  });

  it('suggests the style that was meant, and lists all', async () => {
    const catalogue = await loadCatalogue(folder);
    expect(() => findStyle(catalogue, 'stary-night', (_, names) => names[0])).toThrow(
      expect.objectContaining({
        name: 'UserError',
        code: 'style-unknown',
        userMessage:
          'There is no style “stary-night”: did you mean starry-night? The styles are: starry-night, great-wave.',
        data: { style: 'stary-night', near: 'starry-night' },
      }),
    );
  });

  it('suggests nothing where nothing is near', async () => {
    const catalogue = await loadCatalogue(folder);
    expect(() => findStyle(catalogue, 'cubism')).toThrow(
      expect.objectContaining({
        userMessage: 'There is no style “cubism”. The styles are: starry-night, great-wave.',
      }),
    );
  });

  it('says so when there is no style at all', async () => {
    await writeCatalogue(folder, { version: 1, networks: [] });
    const catalogue = await loadCatalogue(folder);
    expect(() => findStyle(catalogue, 'mosaic')).toThrow(/holds no style yet/);
  });
});

describe('networks that make pictures larger', () => {
  it('stand beside styles; what is served at a factor is named after it', async () => {
    const mixed = await mixedCatalogue();
    const catalogue = await loadCatalogue(mixed);
    await rm(mixed, { recursive: true });
    expect(stylesOf(catalogue).map(({ name }) => name)).toEqual(['waves']);
    expect(upscalersOf(catalogue).map(({ name }) => name)).toEqual(['x4', 'x8', 'x4-pixel']);
    expect(servedUpscalers(catalogue)).toMatchObject([
      { name: 'x4', factor: 4, emoji: '🔍' },
      { name: 'x8', factor: 8, emoji: '🔬', provisional: true },
    ]);
    expect(findUpscaler(catalogue, 'x4-pixel')).toMatchObject({ kind: 'upscale', factor: 4 });
    expect(() => findUpscaler(catalogue, 'x3', (_, names) => names[0])).toThrow(
      expect.objectContaining({
        code: 'upscaler-unknown',
        userMessage: 'There is no upscaler “x3”: did you mean x4? The upscalers are: x4, x8, x4-pixel.',
        data: { upscaler: 'x3', near: 'x4' },
      }),
    );
    expect(() => findStyle(catalogue, 'x4')).toThrow(expect.objectContaining({ code: 'style-unknown' }));
  });

  it.each([
    ['an artwork', { artwork: { title: 'T', artist: 'A', year: 1, credit: 'C' } }, 'artwork'],
    ['no factor', { factor: undefined }, 'factor'],
    ['half a factor', { factor: 2.5 }, 'factor'],
  ])('are refused with %s', async (_, changes, named) => {
    await writeCatalogue(folder, { version: 1, networks: [upscalerEntry('x4', publishedTiny(1), changes)] });
    await expect(loadCatalogue(folder)).rejects.toMatchObject({
      code: 'catalogue-damaged',
      userMessage: expect.stringContaining(named),
    });
  });

  it('share names and emojis with styles', async () => {
    const networks = [
      entryOf('a', published(1), { emoji: '🔍' }),
      upscalerEntry('x4', publishedTiny(1), { emoji: '🔍' }),
    ];
    await writeCatalogue(folder, { version: 1, networks });
    await expect(loadCatalogue(folder)).rejects.toMatchObject({
      userMessage: expect.stringContaining('the emoji 🔍 stands twice'),
    });
  });
});

describe('readPublished', () => {
  it('reads the file that the catalogue lists', async () => {
    const catalogue = await loadCatalogue(folder);
    const bytes = await readPublished(catalogue, findStyle(catalogue, 'starry-night'));
    expect(Buffer.from(bytes).equals(published(1))).toBe(true);
  });

  it.each([
    ['changed', 'network-changed', (file: string) => writeFile(file, published(7))],
    ['cut short', 'network-changed', (file: string) => writeFile(file, published(1).slice(0, 1000))],
    ['missing', 'network-missing', (file: string) => rm(file)],
  ])('names a file that is %s', async (_, code, damage) => {
    const file = join(folder, 'styles/starry-night.onnx');
    await damage(file);
    const catalogue = await loadCatalogue(folder);
    await expect(readPublished(catalogue, findStyle(catalogue, 'starry-night'))).rejects.toMatchObject({
      code,
      data: { file },
      userMessage: expect.stringContaining(file),
    });
  });
});
