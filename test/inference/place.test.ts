import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImpastoError } from '../../src/errors.ts';
import { type Catalogue, loadCatalogue } from '../../src/inference/catalogue.ts';
import { type PlaceOptions, place } from '../../src/inference/place.ts';
import { CARDS, trainingProvider, whyMissing } from '../../src/inference/providers.ts';
import type { Placement } from '../../src/inference/self-test.ts';
import { catalogueFolder } from './support.ts';

const ON_CPU: Placement = { provider: 'cpu', precision: 'float32' };

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue(await catalogueFolder('mosaic'));
});
afterAll(() => rm(catalogue.folder, { recursive: true }));

/** Where networks run, and the codes of what was said about it. */
async function placed(
  asked: Pick<PlaceOptions, 'provider' | 'precision'>,
): Promise<readonly [Placement, ...string[]]> {
  const told: ImpastoError[] = [];
  const found = await place({ ...asked, catalogue, threads: 1, onFallback: (error) => told.push(error) });
  return [found, ...told.map(({ code }) => code)];
}

describe('networks', () => {
  it('run on the cpu where that is asked for, and never in half precision', async () => {
    expect(await placed({ provider: 'cpu', precision: 'auto' })).toEqual([ON_CPU]);
    expect(await placed({ provider: 'cpu', precision: 'float16' })).toEqual([ON_CPU, 'half-on-cpu']);
    const strict = place({ provider: 'cpu', precision: 'float16', catalogue, threads: 1 });
    await expect(strict).rejects.toMatchObject({ code: 'half-on-cpu' });
  });

  it('run where it is fastest by themselves, which is the cpu where nothing else is there', async () => {
    const there = await Promise.all(CARDS.map(async (card) => !(await whyMissing(card))));
    const [found, ...told] = await placed({ provider: 'auto', precision: 'float32' });
    expect(found.precision).toBe('float32');
    if (there.some((is) => is)) expect(['cpu', ...CARDS]).toContain(found.provider);
    else expect([found, ...told]).toEqual([ON_CPU]);
  });

  it.each(CARDS)(
    'run on %s where it is there and asked for; else on the cpu, or nowhere',
    async (provider) => {
      const missing = await whyMissing(provider);
      const asked = { provider, precision: 'float32' } as const;
      if (!missing) {
        expect(await placed(asked)).toEqual([asked]);
        return;
      }
      expect(await placed(asked)).toEqual([ON_CPU, 'provider-missing']);
      await expect(place({ ...asked, catalogue, threads: 1 })).rejects.toMatchObject({
        code: 'provider-missing',
        userMessage: missing.userMessage,
      });
    },
  );

  it('are trained on what is asked for; by itself not where no gradient was tried', async () => {
    expect(await trainingProvider('webgpu')).toBe('webgpu');
    expect(['cpu', 'cuda']).toContain(await trainingProvider('auto'));
  });
});
