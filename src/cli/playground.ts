import { fileURLToPath } from 'node:url';
import { createPlayground } from '../bots/playground/playground.ts';
import type { CommandRequest } from '../commands/request.ts';
import type { StyleInfo } from '../commands/style-info.ts';
import type { Config, Environment } from '../config.ts';
import { loadCatalogue } from '../inference/catalogue.ts';
import type { CatalogueEntry } from '../inference/catalogue-schema.ts';
import { createQueueContext } from '../queue/context.ts';
import { consumeDelivery } from '../queue/delivery.ts';
import { consumeIntake } from '../queue/intake.ts';
import { createPeople } from '../queue/people.ts';
import { createPlaces } from '../queue/places.ts';
import { connect, PREFIX } from '../queue/redis.ts';
import { createRequestQueue } from '../queue/requests.ts';
import { createServerSettings } from '../queue/server-settings.ts';
import { startSweeper } from '../queue/sweeper.ts';
import { createLog, openHouse, openPool } from './house.ts';
import { samplePhotos } from './samples.ts';
import { openSecret } from './secret.ts';
import type { Service } from './stop-signal.ts';

/** How long intakes and deliveries may still take once the program is asked to end. */
const GRACE_MS = 5_000;

/**
 * Serve the playground: its page, its intake and its delivery.
 * @throws ImpastoError `redis-unset`, `redis-away`, `catalogue-missing`, `catalogue-damaged`, `secret-unreadable`, and
 * what listening throws
 */
export async function startPlayground(
  config: Config,
  env: Environment,
  say: (sentence: string) => void,
): Promise<Service & { readonly url: string }> {
  const { networks } = await loadCatalogue(config.models);
  const secret = await openSecret(config.secret, config.state);
  const log = createLog(config);
  const house = await openHouse(config, log, 'consumer');
  const { context, artefacts, url } = house;
  const redis = connect(url, 'producer', log);
  const asking = createQueueContext(redis, log, { maxOpen: config.maxOpenRequests });
  const places = createPlaces(secret);
  const queue = createRequestQueue<CommandRequest>(asking, places);
  const people = createPeople(asking, artefacts, queue);
  const serverSettings = createServerSettings(redis);
  // Looking at one picture at a time leaves the cores to those who paint.
  const pool = openPool({ ...config, threads: 1 }, env, { children: 1, say });
  const playground = createPlayground({
    queue,
    artefacts,
    redis,
    prefix: PREFIX,
    inspect: (bytes) => pool.inspect(bytes),
    styles: networks.map(toStyleInfo),
    upscalers: [],
    services: { people, serverSettings },
    keepSeconds: config.artefactHours * 3600,
    previews: config.models,
    assetsFolder: fileURLToPath(new URL('../bots/playground/page', import.meta.url)),
    samples: samplePhotos(),
    host: config.host,
    port: config.port,
    allowedHosts: config.allowedHosts,
    log,
    settings: { pictureBytes: config.pictureMegabytes * 1024 ** 2 },
  });
  const { platform, intake, deliver } = playground;
  const close = async (): Promise<void> => {
    await playground.close();
    await Promise.all(consumers.map((consumer) => consumer.close(GRACE_MS)));
    await sweeper.close();
    await pool.close();
    await queue.close();
    await asking.close();
    redis.disconnect();
    await house.close();
  };
  const sweeper = startSweeper(context, artefacts);
  const consumers = [
    consumeIntake(context, platform, intake, { artefacts, places }),
    consumeDelivery(context, platform, deliver, { places }),
  ];
  try {
    await playground.start();
  } catch (error) {
    await close();
    throw error;
  }
  return { url: playground.url, close };
}

function toStyleInfo({ name, emoji, artwork, provisional, preview }: CatalogueEntry): StyleInfo {
  return { name, emoji, artwork, preview, ...(provisional === undefined ? {} : { provisional }) };
}
