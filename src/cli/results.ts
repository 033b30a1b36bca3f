import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { loadCatalogue } from '../inference/catalogue.ts';
import { writeWhole } from '../training/report/write-file.ts';
import { resultsDocument } from '../training/results/document.ts';
import { loadResults, type Saved } from '../training/results/saved.ts';

/** `impasto results`: the page of results, out of what evaluations have saved. */
export function addResults(program: Command, { models }: { readonly models: string }): void {
  program
    .command('results')
    .description('write the page of results from what evaluations have saved')
    .option(
      '--folder <folder>',
      'where they have saved; the page is written beside it, as FOLDER.md',
      'docs/results',
    )
    .option('--models <folder>', 'the catalogue’s folder', models)
    .action(async (flags: { readonly folder: string; readonly models: string }) => {
      const results = await loadResults(flags.folder);
      const page = `${resolve(flags.folder)}.md`;
      const text = resultsDocument(results, await readdir(flags.folder));
      await writeWhole(page, text, 'The results themselves are safe.');
      for (const name of await outdated(results, flags.models))
        process.stderr.write(`${name} was measured as an earlier network: measure it anew.\n`);
      console.log(`${join(flags.folder, '..', basename(page))}: ${results.length} results`);
    });
}

/** Networks that have changed since, or are gone. */
async function outdated(results: readonly Saved[], models: string): Promise<string[]> {
  const { networks } = await loadCatalogue(models);
  const current = new Map(networks.map(({ name, sha256 }) => [name, sha256]));
  const changed = results.filter(
    (saved) => saved.sha256 !== undefined && current.get(nameOf(saved)) !== saved.sha256,
  );
  return [...new Set(changed.map(nameOf))];
}

function nameOf(saved: Saved): string {
  return saved.kind === 'style' || saved.kind === 'speed' ? saved.style : saved.network;
}
