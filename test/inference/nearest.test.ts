import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/inference/nearest.ts';

const STYLES = ['starry-night', 'the-scream', 'great-wave', 'composition-vii', 'mosaic'];

describe('nearest', () => {
  it.each([
    ['stary-night', 'starry-night'],
    ['satrry-night', 'starry-night'],
    ['Starry Night', 'starry-night'],
    ['starry_nigth', 'starry-night'],
    ['wave', 'great-wave'],
    ['mosiac', 'mosaic'],
    ['scream', 'the-scream'],
  ])('takes “%s” for %s', (word, meant) => {
    expect(nearest(word, STYLES)).toBe(meant);
  });

  it.each(['', '   ', 'x', 'watercolour', 'ni'])('makes no guess at “%s”', (word) => {
    expect(nearest(word, STYLES)).toBeUndefined();
  });

  it('guesses nothing where there is nothing', () => {
    expect(nearest('mosaic', [])).toBeUndefined();
  });

  it('prefers the nearest of several', () => {
    expect(nearest('night-b', ['night-aa', 'night-ab', 'night-b2'])).toBe('night-ab');
  });

  it('finds any style after one slip of the finger', () => {
    const slip = fc.constantFrom(...STYLES).chain((style) =>
      fc.tuple(
        fc.constant(style),
        fc.nat(style.length - 1).map((at) => style.slice(0, at) + style.slice(at + 1)),
      ),
    );
    fc.assert(
      fc.property(slip, ([style, slipped]) => {
        expect(nearest(slipped, STYLES)).toBe(style);
      }),
    );
  });
});
