import type { StyleEvaluation } from '../evaluate-style.ts';
import { COMPARED, type Speed } from '../measure-speed.ts';
import type { StyleLosses } from '../objective.ts';
import { BAR_PHOTOS, type Judgement, type Standing } from '../style-bar.ts';

/** An evaluation as a person reads it on a terminal. */
export function styleTable(result: StyleEvaluation): string {
  const { style, photos, network, optimisation, content, ratio, against, reached, bar } = result;
  const terms = ({ objective, feature, style, totalVariation }: StyleLosses): number[] =>
    [objective, feature, style, totalVariation].map(Math.round);
  const missed = photos - reached.photos;
  return [
    `${style}, means over ${photos} photos`,
    row('', ['objective', 'feature', 'style', 'variation', 'seconds']),
    row('network', [...terms(network), network.seconds.toFixed(3)]),
    row(`optimisation, ${optimisation.iterations}`, [
      ...terms(optimisation),
      optimisation.seconds.toFixed(3),
    ]),
    row('the photo itself', [...terms(content), '']),
    `The network's objective is ${ratio.objective.toFixed(3)} times the optimisation's, and it is ${Math.round(ratio.time)} times as fast.`,
    row('against iterations', ['objective', 'mean', 'worst photo']),
    ...Object.entries(against).map(([iterations, { objective, ratio, worst, worstPhoto }]) =>
      row(`  ${iterations}`, [Math.round(objective), ratio.toFixed(3), worst.toFixed(3), `  ${worstPhoto}`]),
    ),
    `The optimisation comes down to the network's objective after ${missed > 0 ? 'more than ' : ''}${reached.iterations.toFixed(1)} iterations, ` +
      `${reached.seconds.toFixed(1)} s${missed > 0 ? ` (on ${missed} of the photos it does not get there in ${optimisation.iterations})` : ''}.`,
    verdict(bar, photos),
  ].join('\n');
}

/** Whether a style passes its bar, and by how much or how far from it. */
export function verdict({ mean, worst, passed }: Judgement, photos: number): string {
  const said = ({ iterations, ratio }: Standing): string =>
    `${iterations} iterations' (${ratio === undefined ? 'not run so far' : `${ratio.toFixed(3)} times`})`;
  const few = photos < BAR_PHOTOS ? `, over ${BAR_PHOTOS} photos or more (these are ${photos})` : '';
  return `${passed ? 'Pass' : 'Miss'}: the bar is a mean objective no worse than ${said(mean)} and no photo worse than ${said(worst)}${few}.`;
}

/** Speeds as a person reads them on a terminal. */
export function speedTable({ sizes }: Speed): string {
  return [
    row('seconds', ['network', ...COMPARED.map((count) => `${count} it.`), 'times as fast']),
    ...sizes.map(({ side, network, optimisation, ratio, timed }) =>
      row(`${side} × ${side}`, [
        network.toFixed(4),
        ...COMPARED.map((count) => (optimisation[count] ?? Number.NaN).toFixed(1)),
        COMPARED.map((count) => Math.round(ratio[count] ?? Number.NaN)).join(' / '),
        timed < Math.max(...COMPARED) ? `  ${timed} iterations timed and multiplied` : '',
      ]),
    ),
  ].join('\n');
}

function row(name: string, cells: readonly (string | number)[]): string {
  return (name.padEnd(24) + cells.map((cell) => String(cell).padStart(12)).join('')).trimEnd();
}
