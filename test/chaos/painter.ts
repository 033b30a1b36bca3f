import { loadCatalogue } from '../../src/inference/catalogue.ts';
import { createNetworks } from '../../src/inference/network.ts';
import { paintBytes } from '../../src/inference/paint-bytes.ts';
import type { Painter } from './judge.ts';

/** Paints in this process, with neither queue nor platform, as a worker paints what nobody gave options for. */
export async function openPainter(models: string): Promise<Painter & { close(): Promise<void> }> {
  const catalogue = await loadCatalogue(models);
  const networks = createNetworks({ catalogue, provider: 'cpu', threads: 1 });
  return {
    paint: async ({ photo, style }) => {
      const options = { strength: 1, keepColors: false, detail: 'working' } as const;
      const { bytes } = await paintBytes(networks, photo, { style, options });
      return bytes;
    },
    close: () => networks.close(),
  };
}
