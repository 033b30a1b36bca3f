import type { Config, Environment } from '../config.ts';
import { loadCatalogue } from '../inference/catalogue.ts';
import { checkNetworks } from '../inference/network.ts';
import { consumeInference } from '../queue/inference.ts';
import { inferenceQueue } from '../queue/queues.ts';
import { startSweeper } from '../queue/sweeper.ts';
import { openHouse, openPool } from './house.ts';
import type { Service } from './stop-signal.ts';
import type { Watch } from './watch.ts';

/** How long running pictures may still take once the program is asked to end. */
const GRACE_MS = 20_000;

/**
 * Take inference jobs from the queue. Everything that keeps it from working is found before it starts.
 * @throws ImpastoError `redis-unset`, `redis-away`, `catalogue-missing`, `catalogue-damaged`, `network-missing`,
 * `network-changed`, `network-damaged`, `provider-missing`, `provider-wrong`, `half-on-cpu`
 */
export async function startWorker(
  config: Config,
  env: Environment,
  say: (sentence: string) => void,
  watch: Watch,
): Promise<Service> {
  let loaded = false;
  watch.needs('models', () => loaded);
  const catalogue = await loadCatalogue(config.models);
  await checkNetworks(catalogue);
  watch.expect(
    ['inference'],
    catalogue.networks.map(({ name }) => name),
  );
  const house = await openHouse(config, watch, 'consumer');
  const { context, artefacts, url } = house;
  const children = config.workers;
  const { provider: asked } = config;
  const placed = (used: string): void => watch.provider(asked === 'auto' ? used : asked, used);
  const pool = openPool(config, env, { children, url, say, placed });
  watch.children(pool.residentBytes);
  try {
    await watch.join(url, [inferenceQueue]);
    await pool.tryProvider();
    loaded = true;
  } catch (error) {
    await pool.close();
    await house.close();
    throw error;
  }
  const sweeper = startSweeper(context, artefacts);
  const consumer = consumeInference(
    context,
    ({ source, task }, { signal, report }) =>
      pool.paintArtefact(source, task, { signal, onProgress: report }),
    { artefacts, concurrency: children },
  );
  return {
    close: async () => {
      await consumer.close(GRACE_MS);
      await pool.close();
      await sweeper.close();
      await house.close();
    },
  };
}
