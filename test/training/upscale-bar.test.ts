import { describe, expect, it } from 'vitest';
import { passesUpscaleBar } from '../../src/training/upscale-bar.ts';

const PIXEL = { degradation: 'bicubic', loss: 'pixel' };
const FEATURE = { degradation: 'bicubic', loss: 'feature' };

function pixelScores(set5: number, set14: number, bsd100: number): Record<string, unknown> {
  return {
    'Set5 bicubic': { psnrY: set5 },
    'Set14 bicubic': { psnrY: set14 },
    'BSD100 bicubic': { psnrY: bsd100 },
  };
}

function featureScores(part: number): Record<string, unknown> {
  const of = (perceptualDistance: number, relu4_3: number): object => ({
    psnrY: 29,
    perceptualDistance: part * perceptualDistance,
    relu4_3: part * relu4_3,
  });
  return {
    'Set5 bicubic': of(1.388e-3, 7.779e-4),
    'Set14 bicubic': of(2.158e-3, 9.906e-4),
    'BSD100 bicubic': of(2.551e-3, 1.092e-3),
  };
}

describe('the bar for super-resolution', () => {
  it.each([
    ['pixels at ×4, on all three sets', 4, PIXEL, pixelScores(30.71, 27.61, 27), true],
    ['pixels at ×4, one set too low', 4, PIXEL, pixelScores(30.71, 27.59, 27), false],
    ['pixels at ×4, one set missing', 4, PIXEL, { 'Set5 bicubic': { psnrY: 40 } }, false],
    ['pixels at ×8', 8, PIXEL, { 'Set5 bicubic': { psnrY: 25.8 } }, true],
    ['pixels at ×8, too low', 8, PIXEL, { 'Set5 bicubic': { psnrY: 25.2 } }, false],
    ['features a third nearer', 4, FEATURE, featureScores(0.66), true],
    ['features a quarter nearer', 4, FEATURE, featureScores(0.75), false],
    [
      'what is served, which has to be looked at',
      4,
      { ...PIXEL, degradation: 'jpeg' },
      pixelScores(31, 28, 27),
      false,
    ],
    ['what was never recorded', 4, PIXEL, {}, false],
  ])('is passed or not by %s', (_, factor, recipe, scores, passes) => {
    expect(passesUpscaleBar({ name: 'other', factor, recipe, scores })).toBe(passes);
    expect(passesUpscaleBar({ name: `x${factor}`, factor, recipe, scores }), 'served').toBe(false);
  });
});
