import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeAnimation } from '../../src/images/animation.ts';
import { decode, decodeAnimation } from '../../src/images/decode.ts';
import { stylizeAnimation, upscaleAnimation } from '../../src/inference/animate.ts';
import { loadCatalogue } from '../../src/inference/catalogue.ts';
import { createNetworks, type Networks } from '../../src/inference/network.ts';
import { paintBytes } from '../../src/inference/paint-bytes.ts';
import { stylize } from '../../src/inference/stylize.ts';
import { upscale } from '../../src/inference/upscale.ts';
import { movingSquare } from '../images/moving.ts';
import { mixedCatalogue } from './upscaler-support.ts';

const PLAIN = { strength: 1, keepColors: false, detail: 'working' } as const;

let folder: string;
let networks: Networks;

beforeAll(async () => {
  folder = await mixedCatalogue();
  networks = createNetworks({ catalogue: await loadCatalogue(folder), provider: 'cpu', threads: 1 });
});

afterAll(async () => {
  await networks.close();
  await rm(folder, { recursive: true });
});

describe('painting an animation', () => {
  it('keeps frames, timing, loop and alpha, and tells how far it is by frames', async () => {
    const animation = movingSquare(90, 60, 4, true);
    const told: number[] = [];
    const painted = await stylizeAnimation(networks.style('waves'), animation, PLAIN, (done) =>
      told.push(done),
    );
    const { frames, ...about } = painted;
    expect(about).toEqual({ width: 90, height: 60, delays: animation.delays, loop: 3 });
    expect(frames.map(({ alpha }) => alpha)).toEqual(animation.frames.map(({ alpha }) => alpha));
    expect(told).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(frames[0]?.rgb).not.toEqual(animation.frames[0]?.rgb);
  });

  it('does not flicker: pixels farther than the network reaches from any change are the same in all frames', async () => {
    const network = networks.style('waves');
    const animation = movingSquare(400, 120, 4);
    const { frames } = await stylizeAnimation(network, animation, PLAIN);
    // The square moves within the first 30 columns.
    const still = 30 + network.reach;
    const right = frames.map(({ rgb }) => rgb.filter((_, at) => Math.floor(at / 3) % 400 > still));
    for (const part of right) expect(part).toEqual(right[0]);
    expect(frames[1]?.rgb).not.toEqual(frames[0]?.rgb);
    // Each by its own statistics, they would.
    const alone = await Promise.all(animation.frames.map((frame) => stylize(network, frame, PLAIN)));
    const flickers = alone.map(({ rgb }) => rgb.filter((_, at) => Math.floor(at / 3) % 400 > still));
    expect(flickers[1]).not.toEqual(flickers[0]);
  });

  it('works at the working size, and lies between photo and painting as strong as asked', async () => {
    const animation = movingSquare(200, 120, 2);
    const network = networks.style('waves');
    const small = { ...PLAIN, workingSize: 64 };
    const painted = await stylizeAnimation(network, animation, small);
    expect(painted).toMatchObject({ width: 200, height: 120 });
    expect(await stylizeAnimation(network, animation, { ...small, strength: 0 })).toEqual(animation);
    await expect(stylizeAnimation(network, animation, { ...small, strength: 2 })).rejects.toMatchObject({
      code: 'strength-out-of-range',
    });
  });
});

describe('enlarging an animation', () => {
  it('enlarges each frame as it would by itself', async () => {
    const animation = movingSquare(30, 20, 3);
    const network = networks.upscaler('x4');
    const large = await upscaleAnimation(network, animation, 64);
    expect(large).toMatchObject({ width: 120, height: 80, delays: animation.delays, loop: 3 });
    for (const [index, frame] of animation.frames.entries())
      expect(large.frames[index]).toEqual(await upscale(network, frame));
  });

  it('refuses what would be too large in all, with what it would be', async () => {
    await expect(
      upscaleAnimation(networks.upscaler('x4'), movingSquare(300, 200, 6), 1),
    ).rejects.toMatchObject({
      code: 'animation-result-too-large',
      data: { width: 1200, height: 800, frames: 6, pixels: 1e6 },
    });
  });
});

describe('the way of an animation’s bytes', () => {
  it('leads to WebP, or to GIF on request, whatever it came as', async () => {
    const bytes = await encodeAnimation(movingSquare(64, 48, 3), { format: 'gif' });
    const job = { style: 'waves', options: PLAIN };
    const webp = await paintBytes(networks, bytes, job);
    expect(webp).toMatchObject({ contentType: 'image/webp', width: 64, height: 48, frames: 3 });
    expect(await decodeAnimation(webp.bytes)).toMatchObject({ loop: 3, delays: [40, 50, 60] });
    const gif = await paintBytes(networks, bytes, { ...job, animationFormat: 'gif' });
    expect(gif.contentType).toBe('image/gif');
    expect((await decodeAnimation(gif.bytes))?.frames).toHaveLength(3);
    const large = await paintBytes(networks, bytes, { upscaler: 'x4', megapixels: 64 });
    expect(large).toMatchObject({ contentType: 'image/webp', width: 256, height: 192, frames: 3 });
  });

  it('ends at the first frame where a still format is asked for', async () => {
    const bytes = await encodeAnimation(movingSquare(64, 48, 3), { format: 'webp' });
    const png = await paintBytes(networks, bytes, { style: 'waves', options: PLAIN, format: 'png' });
    expect(png).not.toHaveProperty('frames');
    expect(await decode(png.bytes)).toMatchObject({ width: 64, height: 48 });
  });
});
