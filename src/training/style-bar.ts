/** How a style must stand against Gatys's optimisation to be finished. */
export interface StyleBar {
  /** The mean objective is no worse than after so many iterations. */
  readonly mean: number;
  /** Nor is any photo's worse than its own after so many. */
  readonly worst: number;
}

/** A network's objective over the optimisation's after so many iterations. */
export interface Standing {
  readonly iterations: number;
  /** Missing where the optimisation was not run so far. */
  readonly ratio?: number | undefined;
}

/** How a style stands by its bar. */
export interface Judgement {
  readonly mean: Standing;
  readonly worst: Standing;
  readonly passed: boolean;
}

const BAR: StyleBar = { mean: 50, worst: 35 };

/** Trained longest, and the one that is set beside the paper's own networks. */
const STRICT_BAR: StyleBar = { mean: 75, worst: 50 };
const STRICT = 'starry-night';

/** Fewer photos say too little. */
export const BAR_PHOTOS = 20;

/** The bar for a style of that name, of whatever width. */
export function barOf(style: string): StyleBar {
  return style === STRICT || style.startsWith(`${STRICT}-`) ? STRICT_BAR : BAR;
}

/** @param against by iterations: the ratio of the means, and that of the worst photo */
export function judge(
  style: string,
  photos: number,
  against: Readonly<Record<number, { readonly ratio: number; readonly worst: number }>>,
): Judgement {
  const bar = barOf(style);
  const mean = standing(bar.mean, against[bar.mean]?.ratio);
  const worst = standing(bar.worst, against[bar.worst]?.worst);
  const holds = ({ ratio }: Standing): boolean => ratio !== undefined && ratio <= 1;
  return { mean, worst, passed: photos >= BAR_PHOTOS && holds(mean) && holds(worst) };
}

function standing(iterations: number, ratio: number | undefined): Standing {
  return ratio === undefined ? { iterations } : { iterations, ratio };
}
