import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join, normalize } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ImpastoError } from '../../src/errors.ts';
import { type Catalogue, loadCatalogue, readPublished } from '../../src/inference/catalogue.ts';
import type { CatalogueEntry } from '../../src/inference/catalogue-schema.ts';
import { checkNetworks, createNetworks } from '../../src/inference/network.ts';
import { type PaintJob, paintBytes } from '../../src/inference/paint-bytes.ts';
import { gradient, toSharp } from '../images/support.ts';
import { published } from '../inference/support.ts';
import { mixedCatalogue, publishedTiny } from '../inference/upscaler-support.ts';
import { damage, damaged, type Sample } from './bytes.ts';
import { holds } from './holds.ts';
import { json, jsonDamage, spoilJson } from './json.ts';

let folder: string;
let sound: Catalogue;
let text: string;
let picture: Buffer;

beforeAll(async () => {
  folder = await mixedCatalogue();
  sound = await loadCatalogue(folder);
  text = JSON.stringify({ version: 1, networks: sound.networks }, null, 2);
  picture = await toSharp(gradient(24, 20)).png().toBuffer();
});
afterAll(() => rm(folder, { recursive: true }));

/** What keeps the program from starting, for whoever runs it: of these codes, and naming the file. */
function expectNamed(error: unknown, codes: readonly string[], file: string): void {
  if (!(error instanceof ImpastoError)) throw error;
  expect(codes).toContain(error.code);
  expect(error.userMessage).toContain(file);
  expect(error.report).toBe(true);
}

async function expectCatalogue(content: string | Buffer): Promise<void> {
  const file = join(folder, 'catalogue.json');
  await writeFile(file, content);
  let catalogue: Catalogue;
  try {
    catalogue = await loadCatalogue(folder);
  } catch (error) {
    expectNamed(error, ['catalogue-damaged'], file);
    return;
  }
  const names = catalogue.networks.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const entry of catalogue.networks) {
    for (const path of [entry.file, entry.preview, entry.card]) {
      expect(isAbsolute(path) || normalize(path).startsWith('..')).toBe(false);
    }
    try {
      await readPublished(catalogue, entry);
    } catch (error) {
      expectNamed(error, ['network-missing', 'network-changed'], join(folder, entry.file));
    }
  }
}

it('a catalogue with other bytes is refused by its name, or holds nothing that is not valid', () =>
  holds(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (all) => {
      const sample: Sample = { name: 'catalogue', bytes: Buffer.from(text), marks: [0] };
      await expectCatalogue(damaged(sample, all, [sample]));
    }),
    150,
  ));

it('a catalogue with other values is refused by its name, or holds nothing that is not valid', () =>
  holds(
    fc.asyncProperty(fc.array(jsonDamage, { minLength: 1, maxLength: 3 }), async (all) => {
      await expectCatalogue(JSON.stringify(spoilJson(JSON.parse(text), all)));
    }),
    200,
  ));

it('a catalogue that is any JSON at all is refused by its name', () =>
  holds(
    fc.asyncProperty(json, async (value) => {
      await expectCatalogue(JSON.stringify(value));
    }),
    60,
  ));

const NETWORKS: readonly { readonly entry: string; readonly sample: Sample; readonly job: PaintJob }[] = [
  {
    entry: 'waves',
    sample: onnx('style', published(1)),
    job: { style: 'waves', options: { strength: 1, keepColors: false, detail: 'working' } },
  },
  { entry: 'x4', sample: onnx('upscaler', publishedTiny(1)), job: { upscaler: 'x4', megapixels: 1 } },
];

/** A published network; its marks stand where names and dims of weights do. */
function onnx(name: string, data: Uint8Array): Sample {
  const bytes = Buffer.from(data);
  const marks: number[] = [0];
  for (let at = bytes.indexOf('.weight'); at !== -1; at = bytes.indexOf('.weight', at + 1)) marks.push(at);
  return { name, bytes, marks };
}

/** The sound catalogue with one entry changed, as whoever forges a network's file would change it too. */
function withEntry(name: string, changes: object): Catalogue {
  const networks = sound.networks.map(
    (entry): CatalogueEntry => (entry.name === name ? { ...entry, ...changes } : entry),
  );
  return { folder, networks };
}

const spoilt = fc.record({
  network: fc.nat(NETWORKS.length - 1),
  damage: fc.array(damage, { minLength: 1, maxLength: 3 }),
  listed: fc.boolean(),
});

it('a network with other bytes is refused at the start by its name; one that is listed so paints, or is refused', () =>
  holds(
    fc.asyncProperty(spoilt, async ({ network, damage: all, listed }) => {
      const chosen = NETWORKS[network];
      if (chosen === undefined) throw new RangeError(`no network ${network}`);
      const { entry: name, sample, job } = chosen;
      const bytes = damaged(
        sample,
        all,
        NETWORKS.map((each) => each.sample),
      );
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const catalogue = withEntry(name, listed ? { sha256 } : {});
      const path = catalogue.networks.find((entry) => entry.name === name)?.file ?? '';
      const file = join(folder, path);
      await writeFile(file, bytes);
      try {
        await checkNetworks(catalogue);
      } catch (error) {
        const damagedToo = listed ? ['network-damaged'] : ['network-changed'];
        expectNamed(error, damagedToo, file);
        return;
      } finally {
        await writeFile(file, sample.bytes);
      }
      expect(listed || bytes.equals(sample.bytes)).toBe(true);
      await writeFile(file, bytes);
      const networks = createNetworks({ catalogue, provider: 'cpu', threads: 1 });
      try {
        const factor = 'upscaler' in job ? 4 : 1;
        const made = await paintBytes(networks, picture, job);
        expect(made).toMatchObject({ width: 24 * factor, height: 20 * factor });
      } finally {
        await networks.close();
        await writeFile(file, sample.bytes);
      }
    }),
    120,
  ));
