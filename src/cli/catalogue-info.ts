import type { StyleInfo } from '../commands/style-info.ts';
import type { UpscalerInfo } from '../commands/upscaler-info.ts';
import { type Catalogue, servedUpscalers, stylesOf } from '../inference/catalogue.ts';

/** The catalogue as commands see it: what can be served, as plain data. */
export function toCatalogueInfo(catalogue: Catalogue): {
  readonly styles: readonly StyleInfo[];
  readonly upscalers: readonly UpscalerInfo[];
} {
  return {
    styles: stylesOf(catalogue).map(({ name, emoji, artwork, provisional, preview }) => ({
      name,
      emoji,
      artwork,
      preview,
      ...(provisional === undefined ? {} : { provisional }),
    })),
    upscalers: servedUpscalers(catalogue).map(({ name, factor, emoji, provisional }) => ({
      name,
      factor,
      ...(emoji === undefined ? {} : { emoji }),
      ...(provisional === undefined ? {} : { provisional }),
    })),
  };
}
