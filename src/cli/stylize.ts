import { SingleBar } from 'cli-progress';
import { type Command, Option } from 'commander';
import { nearest } from '../commands/near.ts';
import { findStyle, loadCatalogue } from '../inference/catalogue.ts';
import type { PaintedBytes, PaintJob } from '../inference/paint-bytes.ts';
import type { OnProgress, StylizeOptions } from '../inference/stylize.ts';
import { toStrength } from './arguments.ts';
import { checkOutput, readPictureFile, writeWhole } from './picture-files.ts';

/** Paints away from this process, since pictures are strangers' bytes and runs block their thread. */
export interface Painter {
  paint(bytes: Uint8Array, job: PaintJob, onProgress: OnProgress): Promise<PaintedBytes>;
  close(): Promise<void>;
}

/** What the command takes from the settings. */
export interface StylizeContext {
  /** The catalogue's folder. */
  readonly models: string;
  /** Long side at which networks run, in pixels. */
  readonly workingSize: number;
  /** The largest file that is read. */
  readonly pictureMegabytes: number;
  /** Called once the command is known to make sense. */
  readonly openPainter: () => Painter;
}

interface StylizeFlags {
  readonly output: string;
  readonly strength: number;
  readonly keepColors?: true;
  readonly detail: StylizeOptions['detail'];
}

/**
 * `impasto stylize STYLE IN -o OUT`: a picture's file becomes a painting of the same size. Everything that can be
 * wrong with the command is found before the long work; OUT is written as a whole or not at all, so it may be IN.
 */
export function addStylize(program: Command, context: StylizeContext): void {
  const { models, workingSize, pictureMegabytes, openPainter } = context;
  program
    .command('stylize')
    .description('turn a photo into a painting')
    .argument('<style>', 'which style (see “impasto styles”)')
    .argument('<in>', 'the photo: JPEG, PNG, WebP or GIF')
    .requiredOption('-o, --output <file>', 'the painting: .jpg, .jpeg, .png or .webp')
    .option('--strength <number>', 'from 0 (the photo) to 1 (the painting)', toStrength, 1)
    .option('--keep-colors', 'paint in the photo’s own colours')
    .addOption(
      new Option('--detail <level>', 'full paints every pixel of a large photo')
        .choices(['working', 'full'])
        .default('working'),
    )
    .action(async (style: string, input: string, flags: StylizeFlags) => {
      const format = await checkOutput(flags.output);
      findStyle(await loadCatalogue(models), style, nearest);
      const bytes = await readPictureFile(input, pictureMegabytes * 1024 * 1024);
      const { strength, keepColors = false, detail } = flags;
      const job = { style, format, options: { strength, keepColors, detail, workingSize } };
      const { width, height, seconds } = await paintTo(flags.output, openPainter(), bytes, job);
      console.log(`${flags.output}: ${style}, ${width} × ${height} pixels, ${seconds.toFixed(1)} s`);
    });
}

async function paintTo(
  output: string,
  painter: Painter,
  bytes: Uint8Array,
  job: PaintJob,
): Promise<{ width: number; height: number; seconds: number }> {
  const bar = new SingleBar({
    format: '{bar} {percentage} %',
    stream: process.stderr,
    clearOnComplete: true,
  });
  const started = performance.now();
  bar.start(1, 0);
  try {
    const painted = await painter.paint(bytes, job, (fraction) => bar.update(fraction));
    await writeWhole(output, painted.bytes);
    const { width, height } = painted;
    return { width, height, seconds: (performance.now() - started) / 1000 };
  } finally {
    bar.stop();
    await painter.close();
  }
}
