import type { Command } from 'commander';
import { nearest } from '../commands/near.ts';
import { findUpscaler, loadCatalogue } from '../inference/catalogue.ts';
import { type Painter, paintTo } from './paint-file.ts';
import { checkOutput, readPictureFile } from './picture-files.ts';

/** What the command takes from the settings. */
export interface UpscaleContext {
  /** The catalogue's folder. */
  readonly models: string;
  /** The largest result, in megapixels. */
  readonly upscaleMegapixels: number;
  /** The largest file that is read. */
  readonly pictureMegabytes: number;
  /** Called once the command is known to make sense. */
  readonly openPainter: () => Painter;
}

/**
 * `impasto upscale NETWORK IN -o OUT`: a picture's file becomes a larger one. Everything that can be wrong with the
 * command is found before the long work; OUT is written as a whole or not at all, so it may be IN.
 */
export function addUpscale(program: Command, context: UpscaleContext): void {
  const { models, upscaleMegapixels: megapixels, pictureMegabytes, openPainter } = context;
  program
    .command('upscale')
    .description('make a picture larger')
    .argument('<network>', 'x4, x8, or another super-resolution network of the catalogue')
    .argument('<in>', 'the picture: JPEG, PNG, WebP or GIF')
    .requiredOption(
      '-o, --output <file>',
      'the larger one: .jpg, .jpeg, .png, or .webp or .gif, which hold an animation too',
    )
    .action(async (network: string, input: string, { output }: { readonly output: string }) => {
      const format = await checkOutput(output);
      findUpscaler(await loadCatalogue(models), network, nearest);
      const bytes = await readPictureFile(input, pictureMegabytes * 1024 * 1024);
      const job = { upscaler: network, format, megapixels };
      const { width, height, seconds } = await paintTo(output, openPainter(), bytes, job);
      console.log(`${output}: ${network}, ${width} × ${height} pixels, ${seconds.toFixed(1)} s`);
    });
}
