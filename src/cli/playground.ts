import { fileURLToPath } from 'node:url';
import { createPlayground } from '../bots/playground/playground.ts';
import type { Config, Environment } from '../config.ts';
import { PREFIX } from '../queue/redis.ts';
import { samplePhotos } from './samples.ts';
import { startStation } from './station.ts';
import type { Service } from './stop-signal.ts';
import type { Watch } from './watch.ts';

/**
 * Serve the playground: its page, its intake and its delivery.
 * @throws ImpastoError what `startStation` throws, and what listening throws
 */
export async function startPlayground(
  config: Config,
  env: Environment,
  say: (sentence: string) => void,
  watch: Watch,
): Promise<Service & { readonly url: string }> {
  const { adapter, close } = await startStation('playground', config, env, say, watch, (wiring) => {
    const { queue, artefacts, redis, services, inspect, catalogue, keepSeconds, log } = wiring;
    return createPlayground({
      queue,
      artefacts,
      redis,
      prefix: PREFIX,
      inspect,
      ...catalogue,
      services,
      keepSeconds,
      previews: config.models,
      assetsFolder: fileURLToPath(new URL('../bots/playground/page', import.meta.url)),
      samples: samplePhotos(),
      host: config.host,
      port: config.port,
      allowedHosts: config.allowedHosts,
      log,
      settings: { pictureBytes: config.pictureMegabytes * 1024 ** 2 },
    });
  });
  return { url: adapter.url, close };
}
