import type { Machine } from '../../../src/training/results/machine.ts';
import type { SavedSpeed, SavedStyle, SavedText, SavedUpscale } from '../../../src/training/results/saved.ts';

/** Saved results of round figures, to be changed where a test asks for it. */

const SHA256 = 'a'.repeat(64);
const machine: Machine = {
  cpu: 'Abacus 9',
  cores: 4,
  load: 0.25,
  node: '20.0.0',
  onnxruntime: '1.2.3',
  provider: 'cpu',
  threads: 2,
};

export function savedUpscale(given: Partial<SavedUpscale> = {}): SavedUpscale {
  return {
    ...{ kind: 'upscale', network: 'x4', set: 'Set5', factor: 4, degraded: 'bicubic', pictures: 5 },
    ...{ protocol: 'x4; by the book', sha256: SHA256, machine },
    ...{ psnrY: 30.125, ssimY: 0.875, psnrRgb: 28, perceptualDistance: 0.002, relu4_3: 0.001 },
    secondsPerImage: 0.5,
    ...given,
  };
}

export function savedText(given: Partial<SavedText> = {}): SavedText {
  const rows = ['plain', 'jpeg 40', 'jpeg 60', 'jpeg 80'].map((degraded) => ({
    ...{ degraded, psnrY: 22.5, lanczos: 18.25, gain: 4.25 },
  }));
  return {
    ...{ kind: 'text', network: 'x4', factor: 4, protocol: 'x4; sentences', pictures: 14 },
    ...{ sha256: SHA256, machine, rows, gain: 4.25, passed: true },
    ...given,
  };
}

export function savedSpeed(given: Partial<SavedSpeed> = {}): SavedSpeed {
  const row = (side: number, timed: number, network: number): SavedSpeed['sizes'][number] => ({
    ...{ side, network, published: 2 * network, timed },
    optimisation: { 100: 40, 300: 120, 500: 200 },
    ratio: { 100: 40 / network, 300: 120 / network, 500: 200 / network },
  });
  return {
    ...{ kind: 'speed', style: 'waves', sha256: SHA256, width: 'half', machine },
    ...{ protocol: 'By a stopwatch.', sizes: [row(256, 500, 0.025), row(512, 20, 0.05)] },
    ...given,
  };
}

export function savedStyle(given: Partial<SavedStyle> = {}): SavedStyle {
  const losses = { objective: 9000, feature: 4000, style: 4500, totalVariation: 500 };
  const point = (iterations: number, objective: number): SavedStyle['optimisation'] => ({
    ...{ iterations, ...losses, objective, seconds: iterations / 4 },
  });
  const optimisation = [point(35, 18000), point(50, 12000)];
  const image = { network: { ...losses, seconds: 0.02 }, content: { ...losses, feature: 0 }, optimisation };
  return {
    ...{ kind: 'style', style: 'waves', sha256: SHA256, width: 'half', machine, photos: 2 },
    protocol: 'Photos: two.',
    network: { ...losses, seconds: 0.02 },
    optimisation: point(50, 12000),
    content: { ...losses, feature: 0 },
    ratio: { objective: 0.75, time: 600 },
    against: {
      35: { objective: 18000, seconds: 9, ratio: 0.5, worst: 0.625, worstPhoto: 'sea.jpg' },
      50: { objective: 12000, seconds: 12, ratio: 0.75, worst: 1.125, worstPhoto: 'sky.jpg' },
    },
    reached: { photos: 1, iterations: 49.5, seconds: 12 },
    bar: { mean: { iterations: 50, ratio: 0.75 }, worst: { iterations: 35, ratio: 0.625 }, passed: false },
    images: [
      { photo: 'sea.jpg', ...image, reached: { iterations: 49, seconds: 12 } },
      { photo: 'sky.jpg', ...image },
    ],
    ...given,
  };
}
