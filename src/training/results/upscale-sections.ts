import { TEXT_BAR } from '../evaluate-text.ts';
import { distinct, figure, machineLine, markdownTable, NOT_MEASURED, whole } from './markdown.ts';
import { PAPER_UPSCALE, type PaperScore } from './paper.ts';
import type { SavedText, SavedUpscale } from './saved.ts';

const SETS = ['Set5', 'Set14', 'BSD100'] as const;
const QUALITIES = [40, 60, 80] as const;

/** Finds a measurement by network, factor, set and how pictures were made small. */
type Find = (network: string, set: string, degraded?: string) => SavedUpscale | undefined;

/** The paper's table for a factor beside ours, and the perceptual distances that it does not give. */
export function upscaleSection(
  factor: number,
  all: readonly SavedUpscale[],
  pictures: readonly string[],
): string {
  const find = finder(all, factor);
  const networks = ['bicubic', 'lanczos', `x${factor}-pixel`, `x${factor}-feature`, `x${factor}`];
  const extra = [...new Set(all.map(({ network }) => network))].filter(
    (name) => name.startsWith(`x${factor}-`) && !networks.includes(name),
  );
  const named = [...networks, ...extra.sort()];
  const scores = (score: PaperScore | undefined): string =>
    score === undefined
      ? NOT_MEASURED
      : `${figure(score.psnrY, 2)}${score.ssimY === undefined ? '' : ` / ${figure(score.ssimY, 4)}`}`;
  const ours = named.map((name) => [
    label(name, factor),
    ...SETS.map((set) => scores(find(name, set))),
    seconds(find(name, 'BSD100')),
  ]);
  const paper = (PAPER_UPSCALE.get(factor) ?? []).map(({ method, scores: of }) => [
    `the paper: ${method}`,
    ...SETS.map((set) => scores(of[set])),
    '',
  ]);
  const cubic = (set: string): SavedUpscale | undefined => find('bicubic', set);
  const distances = named.map((name) => [
    label(name, factor),
    ...SETS.map((set) => distance(find(name, set), cubic(set))),
  ]);
  const used = named.flatMap((name) => SETS.flatMap((set) => find(name, set) ?? []));
  const strip = `strips-x${factor}.webp`;
  return [
    `## Super-resolution ×${factor}`,
    'PSNR in decibels and SSIM, both on Y. Ours are on plain bicubic degradation; the paper blurs by a Gaussian of σ = 1 first, so its rows are for orientation.',
    markdownTable([`×${factor}`, ...SETS, 's per picture (BSD100)'], [...ours, ...paper]),
    'Perceptual distance over four layers, and at relu4_3 alone, both × 1000; in brackets, beside bicubic’s. Lower is nearer to the truth.',
    markdownTable([`×${factor}`, ...SETS], distances),
    ...(pictures.includes(strip)
      ? [
          `![Input, bicubic, pixel loss, feature loss, truth](results/${strip})`,
          'From left to right: input, bicubic, pixel loss, feature loss, truth. Parts of pictures of Set5 (Bevilacqua et al. 2012), Set14 (Zeyde et al. 2010) and ' +
            'BSD100 (Berkeley Segmentation Dataset, Martin et al. 2001).',
        ]
      : []),
    notes(used),
  ].join('\n\n');
}

/** What is served at ×4, on pictures that were compressed. */
export function servedSection(all: readonly SavedUpscale[]): string {
  const find = finder(all, 4);
  const names = ['bicubic', 'x4-feature', 'x4'];
  const rows = QUALITIES.flatMap((quality) =>
    names.map((name) => [
      `JPEG ${quality}, ${label(name, 4)}`,
      ...SETS.flatMap((set) => {
        const found = find(name, set, `jpeg ${quality}`);
        return [figure(found?.psnrY, 2), distance(found, find('bicubic', set, `jpeg ${quality}`))];
      }),
    ]),
  );
  const used = QUALITIES.flatMap((quality) =>
    names.flatMap((name) => SETS.flatMap((set) => find(name, set, `jpeg ${quality}`) ?? [])),
  );
  return [
    '## What is served, on compressed pictures ×4',
    'The same after the small picture was compressed: PSNR on Y, and perceptual distances as above.',
    markdownTable(['', ...SETS.flatMap((set) => [`${set} Y`, 'distance'])], rows),
    notes(used),
  ].join('\n\n');
}

/** Enlarged text. */
export function textSection(texts: readonly SavedText[], pictures: readonly string[]): string {
  const kinds = ['plain', ...QUALITIES.map((quality) => `jpeg ${quality}`)];
  const rows = texts.map(({ network, factor, rows, passed }) => [
    label(network, factor),
    ...kinds.map((kind) => {
      const row = rows.find(({ degraded }) => degraded === kind);
      return row ? `${figure(row.psnrY, 2)} (${signed(row.gain)})` : NOT_MEASURED;
    }),
    passed ? 'pass' : 'miss',
  ]);
  const none = [['x4', ...kinds.map(() => NOT_MEASURED), NOT_MEASURED]];
  const strips = kinds.flatMap((kind) => {
    const file = `text-x4-${kind.replace(' ', '-')}.webp`;
    return pictures.includes(file)
      ? [`![Text, ${kind}: input, Lanczos, network, truth](results/${file})`]
      : [];
  });
  return [
    '## Text',
    `Rendered text of 8 to 14 pixels: PSNR on Y in decibels, and in brackets the difference to Lanczos’s kernel. The bar is ${TEXT_BAR} dB on each.`,
    markdownTable(['', ...kinds, 'bar'], rows.length > 0 ? rows : none),
    ...strips,
    ...(texts.length > 0
      ? [distinct(texts.flatMap(({ protocol, machine }) => [protocol, machineLine(machine)]))]
      : []),
  ].join('\n\n');
}

function finder(all: readonly SavedUpscale[], factor: number): Find {
  return (network, set, degraded = 'bicubic') =>
    all.find(
      (saved) =>
        saved.network === network &&
        saved.factor === factor &&
        saved.set === set &&
        saved.degraded === degraded,
    );
}

function label(name: string, factor: number): string {
  return name === `x${factor}` ? `${name} (served)` : name;
}

function distance(found: SavedUpscale | undefined, cubic: SavedUpscale | undefined): string {
  if (!found) return NOT_MEASURED;
  const of = (key: 'perceptualDistance' | 'relu4_3'): string => {
    const share = cubic && found !== cubic ? ` (${signedPercent(found[key] / cubic[key] - 1)})` : '';
    return `${figure(1000 * found[key], 3)}${share}`;
  };
  return `${of('perceptualDistance')}; ${of('relu4_3')}`;
}

function seconds(found: SavedUpscale | undefined): string {
  return figure(found?.secondsPerImage, 3);
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${figure(Math.abs(value), 2)}`;
}

function signedPercent(share: number): string {
  return `${share < 0 ? '−' : '+'}${whole(Math.abs(100 * share))} %`;
}

/** Protocols and machines; the load differs from one measurement to the next, so its largest is told. */
function notes(used: readonly SavedUpscale[]): string {
  if (used.length === 0) return `Protocol and machine: ${NOT_MEASURED}.`;
  const load = Math.max(...used.map(({ machine }) => machine.load));
  return distinct([
    ...used.map(({ protocol }) => protocol),
    ...used.map(({ machine }) => machineLine({ ...machine, load }).replace('load ', 'load up to ')),
  ]);
}
