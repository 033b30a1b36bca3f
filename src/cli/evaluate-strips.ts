import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import { cropToMultiple, resizeBicubic } from '../images/bicubic.ts';
import type { Picture } from '../images/picture.ts';
import { crop } from '../images/resample.ts';
import { decodeOwn, readOwn } from '../training/own-file.ts';
import { pairOf } from '../training/photos/pairs.ts';
import type { SheetRow } from '../training/report/preview-sheet.ts';
import { blocks, STRIP_SIDE, stripSheet } from '../training/report/strips.ts';
import { writeWhole } from '../training/report/write-file.ts';
import { toCount } from './arguments.ts';
import { type ComputeDefaults, type ComputeFlags, withComputing } from './compute-options.ts';
import { type OpenEnlarger, openEnlarger } from './enlarger.ts';
import { folderOf } from './evaluate-upscale.ts';

/** A square of a picture of a set, by its top left corner in pixels. */
interface Part {
  readonly set: string;
  readonly file: string;
  readonly left: number;
  readonly top: number;
}

interface StripFlags extends ComputeFlags {
  readonly factor: number;
  readonly networks?: readonly string[];
  readonly parts?: readonly Part[];
  readonly save: string;
}

/** Fine lines, curves, stripes and a building. */
const PARTS: readonly Part[] = [
  { set: 'Set5', file: 'butterfly.png', left: 56, top: 56 },
  { set: 'Set14', file: 'comic.png', left: 48, top: 40 },
  { set: 'Set14', file: 'zebra.png', left: 232, top: 104 },
  { set: 'BSD100', file: 'img_003.png', left: 88, top: 104 },
];

/** `impasto evaluate strips`: parts of the benchmarks' pictures, enlarged by several networks, beside each other. */
export function addEvaluateStrips(evaluate: Command, defaults: ComputeDefaults & Pick<Config, 'data'>): void {
  withComputing(evaluate.command('strips'), defaults)
    .description('put enlarged pictures beside each other: input, bicubic, networks, truth')
    .requiredOption('--save <folder>', 'where strips-xFACTOR.webp is written')
    .option('--factor <factor>', 'how many times longer each side becomes', toCount, 4)
    .option('--networks <names...>', 'columns (default: xFACTOR-pixel xFACTOR-feature)')
    .option('--parts <parts...>', `rows, as SET/FILE@LEFT,TOP: squares of ${STRIP_SIDE} pixels`, toPart)
    .action(async (flags: StripFlags) => run(flags, defaults.data));
}

async function run(flags: StripFlags, data: string | undefined): Promise<void> {
  const { factor, parts = PARTS } = flags;
  const networks = flags.networks ?? [`x${factor}-pixel`, `x${factor}-feature`];
  const truths = await Promise.all(parts.map((part) => readTruth(part, data)));
  const opened: OpenEnlarger[] = [];
  const rows: SheetRow[] = [];
  try {
    for (const name of networks) opened.push(await openEnlarger(name, flags));
    const other = opened.find(({ enlarger }) => enlarger.factor !== factor);
    if (other) {
      const { name, factor: own } = other.enlarger;
      throw new UserError('factor-differs', `${name} enlarges ${own} times: give --factor ${own}.`);
    }
    for (const [index, truth] of truths.entries()) {
      const { set = '', file = '', left = 0, top = 0 } = parts[index] ?? {};
      const { low, high } = await pairOf(
        cropToMultiple(truth, factor),
        { factor, degradation: 'bicubic' },
        100,
      );
      const large = [await blocks(low, factor), resizeBicubic(low, high.width, high.height)];
      for (const { enlarger } of opened) large.push(await enlarger.enlarge(low));
      const area = { left, top, width: STRIP_SIDE, height: STRIP_SIDE };
      rows.push({
        label: `${set} ${file}: input, bicubic, ${networks.join(', ')}, truth`,
        pictures: [...large, high].map((picture) => crop(picture, area)),
      });
    }
  } finally {
    for (const { close } of opened) await close();
  }
  const path = join(flags.save, `strips-x${factor}.webp`);
  await writeWhole(path, await stripSheet(rows, STRIP_SIDE), 'Nothing else was changed.');
  console.log(path);
}

/** @throws UserError `set-unknown`, `part-outside`, and where the file doesn't read */
async function readTruth({ set, file, left, top }: Part, data: string | undefined): Promise<Picture> {
  const path = join(await folderOf(set, data), file);
  const picture = await decodeOwn(await readOwn(path, 'picture'), path, 'picture');
  if (left + STRIP_SIDE <= picture.width && top + STRIP_SIDE <= picture.height) return picture;
  throw new UserError(
    'part-outside',
    `${path} has ${picture.width} × ${picture.height} pixels: a square of ${STRIP_SIDE} at ${left},${top} lies outside. Give another corner.`,
    { data: { set, file } },
  );
}

function toPart(value: string, before: readonly Part[] = []): Part[] {
  const [, set, file, left, top] = /^(.+)\/([^/]+)@(\d+),(\d+)$/.exec(value) ?? [];
  if (set === undefined || file === undefined)
    throw new InvalidArgumentError('Give SET/FILE@LEFT,TOP, such as Set5/butterfly.png@56,56.');
  return [...before, { set, file, left: Number(left), top: Number(top) }];
}
