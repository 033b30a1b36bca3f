import type { ArtefactInfo } from '../queue/request.ts';

/** An upscaler as commands and adapters see it: plain data, taken from the catalogue by whoever wires them. */
export interface UpscalerInfo {
  /** As stored in a task. */
  readonly name: string;
  /** How many times wider and higher the picture becomes. */
  readonly factor: number;
  /** One emoji; as a reaction it asks for this upscaler. */
  readonly emoji?: string;
  /** True while its network is still being improved. */
  readonly provisional?: boolean;
}

/** `x4`: how a factor is written. */
export function factorLabel({ factor }: Pick<UpscalerInfo, 'factor'>): string {
  return `x${factor}`;
}

/** `🔍 x4`: how an upscaler is listed in a sentence. */
export function upscalerLabel(upscaler: UpscalerInfo): string {
  const factor = factorLabel(upscaler);
  return upscaler.emoji === undefined ? factor : `${upscaler.emoji} ${factor}`;
}

/** The one that is meant where nobody says which: that of the smallest factor. */
export function usualUpscaler(upscalers: readonly UpscalerInfo[]): UpscalerInfo | undefined {
  return [...upscalers].sort((a, b) => a.factor - b.factor)[0];
}

/**
 * Those by which one of these pictures can be enlarged.
 * @param most pixels of the largest result, those of all frames of an animation together; undefined where it is not known
 */
export function upscalersFor(
  upscalers: readonly UpscalerInfo[],
  pictures: readonly Pick<ArtefactInfo, 'width' | 'height' | 'frames'>[],
  most: number | undefined,
): readonly UpscalerInfo[] {
  if (most === undefined) return upscalers;
  const smallest = Math.min(...pictures.map(({ width, height, frames = 1 }) => width * height * frames));
  return upscalers.filter(({ factor }) => smallest * factor ** 2 <= most);
}
