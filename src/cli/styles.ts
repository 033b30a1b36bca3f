import type { Command } from 'commander';
import { type Catalogue, loadCatalogue, stylesOf } from '../inference/catalogue.ts';

/** `impasto styles [--json]`: what the catalogue holds, as a table or as its entries. */
export function addStyles(program: Command, { models }: { readonly models: string }): void {
  program
    .command('styles')
    .description('list the styles that can be asked for')
    .option('--json', 'print the catalogue’s entries as JSON')
    .action(async ({ json }: { readonly json?: true }) => {
      const catalogue = await loadCatalogue(models);
      console.log(json ? JSON.stringify(stylesOf(catalogue), null, 2) : table(catalogue));
    });
}

function table(catalogue: Catalogue): string {
  const styles = stylesOf(catalogue);
  if (styles.length === 0) return 'The catalogue holds no style yet.';
  const widest = Math.max(...styles.map(({ name }) => name.length));
  return styles
    .map(({ name, emoji, provisional, artwork: { title, artist, year } }) => {
      const note = provisional ? '  (provisional)' : '';
      // The emoji stands last but one because terminals disagree on its width; names stay aligned.
      return `${name.padEnd(widest)}  ${emoji}  ${title}, ${artist}, ${year}${note}`;
    })
    .join('\n');
}
