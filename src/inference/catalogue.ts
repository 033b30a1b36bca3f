import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ImpastoError, UserError } from '../errors.ts';
import { type CatalogueEntry, catalogueSchema } from './catalogue-schema.ts';

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
  const parsed = catalogueSchema.safeParse(parseJson(text, file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue ? `${z.core.toDotPath(issue.path) || 'the whole'}: ${issue.message}` : 'not valid';
    throw broken('catalogue-damaged', file, `is not valid (${where})`, parsed.error);
  }
  return { folder, networks: parsed.data.networks };
}

/**
 * The style of that name.
 *
 * @param nearest picks the name that was probably meant, for the error to suggest
 * @throws UserError `style-unknown`, with that suggestion and the list of all
 */
export function findStyle(
  catalogue: Catalogue,
  name: string,
  nearest: (typed: string, names: readonly string[]) => string | undefined = () => undefined,
): CatalogueEntry {
  const styles = catalogue.networks.filter(({ kind }) => kind === 'style');
  const found = styles.find((style) => style.name === name);
  if (found) return found;
  const names = styles.map((style) => style.name);
  const near = nearest(name, names);
  const list =
    names.length > 0 ? `The styles are: ${names.join(', ')}.` : 'The catalogue holds no style yet.';
  throw new UserError(
    'style-unknown',
    `There is no style “${name}”${near ? `: did you mean ${near}?` : '.'} ${list}`,
    { data: { style: name, ...(near ? { near } : {}) } },
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
