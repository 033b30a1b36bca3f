import sharp from 'sharp';
import type { Axis, Series } from './chart.ts';
import { escapeXml, linearAxis, logAxis, smooth } from './chart.ts';
import type { HistoryEntry } from './history.ts';
import { toWords } from './progress.ts';

const WIDTH = 1000;
const HEIGHT = 600;
const PLOT = { left: 76, right: WIDTH - 24, top: 84, bottom: HEIGHT - 52 };
/** More points than this are not to be told apart on paper. */
const MOST_POINTS = 1000;

/** The objective's colour, then those of its terms. */
const COLOURS = ['#1a1a1a', '#1f6fb2', '#c8501e', '#2e8b57', '#8a4fa3'];

/**
 * Draw the losses over the steps, on a logarithmic scale: each step's value faintly, the trend (the mean over a
 * thirtieth of all steps) over it, its last values in the legend.
 * The labels are set in whatever sans-serif font the machine has.
 *
 * @param title a line above the chart, such as the style's name
 * @returns a PNG of 1000 × 600
 */
export async function lossCurve(history: readonly HistoryEntry[], title: string): Promise<Buffer> {
  const every = Math.ceil(history.length / MOST_POINTS);
  const series = linesOf(history).map(({ key, name, colour }) => {
    const raw = history.map((entry) => entry[key] ?? 0);
    const trend = smooth(raw, Math.max(1, history.length / 30));
    const pick = (values: readonly number[]): Series => ({
      name,
      colour,
      points: history
        .map(({ step }, index) => ({ x: step, y: values[index] ?? 0 }))
        .filter(({ y }, index) => y > 0 && (index % every === 0 || index === history.length - 1)),
    });
    return { raw: pick(raw), trend: pick(trend), last: trend.at(-1) };
  });
  const values = series.flatMap(({ raw }) => raw.points.map(({ y }) => y));
  const steps = history.map(({ step }) => step);
  const x = linearAxis(steps[0] ?? 0, steps.at(-1) ?? 1, [PLOT.left, PLOT.right]);
  const y = logAxis(values.reduce(least, Number.MAX_VALUE), values.reduce(most, Number.MIN_VALUE), [
    PLOT.bottom,
    PLOT.top,
  ]);
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="14">`,
    '<rect width="100%" height="100%" fill="white"/>',
    text(PLOT.left, 34, title, 'start', 'font-size="19" font-weight="bold"'),
    ...legend(series.map(({ raw: { name, colour }, last }) => ({ name, colour, last }))),
    ...(values.length > 0 ? grid(x, y) : [text(WIDTH / 2, HEIGHT / 2, 'no steps yet', 'middle')]),
    ...series.map(({ raw }) => line(raw, x, y, 'stroke-width="1" stroke-opacity="0.22"')),
    ...series.map(({ trend }) => line(trend, x, y, 'stroke-width="2.5"')),
    text((PLOT.left + PLOT.right) / 2, HEIGHT - 12, 'step', 'middle'),
    '</svg>',
  ];
  return sharp(Buffer.from(svg.join('\n')))
    .png({ palette: true })
    .toBuffer();
}

/** What is drawn: the objective, and its terms where it has more than one. */
function linesOf(history: readonly HistoryEntry[]): { key: string; name: string; colour: string }[] {
  const { step: _, seconds: __, ...losses } = history.at(-1) ?? { step: 0, seconds: 0, objective: 0 };
  const keys = Object.keys(losses);
  return (keys.length > 2 ? keys : ['objective']).map((key, index) => ({
    key,
    name: ['feature', 'style', 'pixel'].includes(key) ? `${key} loss` : toWords(key),
    colour: COLOURS[index % COLOURS.length] ?? '',
  }));
}

function legend(
  lines: readonly { readonly name: string; readonly colour: string; readonly last: number | undefined }[],
): readonly string[] {
  const width = (PLOT.right - PLOT.left) / lines.length;
  return lines.flatMap(({ name, colour, last }, index) => {
    const left = PLOT.left + index * width;
    const value = last === undefined ? '' : `: ${last.toLocaleString('en', { maximumSignificantDigits: 4 })}`;
    return [
      `<path d="M${left} 60h22" stroke="${colour}" stroke-width="4"/>`,
      text(left + 30, 65, `${name}${value}`, 'start'),
    ];
  });
}

function grid(x: Axis, y: Axis): readonly string[] {
  const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
  return [
    ...x.ticks
      .filter(Number.isInteger)
      .flatMap((tick) => [
        `<path d="M${x.at(tick)} ${PLOT.top}V${PLOT.bottom}" stroke="#ececec"/>`,
        text(x.at(tick), PLOT.bottom + 20, compact.format(tick), 'middle'),
      ]),
    ...y.ticks.flatMap((tick) => [
      `<path d="M${PLOT.left} ${y.at(tick)}H${PLOT.right}" stroke="#ececec"/>`,
      text(PLOT.left - 8, y.at(tick) + 5, compact.format(tick), 'end'),
    ]),
    `<path d="M${PLOT.left} ${PLOT.top}V${PLOT.bottom}H${PLOT.right}" stroke="#777" fill="none"/>`,
  ];
}

function line({ colour, points }: Series, x: Axis, y: Axis, style: string): string {
  const places = points.map((point) => `${x.at(point.x).toFixed(1)},${y.at(point.y).toFixed(1)}`);
  return `<polyline points="${places.join(' ')}" fill="none" stroke="${colour}" stroke-linejoin="round" ${style}/>`;
}

function text(x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end', style = ''): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="#333" ${style}>${escapeXml(words)}</text>`;
}

function least(a: number, b: number): number {
  return Math.min(a, b);
}

function most(a: number, b: number): number {
  return Math.max(a, b);
}
