import { join } from 'node:path';
import type { Command } from 'commander';
import { nearest } from '../commands/near.ts';
import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import type { StyleEntry } from '../inference/catalogue-schema.ts';
import { openSession } from '../inference/session.ts';
import type { Json } from '../training/checkpoint.ts';
import { commitCurves, committedCurve, committedCurves } from '../training/committed-curves.ts';
import { evaluateStyle, type StyleEvaluation } from '../training/evaluate-style.ts';
import { measureSpeed, type Speed } from '../training/measure-speed.ts';
import type { StyleTargets } from '../training/objective.ts';
import { BASELINE } from '../training/optimisation.ts';
import type { OptimisationCurve } from '../training/optimisation-curve.ts';
import { saveEntry } from '../training/publish.ts';
import { objectiveOf } from '../training/recipe.ts';
import { speedTable, styleTable } from '../training/report/style-table.ts';
import { type Machine, thisMachine } from '../training/results/machine.ts';
import { type Saved, saveResult } from '../training/results/saved.ts';
import { type CurveStore, scoreCache } from '../training/score-cache.ts';
import type { OpenSession } from '../training/session-values.ts';
import { BAR_PHOTOS } from '../training/style-bar.ts';
import { styleTargets } from '../training/style-targets.ts';
import { toCount, toCounts } from './arguments.ts';
import { type ComputeDefaults, type ComputeFlags, withComputing } from './compute-options.ts';
import {
  type ListedStyle,
  readSquares,
  readStyle,
  readTrainedWith,
  type TrainedWith,
} from './style-inputs.ts';

interface EvaluateFlags extends ComputeFlags {
  readonly photos: string;
  readonly againstOptimisation?: number;
  readonly sizes?: readonly number[];
  readonly limit?: number;
  readonly artwork?: string;
  readonly lossNetwork?: string;
  readonly json?: true;
  readonly record?: true;
  readonly save?: string;
}

/** Side of the squares on which styles are compared, in pixels: the paper's. */
const SIDE = 256;

/**
 * `impasto evaluate style`: a network's objective and speed beside those of Gatys's optimisation.
 *
 * @param defaults.data holds `artworks/STYLE.jpg` and `loss-network`; without it both have to be given
 * @param defaults.state keeps the optimisation's scores
 */
export function addEvaluateStyle(
  evaluate: Command,
  defaults: ComputeDefaults & Pick<Config, 'data' | 'state'>,
): void {
  withComputing(evaluate.command('style'), defaults)
    .description('compare a style’s network with the optimisation that it stands in for')
    .argument('<style>', 'a style of the catalogue')
    .requiredOption('--photos <folder>', 'photographs that training did not see')
    .option(
      '--against-optimisation <iterations>',
      'evaluations of loss and gradient for L-BFGS; committed scores are used where they agree',
      toCount,
    )
    .option('--sizes <sides>', 'time both on squares of these sides as well, such as 256,512,1024', toCounts)
    .option('--limit <count>', 'take so many photos only, spread evenly over the folder', toCount)
    .option('--artwork <file>', 'the style’s artwork (default: artworks/STYLE.jpg below IMPASTO_DATA)')
    .option('--loss-network <path>', 'what it was trained with (default: loss-network below IMPASTO_DATA)')
    .option(
      '--record',
      'write the scores into the catalogue and the card, and the optimisation’s beside them; a style that passes is no longer provisional',
    )
    .option('--save <folder>', 'write the results into this folder too, for “impasto results”')
    .option('--json', 'print JSON only')
    .action(async (style: string, flags: EvaluateFlags) => run(style, flags, defaults));
}

/** All that scores and speeds are measured with. */
interface Subject extends ListedStyle, TrainedWith {
  readonly targets: StyleTargets;
  readonly open: OpenSession;
}

async function run(
  style: string,
  flags: EvaluateFlags,
  defaults: Pick<Config, 'data' | 'state'>,
): Promise<void> {
  const { againstOptimisation, sizes = [], limit, json } = flags;
  checkFlags(flags);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const open: OpenSession = (model) => openSession(model, flags);
  const listed = await readStyle(flags.models, style, nearest);
  const photos = againstOptimisation === undefined ? [] : await readSquares(flags.photos, SIDE, limit);
  const squares = await Promise.all(sizes.map(async (side) => (await readSquares(flags.photos, side, 1))[0]));
  const trained = await readTrainedWith(listed.entry, { ...flags, data: defaults.data });
  const targets = await styleTargets(trained.artwork, trained.lossNetwork, listed.recipe, open);
  const subject = { ...listed, ...trained, targets, open };
  const machine = thisMachine(flags);

  let result: StyleEvaluation | undefined;
  if (againstOptimisation !== undefined) {
    say(protocol(againstOptimisation));
    result = await compare(subject, photos, againstOptimisation, flags, defaults.state, say);
    if (!json) console.log(styleTable(result));
  }
  let speed: Speed | undefined;
  if (sizes.length > 0) {
    speed = await measureSpeed({
      ...subject,
      recipe: objectiveOf(listed.recipe),
      photos: squares.flatMap((square) => square?.picture ?? []),
      onSize: ({ side }) => say(`${side} × ${side} is timed.`),
    });
    say(`${speed.protocol} ${flags.threads} threads, ${flags.provider}.`);
    if (!json) console.log(speedTable(speed));
  }
  if (json) console.log(JSON.stringify({ style, ...result, ...(speed ? { speed } : {}) }));
  if (flags.record && result) await record(flags.models, listed.entry, result);
  if (flags.save !== undefined) {
    for (const saved of toSave(listed, machine, result, speed)) say(await saveResult(flags.save, saved));
  }
}

/** @throws UserError `nothing-to-measure`, `record-limited` */
function checkFlags({ againstOptimisation, sizes, record, limit }: EvaluateFlags): void {
  if (againstOptimisation === undefined && sizes === undefined) {
    throw new UserError(
      'nothing-to-measure',
      'Give --against-optimisation to compare scores, --sizes to compare speeds, or both.',
    );
  }
  if (!record) return;
  if (againstOptimisation === undefined)
    throw new UserError('nothing-to-measure', '--record needs --against-optimisation.');
  if (limit !== undefined && limit < BAR_PHOTOS) {
    throw new UserError(
      'record-limited',
      `Scores of fewer than ${BAR_PHOTOS} photos are not recorded: raise --limit, or leave out --limit or --record.`,
    );
  }
}

async function compare(
  subject: Subject,
  photos: Awaited<ReturnType<typeof readSquares>>,
  iterations: number,
  flags: EvaluateFlags,
  state: string,
  say: (line: string) => void,
): Promise<StyleEvaluation> {
  const { entry, recipe, open } = subject;
  const about = {
    objective: objectiveOf(recipe),
    ...subject.hashes,
    preprocessing: subject.preprocessing,
    artworkShortSide: recipe.artworkShortSide,
    artworkBlur: recipe.artworkBlur,
    settings: { ...BASELINE },
  };
  const curves: OptimisationCurve[] = [];
  const result = await evaluateStyle({
    ...subject,
    style: entry.name,
    photos,
    recipe: objectiveOf(recipe),
    settings: { ...BASELINE, iterations },
    open,
    curves: await knownCurves(flags.models, state, about),
    onPhoto: (index, { photo, network, optimisation }, curve) => {
      curves.push(curve);
      const theirs = Math.round(optimisation.at(-1)?.objective ?? Number.NaN);
      const ours = Math.round(network.objective);
      say(`${index + 1}/${photos.length} ${photo}: network ${ours}, optimisation ${theirs}`);
    },
  });
  if (flags.record) {
    await commitCurves(
      flags.models,
      { style: entry.name, subject: about },
      photos.flatMap((photo, index) => {
        const curve = curves[index];
        return curve ? [{ ...photo, curve }] : [];
      }),
    );
  }
  return result;
}

/** Curves that are committed, then those of the state folder, where new ones are kept photo by photo. */
async function knownCurves(models: string, state: string, about: Json): Promise<CurveStore> {
  const committed = await committedCurves(models, about);
  const cache = scoreCache(join(state, 'evaluations'), about);
  return {
    get: async (photo, iterations) =>
      committedCurve(committed, photo, iterations) ?? (await cache.get(photo, iterations)),
    put: cache.put,
  };
}

/** A network that is no worse than the bar is finished: its entry is no longer provisional. */
async function record(models: string, entry: StyleEntry, result: StyleEvaluation): Promise<void> {
  const { style: _, images: __, ...scores } = result;
  const { provisional: ___, ...rest } = entry;
  await saveEntry(models, { ...rest, ...(result.bar.passed ? {} : { provisional: true }), scores });
}

function toSave(
  { entry, recipe }: ListedStyle,
  machine: Machine,
  result: StyleEvaluation | undefined,
  speed: Speed | undefined,
): Saved[] {
  const whose = { style: entry.name, sha256: entry.sha256, width: recipe.width, machine };
  return [
    ...(result
      ? [{ kind: 'style' as const, ...whose, protocol: protocol(result.optimisation.iterations), ...result }]
      : []),
    ...(speed ? [{ kind: 'speed' as const, ...whose, ...speed }] : []),
  ];
}

/** How both sides are made and measured, so that the scores can be read without the source. */
function protocol(iterations: number): string {
  const { history, noise, seed } = BASELINE;
  return (
    `Photos: short side ${SIDE}, centre ${SIDE} × ${SIDE}. Optimisation: L-BFGS, ${iterations} evaluations of loss and ` +
    `gradient, history ${history}, full step halved until Armijo's condition holds, from Gaussian noise ` +
    `(127.5 ± ${noise}, seed ${seed}). Both clipped to 0–255, rounded and scored by the same graph.`
  );
}
