import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ImpastoError, UserError } from '../errors.ts';
import {
  type CatalogueEntry,
  catalogueSchema,
  type StyleEntry,
  type UpscaleEntry,
} from './catalogue-schema.ts';

/** All networks that can be served, and where their files are. */
export interface Catalogue {
  /** The folder of `catalogue.json`; the entries' paths are below it. */
  readonly folder: string;
  /** In the order in which they are listed to people. */
  readonly networks: readonly CatalogueEntry[];
}

/**
 * Read `catalogue.json` in `folder`. The networks' own files are checked when they are read.
 * @throws ImpastoError `catalogue-missing`; `catalogue-damaged`, naming the first wrong field
 */
export async function loadCatalogue(folder: string): Promise<Catalogue> {
  const file = join(folder, 'catalogue.json');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw broken('catalogue-missing', file, 'can’t be read', cause);
  });
  const parsed = checked(parseJson(text, file), file);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue ? `${z.core.toDotPath(issue.path) || 'the whole'}: ${issue.message}` : 'not valid';
    throw broken('catalogue-damaged', file, `is not valid (${where})`, parsed.error);
  }
  return { folder, networks: parsed.data.networks };
}

/** The styles, in the order in which they are listed to people. */
export function stylesOf({ networks }: Pick<Catalogue, 'networks'>): StyleEntry[] {
  return networks.filter((entry) => entry.kind === 'style');
}

/** All super-resolution networks, those included that are there for comparison only. */
export function upscalersOf({ networks }: Pick<Catalogue, 'networks'>): UpscaleEntry[] {
  return networks.filter((entry) => entry.kind === 'upscale');
}

/** What people are served who want a picture larger: of each factor the network that is named after it, as `x4`. */
export function servedUpscalers(catalogue: Pick<Catalogue, 'networks'>): UpscaleEntry[] {
  return upscalersOf(catalogue).filter(({ name, factor }) => name === `x${factor}`);
}

/** Picks the name that was probably meant, for an error to suggest. */
export type Nearest = (typed: string, names: readonly string[]) => string | undefined;

/**
 * The style of that name.
 *
 * @throws UserError `style-unknown`, with that suggestion and the list of all
 */
export function findStyle(
  catalogue: Catalogue,
  name: string,
  nearest: Nearest = () => undefined,
): StyleEntry {
  return find(stylesOf(catalogue), name, { code: 'style-unknown', field: 'style', what: 'style' }, nearest);
}

/**
 * The super-resolution network of that name.
 * @throws UserError `upscaler-unknown`, with a suggestion and the list of all
 */
export function findUpscaler(
  catalogue: Catalogue,
  name: string,
  nearest: Nearest = () => undefined,
): UpscaleEntry {
  const words = { code: 'upscaler-unknown', field: 'upscaler', what: 'upscaler' };
  return find(upscalersOf(catalogue), name, words, nearest);
}

function find<Entry extends CatalogueEntry>(
  entries: readonly Entry[],
  name: string,
  { code, field, what }: { readonly code: string; readonly field: string; readonly what: string },
  nearest: Nearest,
): Entry {
  const found = entries.find((entry) => entry.name === name);
  if (found) return found;
  const names = entries.map((entry) => entry.name);
  const near = nearest(name, names);
  const list =
    names.length > 0 ? `The ${what}s are: ${names.join(', ')}.` : `The catalogue holds no ${what} yet.`;
  throw new UserError(
    code,
    `There is no ${what} “${name}”${near ? `: did you mean ${near}?` : '.'} ${list}`,
    { data: { [field]: name, ...(near ? { near } : {}) } },
  );
}

/**
 * The bytes of an entry's published network, checked against the entry's hash.
 * @throws ImpastoError `network-missing`, `network-changed`, both naming the file
 */
export async function readPublished(catalogue: Catalogue, entry: CatalogueEntry): Promise<Uint8Array> {
  const file = join(catalogue.folder, entry.file);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw broken('network-missing', file, `(the network of ${entry.name}) can’t be read`, cause);
  });
  if (createHash('sha256').update(bytes).digest('hex') !== entry.sha256) {
    throw broken('network-changed', file, `is not the file that the catalogue lists for ${entry.name}`);
  }
  return bytes;
}

function checked(content: unknown, file: string): ReturnType<typeof catalogueSchema.safeParse> {
  try {
    return catalogueSchema.safeParse(content);
  } catch (cause) {
    // The check follows the nesting as deep as there is a stack for.
    throw broken('catalogue-damaged', file, 'is nested too deeply', cause);
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw broken('catalogue-damaged', file, 'is no JSON', cause);
  }
}

function broken(code: string, file: string, what: string, cause?: unknown): ImpastoError {
  return new ImpastoError({
    code,
    userMessage: `${file} ${what}. Restore it from the repository, or point the program at another catalogue.`,
    report: true,
    data: { file },
    cause,
  });
}
