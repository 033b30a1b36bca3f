import { createHash } from 'node:crypto';
import type { Picture } from '../images/picture.ts';
import { psnr } from '../images/psnr.ts';
import { withoutBorder } from '../images/resample.ts';
import { type Enlarger, kernelEnlarger } from './evaluate-upscale.ts';
import { average } from './mean.ts';
import { pairOf } from './photos/pairs.ts';
import { SHEET_FONTS, SHEET_SEED, type TextSheet, textSheets } from './photos/text-sheet.ts';

/** How small pictures of text are spoilt: plain bicubic, or compressed as well. */
const QUALITIES = [undefined, 40, 60, 80] as const;

/** Decibels above Lanczos that what is served must come to. */
export const TEXT_BAR = 1;

/** Text enlarged out of one kind of small picture: means over all of them, on Y, in decibels. */
export interface TextRow {
  /** `plain`, `jpeg 40`. */
  readonly degraded: string;
  readonly psnrY: number;
  readonly lanczos: number;
  /** How far the first is above the second. */
  readonly gain: number;
}

/** How legible text stays. */
export interface TextEvaluation {
  readonly network: string;
  readonly factor: number;
  /** How it was measured, in a sentence. */
  readonly protocol: string;
  /** How many pictures. */
  readonly pictures: number;
  readonly rows: readonly TextRow[];
  /** The mean over the rows. */
  readonly gain: number;
  /** True where every row is above Lanczos by the bar. */
  readonly passed: boolean;
}

/** One picture of text on its way, to be looked at. */
export interface TextLook {
  readonly degraded: string;
  readonly sheet: TextSheet;
  readonly low: Picture;
  readonly lanczos: Picture;
  readonly enlarged: Picture;
  readonly truth: Picture;
}

/**
 * Enlarge rendered text and hold it against Lanczos's kernel.
 * @param onLook given every picture, as soon as it is enlarged
 */
export async function evaluateText(
  enlarger: Enlarger,
  onLook: (look: TextLook) => void = () => undefined,
): Promise<TextEvaluation> {
  const { factor, name } = enlarger;
  const sheets = await textSheets(factor);
  const kernel = kernelEnlarger('lanczos', factor);
  const rows: TextRow[] = [];
  for (const quality of QUALITIES) {
    const degraded = quality === undefined ? 'plain' : `jpeg ${quality}`;
    const scores: { ours: number; lanczos: number }[] = [];
    for (const sheet of sheets) {
      const degradation = quality === undefined ? 'bicubic' : 'jpeg';
      const { low, high } = await pairOf(sheet.picture, { factor, degradation }, quality ?? 100);
      const [enlarged, lanczos] = [await enlarger.enlarge(low), await kernel.enlarge(low)];
      const near = (picture: Picture): number =>
        psnr(withoutBorder(picture, factor), withoutBorder(high, factor), 'y');
      scores.push({ ours: near(enlarged), lanczos: near(lanczos) });
      onLook({ degraded, sheet, low, lanczos, enlarged, truth: high });
    }
    const psnrY = average(scores.map(({ ours }) => ours));
    const lanczos = average(scores.map((score) => score.lanczos));
    rows.push({ degraded, psnrY, lanczos, gain: psnrY - lanczos });
  }
  return {
    network: name,
    factor,
    protocol: textProtocol(factor, sheets),
    pictures: sheets.length,
    rows,
    gain: average(rows.map(({ gain }) => gain)),
    passed: rows.every(({ gain }) => gain >= TEXT_BAR),
  };
}

/** With a hash of the pictures, which tells whether another machine drew the same letters. */
function textProtocol(factor: number, sheets: readonly TextSheet[]): string {
  const hash = createHash('sha256');
  for (const { picture } of sheets) hash.update(picture.rgb);
  return (
    `x${factor}; ${sheets.length} pictures of sentences in letters of 8 to 14 pixels (in the small picture), dark on light and light on ` +
    `dark, in ${SHEET_FONTS.join(', ')}, seed ${SHEET_SEED}; training sees random letters in DejaVu; pictures ` +
    `sha256 ${hash.digest('hex').slice(0, 12)}; made small by bicubic (antialiased, a = -0.5, as Matlab), plain or then JPEG, 4:2:0; PSNR on Y ` +
    `(BT.601, 16-235), a border of ${factor} pixels left out, averaged over the pictures; Lanczos: sharp's kernel lanczos3`
  );
}
