import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ImpastoError, systemCode } from '../../errors.ts';
import type { StyleEvaluation } from '../evaluate-style.ts';
import type { TextEvaluation } from '../evaluate-text.ts';
import type { UpscaleEvaluation } from '../evaluate-upscale.ts';
import type { Speed } from '../measure-speed.ts';
import { writeWhole } from '../report/write-file.ts';
import type { Machine } from './machine.ts';

/** A style's evaluation, and whose network it was. */
export interface SavedStyle extends StyleEvaluation {
  readonly kind: 'style';
  /** SHA-256 of the network that was measured. */
  readonly sha256: string;
  readonly width: 'half' | 'full';
  readonly protocol: string;
  readonly machine: Machine;
}

/** A style's speed beside the optimisation's. */
export interface SavedSpeed extends Speed {
  readonly kind: 'speed';
  readonly style: string;
  readonly sha256: string;
  readonly width: 'half' | 'full';
  readonly machine: Machine;
}

/** Enlarged pictures of a set beside the truth; the kernels' are saved too. */
export interface SavedUpscale extends Omit<UpscaleEvaluation, 'images'> {
  readonly kind: 'upscale';
  readonly factor: number;
  /** `bicubic`, `paper`, `jpeg 60`. */
  readonly degraded: string;
  /** How many. */
  readonly pictures: number;
  readonly sha256?: string | undefined;
  readonly machine: Machine;
}

/** Enlarged text beside Lanczos's kernel. */
export interface SavedText extends TextEvaluation {
  readonly kind: 'text';
  readonly sha256?: string | undefined;
  readonly machine: Machine;
}

/** One measurement, as a file of `docs/results/` holds it. */
export type Saved = SavedStyle | SavedSpeed | SavedUpscale | SavedText;

const machine = z.object({
  cpu: z.string(),
  cores: z.int(),
  load: z.number(),
  node: z.string(),
  onnxruntime: z.string(),
  provider: z.string(),
  threads: z.int(),
});
const width = z.enum(['half', 'full']);
const losses = {
  objective: z.number(),
  feature: z.number(),
  style: z.number(),
  totalVariation: z.number(),
};
const scored = z.object({ ...losses, seconds: z.number() });
const point = z.object({ iterations: z.int(), ...losses, seconds: z.number() });
const reached = z.object({ iterations: z.number(), seconds: z.number() });
const standing = z.object({ iterations: z.int(), ratio: z.number().optional() });
const style = z.object({
  kind: z.literal('style'),
  style: z.string(),
  sha256: z.string(),
  width,
  protocol: z.string(),
  machine,
  photos: z.int(),
  network: scored,
  optimisation: point,
  content: z.object(losses),
  ratio: z.object({ objective: z.number(), time: z.number() }),
  against: z.record(
    z.string(),
    z.object({
      objective: z.number(),
      seconds: z.number(),
      ratio: z.number(),
      worst: z.number(),
      worstPhoto: z.string(),
    }),
  ),
  reached: reached.extend({ photos: z.int() }),
  bar: z.object({ mean: standing, worst: standing, passed: z.boolean() }),
  images: z.array(
    z.object({
      photo: z.string(),
      network: scored,
      content: z.object(losses),
      optimisation: z.array(point),
      reached: reached.optional(),
    }),
  ),
});
const byIterations = z.record(z.string(), z.number());
const speed = z.object({
  kind: z.literal('speed'),
  style: z.string(),
  sha256: z.string(),
  width,
  machine,
  protocol: z.string(),
  sizes: z.array(
    z.object({
      side: z.int(),
      network: z.number(),
      published: z.number(),
      timed: z.int(),
      optimisation: byIterations,
      ratio: byIterations,
    }),
  ),
});
const upscale = z.object({
  kind: z.literal('upscale'),
  network: z.string(),
  set: z.string(),
  factor: z.int(),
  degraded: z.string(),
  protocol: z.string(),
  pictures: z.int(),
  sha256: z.string().optional(),
  machine,
  psnrY: z.number(),
  ssimY: z.number(),
  psnrRgb: z.number(),
  perceptualDistance: z.number(),
  relu4_3: z.number(),
  secondsPerImage: z.number(),
});
const text = z.object({
  kind: z.literal('text'),
  network: z.string(),
  factor: z.int(),
  protocol: z.string(),
  pictures: z.int(),
  sha256: z.string().optional(),
  machine,
  rows: z.array(z.object({ degraded: z.string(), psnrY: z.number(), lanczos: z.number(), gain: z.number() })),
  gain: z.number(),
  passed: z.boolean(),
});
const schema: z.ZodType<Saved> = z.discriminatedUnion('kind', [style, speed, upscale, text]);

/** Write a measurement into a folder, in the place of an older one of the same. @returns the file */
export async function saveResult(folder: string, saved: Saved): Promise<string> {
  const file = join(folder, `${nameOf(saved)}.json`);
  await writeWhole(file, `${JSON.stringify(saved, null, 2)}\n`, 'Nothing else was changed.');
  return file;
}

/**
 * All measurements of a folder, by the names of their files.
 * @throws ImpastoError `results-missing`, `results-damaged`, naming the file
 */
export async function loadResults(folder: string): Promise<Saved[]> {
  const files = await readdir(folder).catch((cause: unknown) => {
    if (systemCode(cause) === undefined) throw cause;
    throw new ImpastoError({
      code: 'results-missing',
      userMessage: `${folder} can't be read. Give the folder that evaluations save their results in.`,
      data: { folder },
      cause,
    });
  });
  const json = files.filter((file) => file.endsWith('.json')).sort();
  return Promise.all(json.map((file) => read(join(folder, file))));
}

async function read(file: string): Promise<Saved> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new ImpastoError({
      code: 'results-damaged',
      userMessage: `${file} is no saved result. Restore it from the repository, or measure anew.`,
      data: { file },
      cause,
    });
  }
}

function nameOf(saved: Saved): string {
  if (saved.kind === 'style' || saved.kind === 'speed') return `${saved.kind}-${saved.style}`;
  // The kernels have one name at all factors.
  const who = saved.sha256 === undefined ? `${saved.network}-x${saved.factor}` : saved.network;
  if (saved.kind === 'text') return `text-${who}`;
  return `upscale-${who}-${saved.set}-${saved.degraded.replaceAll(' ', '-')}`;
}
