import type { Redis } from 'ioredis';
import type { Services } from '../../commands/command.ts';
import { createRegistry } from '../../commands/registry.ts';
import type { CommandRequest } from '../../commands/request.ts';
import type { StyleInfo } from '../../commands/style-info.ts';
import type { UpscalerInfo } from '../../commands/upscaler-info.ts';
import type { Artefacts, RequestQueue } from '../../queue/contract.ts';
import type { Log } from '../../queue/log.ts';
import type { Adapter } from '../adapter.ts';
import { closeSoon } from './close-server.ts';
import { createConversation } from './conversation.ts';
import { createDelivery, createIntake } from './handlers.ts';
import { listen } from './listen.ts';
import { createLiveThreads } from './live-threads.ts';
import { createPace } from './pace.ts';
import { createPictures } from './pictures.ts';
import { catalogueRoutes } from './routes/catalogue.ts';
import { conversationRoutes } from './routes/conversation.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { type Inspect, pictureRoutes } from './routes/pictures.ts';
import { type Sample, sampleRoutes } from './routes/samples.ts';
import { createServer } from './server.ts';
import { defaultSettings, type PlaygroundSettings } from './settings.ts';
import { createSubmitter } from './submitter.ts';
import { createThreads } from './threads.ts';
import { createWatch } from './watch.ts';

/** What the playground is wired to. */
export interface PlaygroundOptions {
  readonly queue: RequestQueue<CommandRequest>;
  readonly artefacts: Artefacts;
  /** A producer's connection (`connect`); it stays the caller's. */
  readonly redis: Redis;
  /** Stands before every key. */
  readonly prefix: string;
  /** Decodes strangers' bytes, so it belongs in a child process. */
  readonly inspect: Inspect;
  readonly styles: readonly StyleInfo[];
  readonly upscalers: readonly UpscalerInfo[];
  readonly services: Omit<Services, 'queue'>;
  /** How long pictures are kept, for telling people. */
  readonly keepSeconds: number;
  /** Folder that the styles' `preview` paths start from. */
  readonly previews: string;
  /** Folder of the built page: `index.html` and what it loads. */
  readonly assetsFolder: string;
  readonly samples: readonly Sample[];
  /** Default 127.0.0.1: this machine alone. */
  readonly host?: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Further host names to answer for, as behind a proxy. */
  readonly allowedHosts?: readonly string[];
  readonly log: Log;
  readonly settings?: Partial<PlaygroundSettings>;
}

/** The playground's adapter. */
export interface Playground extends Adapter {
  readonly platform: 'playground';
  /** Where the page is, once started. */
  readonly url: string;
}

/**
 * The third platform: a chat thread in the browser (docs/playground.md). Any number of processes may serve it;
 * what they share is in Redis.
 */
export function createPlayground(options: PlaygroundOptions): Playground {
  const {
    queue,
    artefacts,
    redis,
    prefix,
    styles,
    upscalers,
    keepSeconds,
    samples,
    log,
    inspect,
    previews,
    assetsFolder,
  } = options;
  const platform = 'playground';
  const host = options.host ?? '127.0.0.1';
  const hosts = [host, ...(options.allowedHosts ?? [])].map((name) => name.toLowerCase());
  const settings: PlaygroundSettings = { ...defaultSettings, ...options.settings };
  const registry = createRegistry({ styles, upscalers }, { servers: false, keepSeconds });
  const threads = createThreads(redis, { prefix, ...settings });
  const pictures = createPictures(redis, artefacts, { prefix, ...settings });
  const pace = createPace(redis, { prefix, ...settings });
  const submitter = createSubmitter({ queue, threads, registry, log, ...settings });
  const services = { ...options.services, queue };
  const conversation = createConversation({ platform, registry, threads, pictures, submitter, services });
  let url = '';
  let stop: (() => Promise<void>) | undefined;
  let stopped: Promise<void> | undefined;

  async function start(): Promise<void> {
    const app = await createServer({ assetsFolder, hosts, settings, log });
    const watch = createWatch(redis, log);
    const live = createLiveThreads({ platform, threads, watch, queue, settings, log });
    const closeServer = closeSoon(app, settings.graceMs);
    stop = async () => {
      await live.close();
      await closeServer();
      watch.close();
    };
    catalogueRoutes(app, { registry, previews, settings });
    sampleRoutes(app, samples);
    pictureRoutes(app, { platform, artefacts, pictures, inspect, samples, settings, pace });
    conversationRoutes(app, { conversation, queue, pace, ...settings });
    eventRoutes(app, { live, threads, settings });
    healthRoutes(app, redis);
    try {
      await live.start();
      url = await listen(app, host, options.port);
    } catch (error) {
      await close();
      throw error;
    }
  }

  function close(): Promise<void> {
    stopped ??= stop?.() ?? Promise.resolve();
    return stopped;
  }

  return {
    platform,
    get url() {
      return url;
    },
    start,
    close,
    intake: createIntake(pictures),
    deliver: createDelivery(threads, pictures, registry),
  };
}
