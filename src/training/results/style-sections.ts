import { pointsAt } from '../evaluate-style.ts';
import { meanLosses } from '../mean.ts';
import { COMPARED } from '../measure-speed.ts';
import type { StyleLosses } from '../objective.ts';
import { barOf } from '../style-bar.ts';
import { distinct, figure, machineLine, markdownTable, NOT_MEASURED, whole } from './markdown.ts';
import { PAPER_SPEED } from './paper.ts';
import type { SavedSpeed, SavedStyle } from './saved.ts';

/** How many times as fast as 500 iterations a network of either width must be. */
const SPEED_BAR = { full: 1500, half: 5000 } as const;

/** The paper's table 1 beside ours. */
export function speedSection(speeds: readonly SavedSpeed[]): string {
  const most = Math.max(...COMPARED);
  const times = (ratios: readonly (number | undefined)[]): string => ratios.map(whole).join(' / ');
  const paper = PAPER_SPEED.map(({ side, network, optimisation }) => [
    `${side}², the paper (Titan X)`,
    figure(network, 3),
    ...COMPARED.map((count) => (count === most ? figure(optimisation, 2) : '')),
    whole(optimisation / network),
  ]);
  const ours = speeds.flatMap(({ style, width, sizes }) =>
    sizes.map(({ side, network, optimisation, ratio, timed }) => [
      `${side}², ${style}, ${width} width${timed < most ? ` (${timed} iterations timed and multiplied)` : ''}`,
      figure(network, 4),
      ...COMPARED.map((count) => figure(optimisation[count], 1)),
      times(COMPARED.map((count) => ratio[count])),
    ]),
  );
  const missing = speeds.length > 0 ? [] : PAPER_SPEED.map(({ side }) => unmeasured(`${side}², ours`, 5));
  const head = ['seconds', 'network', ...COMPARED.map((count) => `${count} iterations`), 'times as fast'];
  const verdicts = speeds.map(({ style, width, sizes }) => {
    const least = Math.min(...sizes.map(({ ratio }) => ratio[most] ?? Number.NaN));
    const bar = SPEED_BAR[width];
    return `${style} (${width} width): at least ${whole(least)} times as fast as ${most} iterations; the bar is ${whole(bar)}: ${least >= bar ? 'pass' : 'miss'}.`;
  });
  const notes = speeds.flatMap(({ protocol, machine }) => [protocol, machineLine(machine)]);
  return [
    '## Speed: the paper’s table 1',
    'How long one painting takes by a network’s single pass, and by Gatys’s optimisation of the same objective.',
    markdownTable(head, [...paper, ...ours, ...missing]),
    ...(verdicts.length > 0 ? [verdicts.join('\n\n')] : []),
    ...(notes.length > 0 ? [distinct(notes)] : []),
  ].join('\n\n');
}

/** How every style stands against the optimisation: all of them in one table, then the terms of each. */
export function styleSection(styles: readonly SavedStyle[]): string {
  const summary = styles.map((saved) => {
    const { style, width, photos, against, reached, optimisation, bar } = saved;
    const ratio = (iterations: number): string => figure(against[iterations]?.ratio, 3);
    const worst = (iterations: number): string => figure(against[iterations]?.worst, 3);
    const beyond = reached.photos < photos ? 'over ' : '';
    return [
      `${style}, ${width} width`,
      ...[50, 75, 100].map(ratio),
      ...[35, 50].map(worst),
      `${beyond}${figure(reached.iterations, 0)} of ${optimisation.iterations}`,
      `mean ${bar.mean.iterations}, worst ${bar.worst.iterations}: ${bar.passed ? 'pass' : 'miss'}`,
    ];
  });
  const head = [
    'style',
    'mean / 50',
    'mean / 75',
    'mean / 100',
    'worst / 35',
    'worst / 50',
    'iterations to it',
    'bar',
  ];
  const rows = summary.length > 0 ? summary : [unmeasured('all', head.length - 1)];
  return [
    '## Styles against Gatys’s optimisation',
    'The paper’s section 4.1: how many iterations of the optimisation does one pass stand in for? The first columns are the network’s mean objective over that of ' +
      'so many iterations, then the same of the photo on which it is worst; 1 or less is as good or better. The bar names the iterations that each has to equal. ' +
      'The paper’s networks stand between 50 and 100.',
    markdownTable(head, rows),
    ...styles.map(terms),
    ...(styles.length > 0
      ? [distinct(styles.flatMap(({ protocol, machine }) => [protocol, machineLine(machine)]))]
      : []),
  ].join('\n\n');
}

/** The objective and its terms, of the network, of the photo itself, and along the optimisation. */
function terms(saved: SavedStyle): string {
  const { style, width, photos, network, content, against, images, reached } = saved;
  const row = (name: string, losses: StyleLosses, rest: readonly string[]): string[] => [
    name,
    ...[losses.objective, losses.feature, losses.style, losses.totalVariation].map(whole),
    ...rest,
  ];
  const optimised = Object.entries(against).map(([iterations, { ratio, worst, worstPhoto }]) =>
    row(`${iterations} iterations`, meanLosses(pointsAt(images, Number(iterations))), [
      figure(ratio, 3),
      `${figure(worst, 3)} (${worstPhoto})`,
    ]),
  );
  const { mean, worst } = barOf(style);
  return [
    `### ${style}, ${width} width, ${photos} photos`,
    markdownTable(
      ['', 'objective', 'feature', 'style', 'variation', 'network’s over it', 'worst photo’s'],
      [
        row('network', network, ['', '']),
        row('the photo itself', content, ['', '']),
        ...optimised,
        ...(against[mean] && against[worst] ? [] : [unmeasured(`${worst} and ${mean} iterations`, 6)]),
      ],
    ),
    `The optimisation comes down to the network’s own objective on ${reached.photos} of ${photos} photos, after ` +
      `${reached.photos < photos ? 'more than ' : ''}${figure(reached.iterations, 1)} iterations on average.`,
  ].join('\n\n');
}

function unmeasured(name: string, columns: number): string[] {
  return [name, ...Array.from({ length: columns }, () => NOT_MEASURED)];
}
