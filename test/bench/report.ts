/** One figure: a ratio, or what a machine that is named took. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ratio' | 's' | 'ms' | 'MB' | 'per minute';
  /** A bar: what it may be at most, or must be at least. */
  readonly most?: number;
  readonly least?: number;
}

/** A baseline that was saved, by the names of its figures. */
export type Baseline = Readonly<Record<string, number>>;

/** Whatever is worse than the baseline by more than this is told. */
const NOTICED = 1.1;

/** Figures that a bar or the baseline tell to be worse than they should be. */
export function missed({ value, most, least }: Figure): boolean {
  return (most !== undefined && value > most) || (least !== undefined && value < least);
}

/** Only ratios are compared, since seconds belong to a machine; of those all but `least` are better when they are less. */
export function slower({ name, value, unit, least }: Figure, baseline: Baseline): number | undefined {
  const before = baseline[name];
  if (unit !== 'ratio' || before === undefined) return undefined;
  const worse = least === undefined ? value / before : before / value;
  return worse > NOTICED ? worse : undefined;
}

/** A line for people. */
export function line(figure: Figure, baseline: Baseline): string {
  const { name, value, unit, most, least } = figure;
  const shown = `${value.toPrecision(3)}${unit === 'ratio' ? '' : ` ${unit}`}`;
  const limit = most === undefined ? least : most;
  const bar =
    limit === undefined
      ? ''
      : ` (${most === undefined ? 'at least' : 'at most'} ${limit}: ${missed(figure) ? 'MISSED' : 'held'})`;
  const worse = slower(figure, baseline);
  const before = baseline[name] === undefined ? '' : `, before ${baseline[name]?.toPrecision(3)}`;
  return `${name}: ${shown}${bar}${unit === 'ratio' ? before : ''}${worse === undefined ? '' : ' SLOWER'}`;
}
