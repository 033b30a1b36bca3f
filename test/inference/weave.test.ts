import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { samplePhotos } from '../../src/cli/samples.ts';
import { decode } from '../../src/images/decode.ts';
import type { Picture } from '../../src/images/picture.ts';
import { crop, resize } from '../../src/images/resample.ts';
import { loadCatalogue, stylesOf } from '../../src/inference/catalogue.ts';
import { mirroredPart } from '../../src/inference/mirror.ts';
import { createNetworks, type TransformNetwork } from '../../src/inference/network.ts';
import { paintWhole } from '../../src/inference/paint-whole.ts';
import { COMMITTED } from './support.ts';

const present = existsSync(join(COMMITTED, 'catalogue.json'));
const WIDTH = 256;
const HEIGHT = 192;
/** What is painted around a picture and thrown away, so that its edge is none. */
const AROUND = 24;
/** Half of a network's grid. */
const SHIFT = 2;

/** The painting of a picture within its mirror image, which is moved against the network's grid. */
async function within(network: TransformNetwork, picture: Picture, shift: number): Promise<Picture> {
  const before = AROUND + shift;
  const seen = mirroredPart(picture, {
    left: -before,
    top: -before,
    width: before + WIDTH + AROUND,
    height: before + HEIGHT + AROUND,
  });
  const painting = await paintWhole(network, seen);
  return crop(painting, { left: before, top: before, width: WIDTH, height: HEIGHT });
}

/** The mean of what `value` says of the samples that are so many pixels from the edge, 0–255. */
function meanOf(from: number, to: number, value: (at: number) => number): number {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < 3 * WIDTH * HEIGHT; at++) {
    const place = Math.floor(at / 3);
    const [column, row] = [place % WIDTH, Math.floor(place / WIDTH)];
    const edge = Math.min(column, row, WIDTH - 1 - column, HEIGHT - 1 - row);
    if (edge < from || edge >= to) continue;
    sum += value(at);
    count += 1;
  }
  return sum / count;
}

describe.runIf(present)('one run of every style', async () => {
  const catalogue = present ? await loadCatalogue(COMMITTED) : { folder: COMMITTED, networks: [] };

  it.each(stylesOf(catalogue))('of $name neither weaves nor paints a frame', async ({ name }) => {
    const [sample] = samplePhotos();
    const photo = await decode(await readFile(sample?.file ?? ''));
    const picture = await resize(photo, WIDTH, HEIGHT);
    const networks = createNetworks({ catalogue, provider: 'cpu', threads: 2 });
    try {
      const network = networks.style(name);
      const bare = await paintWhole(network, picture);
      const still = await within(network, picture, 0);
      const moved = await within(network, picture, SHIFT);
      // What hangs on the grid changes where the grid lies elsewhere; strokes do so a little too.
      const weave = meanOf(32, Number.POSITIVE_INFINITY, (at) =>
        Math.abs((still.rgb[at] ?? 0) - (moved.rgb[at] ?? 0)),
      );
      expect(weave, 'the weave').toBeLessThan(13);
      const frame = meanOf(0, 4, (at) => (bare.rgb[at] ?? 0) - (still.rgb[at] ?? 0));
      expect(Math.abs(frame), 'the frame').toBeLessThan(14);
    } finally {
      await networks.close();
    }
  });
});
