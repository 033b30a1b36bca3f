import type { UpscaleEntry } from '../inference/catalogue-schema.ts';

/** What a set must come to, beside the cubic kernel's own scores on it. */
interface Bar {
  /** Decibels on Y, at least. */
  readonly psnrY?: number;
  /** The most of either perceptual distance. */
  readonly perceptualDistance?: number;
  readonly relu4_3?: number;
}

/** By the name under which a set's scores are recorded. */
type Bars = Readonly<Record<string, Bar>>;

/** Pixel loss at ×4: where small networks of plain bicubic degradation stand (SRCNN, FSRCNN). */
const PIXEL_X4: Bars = {
  'Set5 bicubic': { psnrY: 30.7 },
  'Set14 bicubic': { psnrY: 27.6 },
  'BSD100 bicubic': { psnrY: 26.9 },
};

/** Pixel loss at ×8: 0.9 dB above the cubic kernel, whose 24.40 dB are measured. */
const PIXEL_X8: Bars = { 'Set5 bicubic': { psnrY: 24.4 + 0.9 } };

/** Feature loss: 30 % below the cubic kernel's distances, and no lower in PSNR than the paper's networks. */
const FEATURE_X4: Bars = {
  'Set5 bicubic': { psnrY: 27.09, ...lower(1.388e-3, 7.779e-4) },
  'Set14 bicubic': lower(2.158e-3, 9.906e-4),
  'BSD100 bicubic': lower(2.551e-3, 1.092e-3),
};

function lower(perceptualDistance: number, relu4_3: number): Bar {
  return { perceptualDistance: 0.7 * perceptualDistance, relu4_3: 0.7 * relu4_3 };
}

/**
 * True where a network's recorded scores reach the bar for its factor and loss; false also where no bar is set, as for
 * what is served: that has to be looked at.
 */
export function passesUpscaleBar(
  entry: Pick<UpscaleEntry, 'name' | 'factor' | 'recipe' | 'scores'>,
): boolean {
  const { name, factor, recipe, scores } = entry;
  const compared = name !== `x${factor}` && recipe.degradation === 'bicubic';
  const bars = compared ? barsOf(factor, recipe.loss) : undefined;
  return bars !== undefined && Object.entries(bars).every(([set, bar]) => reaches(scores[set], bar));
}

function barsOf(factor: number, loss: unknown): Bars | undefined {
  if (loss === 'pixel')
    return new Map([
      [4, PIXEL_X4],
      [8, PIXEL_X8],
    ]).get(factor);
  return factor === 4 ? FEATURE_X4 : undefined;
}

function reaches(recorded: unknown, bar: Bar): boolean {
  const score = (key: keyof Bar): number => {
    const value: unknown =
      typeof recorded === 'object' && recorded !== null ? Reflect.get(recorded, key) : undefined;
    return typeof value === 'number' ? value : Number.NaN;
  };
  const { psnrY = Number.NEGATIVE_INFINITY, perceptualDistance, relu4_3 } = bar;
  return (
    score('psnrY') >= psnrY &&
    (perceptualDistance === undefined || score('perceptualDistance') <= perceptualDistance) &&
    (relu4_3 === undefined || score('relu4_3') <= relu4_3)
  );
}
