import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Command, Option } from 'commander';
import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import type { UpscaleEntry } from '../inference/catalogue-schema.ts';
import { openSession } from '../inference/session.ts';
import {
  evaluateUpscale,
  protocolOf,
  type UpscaleEvaluation,
  type UpscaleScores,
} from '../training/evaluate-upscale.ts';
import { decodeOwn, readOwn } from '../training/own-file.ts';
import { PerceptualDistance } from '../training/perceptual-distance.ts';
import { DEGRADATIONS, type Degradation } from '../training/photos/degrade.ts';
import { openPhotos } from '../training/photos/source.ts';
import { saveEntry } from '../training/publish.ts';
import { thisMachine } from '../training/results/machine.ts';
import { saveResult } from '../training/results/saved.ts';
import { passesUpscaleBar } from '../training/upscale-bar.ts';
import { toCount } from './arguments.ts';
import { type ComputeDefaults, type ComputeFlags, withComputing } from './compute-options.ts';
import { ENLARGERS, openEnlarger } from './enlarger.ts';
import { readJudge } from './style-inputs.ts';

interface EvaluateFlags extends ComputeFlags {
  readonly set: string;
  readonly degradation: Degradation;
  readonly quality: number;
  readonly factor: number;
  readonly limit?: number;
  readonly lossNetwork?: string;
  readonly json?: true;
  readonly record?: true;
  readonly save?: string;
}

/**
 * `impasto evaluate upscale`: how near a network, or a kernel, comes to the truth.
 *
 * @param defaults.data holds `sr/SET` and `loss-network`; without it folders have to be given
 */
export function addEvaluateUpscale(
  evaluate: Command,
  defaults: ComputeDefaults & Pick<Config, 'data'>,
): void {
  withComputing(evaluate.command('upscale'), defaults)
    .description('measure how near enlarged pictures come to the truth')
    .argument('<network>', ENLARGERS)
    .requiredOption('--set <set>', 'Set5, Set14 or BSD100 below IMPASTO_DATA/sr, or any folder of pictures')
    .addOption(
      new Option('--degradation <kind>', 'how pictures are made small')
        .choices(DEGRADATIONS)
        .default('bicubic'),
    )
    .option('--quality <quality>', 'of JPEG, for the degradation jpeg', toCount, 60)
    .option('--factor <factor>', 'for bicubic and lanczos; a network has its own', toCount, 4)
    .option('--limit <count>', 'take the first so many pictures only', toCount)
    .option('--loss-network <path>', 'the judge of distances (default: loss-network below IMPASTO_DATA)')
    .option(
      '--record',
      'write the scores into the catalogue and the card; a network that reaches its bar is no longer provisional',
    )
    .option('--save <folder>', 'write the means into this folder too, for “impasto results”')
    .option('--json', 'print JSON only')
    .action(async (name: string, flags: EvaluateFlags) => run(name, flags, defaults.data));
}

async function run(name: string, flags: EvaluateFlags, data: string | undefined): Promise<void> {
  const { degradation, quality, limit } = flags;
  const { enlarger, entry, listed, close } = await openEnlarger(name, flags);
  try {
    if ((flags.record && !listed) || ((flags.record || flags.save !== undefined) && limit !== undefined)) {
      throw new UserError(
        'record-limited',
        'Only scores of the catalogue’s networks on a whole set are recorded, and only whole sets saved: leave out --record, or --limit.',
      );
    }
    const folder = await folderOf(flags.set, data);
    const { files } = await openPhotos(folder);
    const lossNetwork = await readJudge(flags.lossNetwork, data);
    const say = (line: string): void => void process.stderr.write(`${line}\n`);
    say(protocolOf({ enlarger, degradation, quality }));
    const pictures = await Promise.all(
      files.slice(0, limit).map(async (file) => {
        const path = join(folder, file);
        return { name: file, picture: await decodeOwn(await readOwn(path, 'picture'), path, 'picture') };
      }),
    );
    const distance = await PerceptualDistance.create(lossNetwork, (model) => openSession(model, flags));
    const machine = thisMachine(flags);
    const result = await evaluateUpscale({
      enlarger,
      set: basename(flags.set),
      pictures,
      degradation,
      quality,
      distance,
      onImage: (file, scores) => say(`${file}: ${line(scores)}`),
    }).finally(() => distance.close());
    console.log(flags.json ? JSON.stringify(result) : table(result));
    const degraded = degradation === 'jpeg' ? `jpeg ${quality}` : degradation;
    if (flags.record && entry) await record(flags.models, entry, result, degraded);
    if (flags.save !== undefined) {
      const { images, ...means } = result;
      const about = { factor: enlarger.factor, degraded, pictures: images.length, sha256: entry?.sha256 };
      say(await saveResult(flags.save, { kind: 'upscale', ...about, machine, ...means }));
    }
  } finally {
    await close();
  }
}

/** A network that reaches its bar is finished: its entry is no longer provisional. */
async function record(
  models: string,
  entry: UpscaleEntry,
  result: UpscaleEvaluation,
  degraded: string,
): Promise<void> {
  const { network: _, set, images: __, ...measured } = result;
  const { provisional: ___, ...rest } = entry;
  const scores = { ...entry.scores, [`${set} ${degraded}`]: measured };
  const finished = passesUpscaleBar({ ...rest, scores });
  await saveEntry(models, { ...rest, ...(finished ? {} : { provisional: true }), scores });
}

/** A benchmark by its name, or a folder by its path. @throws UserError `set-unknown` */
export async function folderOf(set: string, data: string | undefined): Promise<string> {
  const below = data === undefined ? undefined : join(data, 'sr', set);
  for (const folder of [below, set]) {
    if (folder !== undefined && (await isFolder(folder))) return folder;
  }
  throw new UserError(
    'set-unknown',
    `There is no set “${set}”: give a folder of pictures, or put it below ${below ?? 'IMPASTO_DATA/sr, and set IMPASTO_DATA'}.`,
    { data: { set } },
  );
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (about) => about.isDirectory(),
    () => false,
  );
}

function line(scores: UpscaleScores): string {
  const { psnrY, ssimY, psnrRgb, perceptualDistance, relu4_3 } = scores;
  return [
    `Y ${psnrY.toFixed(2)} dB / ${ssimY.toFixed(4)}`,
    `RGB ${psnrRgb.toFixed(2)} dB`,
    `perceptual distance ${perceptualDistance.toExponential(3)}`,
    `relu4_3 ${relu4_3.toExponential(3)}`,
  ].join(', ');
}

function table(result: UpscaleEvaluation): string {
  const { network, set, images, secondsPerImage } = result;
  return `${network} on ${set} (${images.length}): ${line(result)}, ${secondsPerImage.toFixed(3)} s a picture`;
}
