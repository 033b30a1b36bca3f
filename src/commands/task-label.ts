import type { Task } from '../queue/request.ts';
import type { Registry } from './registry.ts';
import { styleLabel } from './style-info.ts';
import { upscalerLabel } from './upscaler-info.ts';

/** `🌌 starry-night` or `🔍 x4`; the network's bare name where it has left the catalogue. */
export function taskLabel({ network }: Task, registry: Pick<Registry, 'styles' | 'upscalers'>): string {
  const style = registry.styles.find(({ name }) => name === network);
  if (style !== undefined) return styleLabel(style);
  const upscaler = registry.upscalers.find(({ name }) => name === network);
  return upscaler === undefined ? network : upscalerLabel(upscaler);
}
