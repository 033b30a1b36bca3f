import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const root = join(import.meta.dirname, '..', '..');

/** A file of the repository, by its path there. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The documents of a YAML file. @throws where one is no YAML */
export function yamlOf(path: string): readonly unknown[] {
  return parseAllDocuments(textOf(path), { merge: true }).map((document) => {
    const [error] = [...document.errors, ...document.warnings];
    if (error !== undefined) throw new Error(`${path}: ${error.message}`);
    return document.toJS();
  });
}
