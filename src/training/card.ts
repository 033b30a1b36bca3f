import type { CatalogueEntry } from '../inference/catalogue-schema.ts';

/** A style's card in Markdown: what it is, what it was trained on and how, and what it scored. */
export function cardOf(entry: CatalogueEntry): string {
  const { name, emoji, artwork, recipe, scores, provisional } = entry;
  const state = provisional
    ? 'Provisional: training goes on, and the scores below are what it has reached so far.'
    : 'Finished: it passes the bar for styles.';
  return `# ${emoji} ${name}

A transform network after *${artwork.title}* by ${artwork.artist} (${artwork.year}; ${artwork.credit}). ${state}

![The same photos, painted](${name}.jpg)

Input \`image\` and output \`painting\` are float32 [1, 3, height, width], RGB, 0–255, sides from 16; clip and round what comes out.

## Training

${table(recipe)}

Photographs: ${recipe.photosCredit ?? 'not stated'}. Loss network: VGG of the Visual Geometry Group, Oxford (CC BY 4.0). What that means for use is in [../LICENSE.md](../LICENSE.md).

## Scores

${Object.keys(scores).length === 0 ? 'None yet.' : table(scores)}
`;
}

function table(values: Readonly<Record<string, unknown>>, prefix = ''): string {
  return `| | |\n| --- | --- |\n${rows(values, prefix).join('\n')}`;
}

function rows(values: Readonly<Record<string, unknown>>, prefix: string): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const label = prefix === '' ? key : `${prefix}.${key}`;
    if (isRecord(value)) return rows(value, label);
    return [`| ${label} | ${Array.isArray(value) ? value.join(', ') : String(value)} |`];
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
