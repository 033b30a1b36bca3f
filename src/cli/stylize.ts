import { type Command, Option } from 'commander';
import { nearest } from '../commands/near.ts';
import { findStyle, loadCatalogue } from '../inference/catalogue.ts';
import type { StylizeOptions } from '../inference/stylize.ts';
import { toStrength } from './arguments.ts';
import { type Painter, paintTo } from './paint-file.ts';
import { checkOutput, readPictureFile } from './picture-files.ts';

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
    .requiredOption(
      '-o, --output <file>',
      'the painting: .jpg, .jpeg, .png, or .webp or .gif, which hold an animation too',
    )
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
