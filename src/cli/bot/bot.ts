import type { Adapter } from '../../bots/adapter.ts';
import { type LinkServer, startLinkServer } from '../../bots/link-server.ts';
import { createLinks, type Links } from '../../bots/links.ts';
import type { RegistryOptions } from '../../commands/registry.ts';
import type { Config, Environment } from '../../config.ts';
import { createFetcher, type Fetch } from '../../images/fetch.ts';
import type { ServerSettingsStore } from '../../queue/server-settings.ts';
import { startStation, type Wiring } from '../station.ts';
import type { Service } from '../stop-signal.ts';
import type { Watch } from '../watch.ts';

/** A platform's own host may be slow with a large file, but not for longer than a person waits. */
const FETCH_MS = 30_000;

/** What a chat platform's adapter is wired to, beside what every adapter is. */
export interface BotWiring extends Wiring {
  readonly serverSettings: ServerSettingsStore;
  readonly fetch: Fetch;
  /** Left out where PUBLIC_URL is not set. */
  readonly links: Links | undefined;
  /** Folder that the styles' `preview` paths start from. */
  readonly previews: string;
}

/** What differs from platform to platform. */
export interface BotPlatform<A extends Adapter> {
  /** Where pictures are fetched from. */
  readonly hosts: readonly string[];
  /** Peers of one's own, taken as they are. */
  readonly origins: readonly string[];
  /** False where another process of the same bot serves its links. */
  readonly servesLinks?: boolean;
  readonly registry?: RegistryOptions;
  readonly make: (wiring: BotWiring) => A;
}

/**
 * Run one chat platform's adapter, and serve the links that its answers may hold.
 * @throws ImpastoError what `startStation` throws; Error of the system where PUBLIC_PORT can't be listened on
 */
export async function startBot<A extends Adapter>(
  platform: string,
  config: Config,
  env: Environment,
  say: (sentence: string) => void,
  watch: Watch,
  { hosts, origins, servesLinks = true, registry = {}, make }: BotPlatform<A>,
): Promise<Service> {
  const { publicUrl, publicPort, host, models, pictureMegabytes, fetchFrom, olderSecrets } = config;
  let server: Promise<LinkServer> | undefined;
  const fetch = createFetcher({
    hosts,
    origins,
    outside: fetchFrom === 'public',
    bytes: pictureMegabytes * 1024 ** 2,
    timeoutMs: FETCH_MS,
  });
  const station = await startStation(
    platform,
    config,
    env,
    say,
    watch,
    (wiring) => {
      const { secret, keepSeconds, artefacts, log, services } = wiring;
      const links = publicUrl && createLinks({ base: publicUrl, secret, olderSecrets, seconds: keepSeconds });
      if (links && servesLinks) server = startLinkServer({ links, artefacts, host, port: publicPort, log });
      return make({
        ...wiring,
        serverSettings: services.serverSettings,
        fetch,
        links: links || undefined,
        previews: models,
      });
    },
    registry,
  );
  try {
    await server;
  } catch (error) {
    await station.close();
    throw error;
  }
  return {
    ended: station.adapter.ended,
    close: async () => {
      await (await server)?.close();
      await station.close();
    },
  };
}
