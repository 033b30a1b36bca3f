import type { CatalogueEntry, StyleEntry, UpscaleEntry } from '../inference/catalogue-schema.ts';

/** A network's card in Markdown: what it is, what it was trained on and how, and what it scored. */
export function cardOf(entry: CatalogueEntry): string {
  const { name, recipe, scores } = entry;
  const { title, about, shown, form } = entry.kind === 'style' ? styleWords(entry) : upscaleWords(entry);
  const judge = 'lossNetwork' in recipe ? ` Loss network: ${LOSS_NETWORK}.` : '';
  return `# ${title}

${about}

![${shown}](${name}.jpg)

${form}

## Training

${table(recipe)}

Photographs: ${recipe.photosCredit ?? 'not stated'}.${judge} What that means for use is in [../LICENSE.md](../LICENSE.md).

## Scores

${Object.keys(scores).length === 0 ? 'None yet.' : table(scores)}
`;
}

const LOSS_NETWORK = 'VGG of the Visual Geometry Group, Oxford (CC BY 4.0)';

interface Words {
  readonly title: string;
  readonly about: string;
  /** What the preview shows. */
  readonly shown: string;
  /** What the network takes and gives. */
  readonly form: string;
}

function styleWords({ name, emoji, artwork, provisional }: StyleEntry): Words {
  const state = provisional ? PROVISIONAL : 'Finished: it passes the bar for styles.';
  return {
    title: `${emoji} ${name}`,
    about: `A transform network after *${artwork.title}* by ${artwork.artist} (${artwork.year}; ${artwork.credit}). ${state}`,
    shown: 'The same photos, painted',
    form: `Input \`image\` and output \`painting\` are float32 [1, 3, height, width], RGB, 0–255, sides from 16; clip and round what comes out.`,
  };
}

function upscaleWords({ name, emoji, factor, provisional, recipe }: UpscaleEntry): Words {
  const loss = recipe.loss === 'feature' ? 'features of a loss network' : 'pixels';
  const served = emoji === undefined ? 'It is here for comparison.' : 'It is what people are served.';
  return {
    title: emoji === undefined ? name : `${emoji} ${name}`,
    about: `A super-resolution network: each side becomes ${factor} times as long. It was trained to come near the truth in the ${loss}. ${served}${provisional ? ` ${PROVISIONAL}` : ''}`,
    shown: 'Photos enlarged by the cubic kernel, by the network, and as they truly are',
    form: `Input \`image\` is float32 [1, 3, height, width], RGB, 0–255; output \`enlarged\` is [1, 3, ${factor} · height, ${factor} · width]: clip and round what comes out. Put some of the picture's mirror image around the picture first, for the network pads with zeros.`,
  };
}

const PROVISIONAL = 'Provisional: training goes on, and the scores below are what it has reached so far.';

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
