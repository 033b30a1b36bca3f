import type { Logger } from 'pino';
import type { Adapter } from '../bots/adapter.ts';
import type { Recode } from '../bots/fit.ts';
import { createInvoker, type Invoker } from '../bots/invoke.ts';
import { createPresses, type Presses } from '../bots/press.ts';
import type { Services } from '../commands/command.ts';
import { createRegistry, type Registry, type RegistryOptions } from '../commands/registry.ts';
import type { CommandRequest } from '../commands/request.ts';
import type { Config, Environment } from '../config.ts';
import type { Inspection } from '../images/decode.ts';
import { loadCatalogue } from '../inference/catalogue.ts';
import { createQueueContext } from '../queue/context.ts';
import type { Artefacts, RequestQueue } from '../queue/contract.ts';
import { consumeDelivery } from '../queue/delivery.ts';
import { createEditTurns, type EditTurns } from '../queue/edit-turns.ts';
import { consumeIntake } from '../queue/intake.ts';
import { createLimits, type Limits } from '../queue/limits.ts';
import { createPeople, type People } from '../queue/people.ts';
import { createPlaces } from '../queue/places.ts';
import { deliveryQueue, inferenceQueue, intakeQueue } from '../queue/queues.ts';
import { connect } from '../queue/redis.ts';
import { createRequestQueue } from '../queue/requests.ts';
import { createServerSettings } from '../queue/server-settings.ts';
import { startSweeper } from '../queue/sweeper.ts';
import { toCatalogueInfo } from './catalogue-info.ts';
import { openHouse, openPool } from './house.ts';
import { openSecret } from './secret.ts';
import type { Service } from './stop-signal.ts';
import type { Watch } from './watch.ts';

/** How long intakes and deliveries may still take once the program is asked to end. */
const GRACE_MS = 5_000;

/** What an adapter is wired to. */
export interface Wiring {
  readonly queue: RequestQueue<CommandRequest>;
  readonly artefacts: Artefacts;
  /** A producer's connection: it fails at once where Redis is away. */
  readonly redis: ReturnType<typeof connect>;
  readonly people: People;
  readonly services: Services;
  readonly limits: Limits;
  readonly invoker: Invoker;
  readonly presses: Presses;
  readonly turns: EditTurns;
  readonly inspect: (bytes: Uint8Array) => Promise<Inspection>;
  readonly recode: Recode;
  readonly registry: Registry;
  /** What can be served, for an adapter that makes a registry of its own. */
  readonly catalogue: ReturnType<typeof toCatalogueInfo>;
  /** How long pictures are kept. */
  readonly keepSeconds: number;
  readonly secret: string;
  readonly log: Logger;
}

/** An adapter that takes events, with its intake and delivery. */
export interface Station<A extends Adapter> extends Service {
  readonly adapter: A;
}

/**
 * Run one platform's adapter on the queue at REDIS_URL: its events, its intake and its delivery.
 *
 * @param platform names its queues
 * @param make the adapter, from what it is wired to; it is started here, and closed with the station
 * @throws ImpastoError `redis-unset`, `redis-away`, `catalogue-missing`, `catalogue-damaged`, `secret-unreadable`, and
 * what the adapter's start throws
 */
export async function startStation<A extends Adapter>(
  platform: string,
  config: Config,
  env: Environment,
  say: (sentence: string) => void,
  watch: Watch,
  make: (wiring: Wiring) => A,
  registryOptions: RegistryOptions = {},
): Promise<Station<A>> {
  const whole = await loadCatalogue(config.models);
  const catalogue = toCatalogueInfo(whole);
  const keepSeconds = config.artefactHours * 3600;
  const secret = await openSecret(config.secret, config.state);
  const { log, observer } = watch;
  watch.expect(
    ['intake', 'delivery'],
    whole.networks.map(({ name }) => name),
  );
  watch.hide(secret);
  const house = await openHouse(config, watch, 'consumer');
  const { context, artefacts, url } = house;
  const redis = connect(url, 'producer', log);
  const asking = createQueueContext(redis, log, { maxOpen: config.maxOpenRequests }, observer);
  const places = createPlaces(secret, config.olderSecrets);
  const queue = createRequestQueue<CommandRequest>(asking, places);
  const people = createPeople(asking, artefacts, queue);
  const services: Services = { queue, people, serverSettings: createServerSettings(redis) };
  const { upscaleMegapixels } = config;
  const registry = createRegistry(catalogue, { keepSeconds, upscaleMegapixels, ...registryOptions });
  const limits = createLimits(redis);
  const { personPerHour, serverPerHour } = config;
  const invoker = createInvoker({
    platform,
    registry,
    services,
    limits,
    shareLimits: { personPerHour, serverPerHour },
  });
  // Looking at one picture at a time leaves the cores to those who paint.
  const pool = openPool({ ...config, threads: 1 }, env, { children: 1, say });
  const wiring: Wiring = {
    queue,
    artefacts,
    redis,
    people,
    services,
    limits,
    invoker,
    presses: createPresses({ invoker, queue, artefacts }),
    turns: createEditTurns(context),
    inspect: (bytes) => pool.inspect(bytes),
    recode: (bytes, limit, formats) => pool.recode(bytes, limit, formats),
    registry,
    catalogue,
    keepSeconds,
    secret,
    log,
  };
  const adapter = make(wiring);
  const sweeper = startSweeper(context, artefacts);
  const consumers = [
    consumeIntake(context, platform, adapter.intake, { artefacts, places }),
    consumeDelivery(context, platform, adapter.deliver, { places }),
  ];
  const close = async (): Promise<void> => {
    await adapter.close();
    await Promise.all(consumers.map((consumer) => consumer.close(GRACE_MS)));
    await sweeper.close();
    await pool.close();
    await queue.close();
    await asking.close();
    redis.disconnect();
    await house.close();
  };
  let listens = false;
  watch.needs(platform, () => listens && (adapter.connected?.() ?? true));
  watch.children(pool.residentBytes);
  try {
    await watch.join(url, [intakeQueue(platform), inferenceQueue, deliveryQueue(platform)]);
    await adapter.start();
    listens = true;
  } catch (error) {
    await close();
    throw error;
  }
  return { adapter, close };
}
