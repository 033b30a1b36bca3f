import type { Animation } from '../../src/images/animation.ts';
import type { Picture } from '../../src/images/picture.ts';
import { gradient } from './support.ts';

/** A white square of 6 pixels that moves to the right, 8 pixels a frame, over a still gradient. */
export function movingSquare(width: number, height: number, frames: number, alpha = false): Animation {
  return {
    width,
    height,
    frames: Array.from({ length: frames }, (_, index) =>
      withSquare(gradient(width, height, alpha), 8 * index),
    ),
    delays: Array.from({ length: frames }, (_, index) => 40 + 10 * index),
    loop: 3,
  };
}

function withSquare(picture: Picture, left: number): Picture {
  const rgb = Uint8Array.from(picture.rgb);
  for (let row = 4; row < 10; row++) {
    const from = 3 * (row * picture.width + (left % picture.width));
    rgb.fill(255, from, from + 18);
  }
  return { ...picture, rgb };
}
