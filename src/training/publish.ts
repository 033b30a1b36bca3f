import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { ImpastoError, UserError } from '../errors.ts';
import { publishedGraph } from '../graph/networks/style.ts';
import { publishedUpscaler, type UpscaleShape } from '../graph/networks/upscale.ts';
import type { WeightValues } from '../graph/networks/weights.ts';
import { loadCatalogue } from '../inference/catalogue.ts';
import {
  type CatalogueEntry,
  type CatalogueFile,
  catalogueSchema,
  type StyleEntry,
  type UpscaleEntry,
} from '../inference/catalogue-schema.ts';
import { cardOf } from './card.ts';
import { networkMetadata } from './network-metadata.ts';
import { writeTogether } from './report/write-file.ts';

/** What follows from a network's bytes and its name. */
type Files = 'file' | 'sha256' | 'preview' | 'card';

/** A style's catalogue entry without what follows from the network. */
export type StyleInit = Omit<StyleEntry, Files | 'kind'>;

/** A super-resolution network's. */
export type UpscaleInit = Omit<UpscaleEntry, Files | 'kind'>;

/**
 * Put a style into the catalogue, or a new network in the place of its old one: the network with the recipe in its
 * metadata, its preview, its card, and the entry, which takes effect last. Where one of them cannot be written, the
 * catalogue and all its files stay as they were.
 *
 * @param preview a JPEG
 * @throws ImpastoError `disk-full`, `not-writable`, `write-failed`, `catalogue-damaged`; UserError `entry-refused` where it
 * cannot stand beside the others
 */
export async function publishStyle(
  models: string,
  init: StyleInit,
  weights: ReadonlyMap<string, WeightValues>,
  preview: Uint8Array,
): Promise<StyleEntry> {
  const network = publishedGraph(weights, networkMetadata(init.name, init.recipe, init.artwork));
  return publish(
    models,
    { ...init, kind: 'style', ...filesOf('styles', init.name, network) },
    network,
    preview,
  );
}

/** The same for a super-resolution network. */
export async function publishUpscaler(
  models: string,
  init: UpscaleInit,
  weights: ReadonlyMap<string, WeightValues>,
  skip: UpscaleShape['skip'],
  preview: Uint8Array,
): Promise<UpscaleEntry> {
  const network = publishedUpscaler(weights, skip, networkMetadata(init.name, init.recipe));
  return publish(
    models,
    { ...init, kind: 'upscale', ...filesOf('upscale', init.name, network) },
    network,
    preview,
  );
}

async function publish<Entry extends CatalogueEntry>(
  models: string,
  entry: Entry,
  network: Uint8Array,
  preview: Uint8Array,
): Promise<Entry> {
  await writeTogether(
    [
      [join(models, entry.file), network],
      [join(models, entry.preview), preview],
      ...(await entryFiles(models, entry)),
    ],
    ADVICE,
  );
  return entry;
}

/**
 * Check that a network could stand in the catalogue, before the hours that its training takes. Nothing is written.
 *
 * @throws ImpastoError `catalogue-damaged`; UserError `entry-refused`
 */
export async function checkPlace(
  models: string,
  init: (StyleInit & { kind: 'style' }) | (UpscaleInit & { kind: 'upscale' }),
): Promise<void> {
  await catalogueWith(models, { ...init, ...filesOf('styles', init.name, new Uint8Array()) });
}

function filesOf(
  folder: 'styles' | 'upscale',
  name: string,
  network: Uint8Array,
): Pick<CatalogueEntry, Files> {
  return {
    file: `${folder}/${name}.onnx`,
    sha256: createHash('sha256').update(network).digest('hex'),
    preview: `${folder}/${name}.jpg`,
    card: `${folder}/${name}.md`,
  };
}

/** Write an entry and its card anew, after an evaluation for one; its network and preview stay. */
export async function saveEntry(models: string, entry: CatalogueEntry): Promise<void> {
  await writeTogether(await entryFiles(models, entry), ADVICE);
}

async function entryFiles(models: string, entry: CatalogueEntry): Promise<[file: string, content: string][]> {
  const catalogue = await catalogueWith(models, entry);
  return [
    [join(models, entry.card), cardOf(entry)],
    [join(models, CATALOGUE), `${JSON.stringify(catalogue, null, 2)}\n`],
  ];
}

async function catalogueWith(models: string, entry: CatalogueEntry): Promise<CatalogueFile> {
  const networks = await listed(models);
  const other = networks.find(({ name, kind }) => name === entry.name && kind !== entry.kind);
  if (other) {
    throw new UserError(
      'entry-refused',
      `${entry.name} is a network of another kind. Give it another name.`,
      {
        data: { network: entry.name, field: 'name' },
      },
    );
  }
  const place = networks.findIndex(({ name }) => name === entry.name);
  const catalogue: CatalogueFile = {
    version: 1,
    networks: place < 0 ? [...networks, entry] : networks.with(place, entry),
  };
  const [issue] = catalogueSchema.safeParse(catalogue).error?.issues ?? [];
  if (issue) {
    throw new UserError(
      'entry-refused',
      `${entry.name} can't stand in the catalogue: ${issue.message}. Give it another one.`,
      { data: { style: entry.name, field: z.core.toDotPath(issue.path) } },
    );
  }
  return catalogue;
}

/** The catalogue's networks; none where there is no catalogue yet. @throws ImpastoError `catalogue-damaged` */
export async function listed(models: string): Promise<readonly CatalogueEntry[]> {
  try {
    return (await loadCatalogue(models)).networks;
  } catch (cause) {
    if (cause instanceof ImpastoError && cause.code === 'catalogue-missing') return [];
    throw cause;
  }
}

const CATALOGUE = 'catalogue.json';
const ADVICE = 'The training itself is safe in its own folder.';
