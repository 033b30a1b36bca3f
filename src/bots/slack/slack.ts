import type { Redis } from 'ioredis';
import { MOST_PICTURES } from '../../commands/preconditions/pictures-given.ts';
import type { CommandRequest } from '../../commands/request.ts';
import { firstExample } from '../../commands/usage.ts';
import { ImpastoError } from '../../errors.ts';
import type { Inspection } from '../../images/decode.ts';
import type { Fetch } from '../../images/fetch.ts';
import type { Artefacts, RequestQueue } from '../../queue/contract.ts';
import type { EditTurns } from '../../queue/edit-turns.ts';
import type { Limits } from '../../queue/limits.ts';
import type { Log } from '../../queue/log.ts';
import type { People } from '../../queue/people.ts';
import type { Sealer } from '../../queue/secrets.ts';
import type { ServerSettingsStore } from '../../queue/server-settings.ts';
import type { Adapter } from '../adapter.ts';
import type { Recode } from '../fit.ts';
import type { Invoker } from '../invoke.ts';
import type { Links } from '../links.ts';
import { createPresses } from '../press.ts';
import { startProgressEdits } from '../progress-edits.ts';
import { createDelivery } from './answer/deliver.ts';
import { createGallery } from './answer/gallery.ts';
import { createHints } from './answer/hints.ts';
import { createPauses } from './answer/pauses.ts';
import { createPlaceholders } from './answer/placeholders.ts';
import { createPreviews } from './answer/previews.ts';
import { editProgress } from './answer/progress.ts';
import { type Connection, connect } from './app.ts';
import { createAsking } from './asking.ts';
import { checkToken, startFailure } from './check.ts';
import type { SlackConfig } from './config.ts';
import { createEmojiNames } from './emoji-names.ts';
import { createInstallations } from './installations.ts';
import { createKeptCalls } from './kept-calls.ts';
import type { LateAckOptions } from './late-ack.ts';
import { listen } from './listeners/listen.ts';
import { createModals } from './modals.ts';
import { createIntake } from './pictures/intake.ts';
import { createProfiles } from './profiles.ts';
import { refusal } from './refusal.ts';
import { createRemoval } from './removal.ts';
import { startRenewals } from './renewals.ts';
import { sayOnce } from './say-once.ts';
import { type Workspace, whereOf } from './where.ts';
import { createWorkspaces } from './workspaces.ts';

/** What the Slack adapter is wired to. */
export interface SlackOptions {
  readonly config: SlackConfig;
  readonly queue: RequestQueue<CommandRequest>;
  readonly artefacts: Artefacts;
  /** A producer's connection (`connect`); it stays the caller's. */
  readonly redis: Redis;
  /** Seals installations, which hold tokens, and kept calls, which hold addresses for answers: `createSealer(secret, 'slack installation')`. */
  readonly sealer: Sealer;
  readonly people: People;
  readonly serverSettings: ServerSettingsStore;
  readonly limits: Limits;
  readonly turns: EditTurns;
  /** Of the platform `slack`, its registry with `grouped`. */
  readonly invoker: Invoker;
  /** Decodes strangers' bytes, so it belongs in a child process. */
  readonly inspect: (bytes: Buffer) => Promise<Inspection>;
  readonly recode: Recode;
  /** From `PICTURE_HOSTS`, and the config's unsafe origins. */
  readonly fetch: Fetch;
  /** Left out where this program serves no links. */
  readonly links?: Links | undefined;
  /** Folder that the styles' `preview` paths start from. */
  readonly previews: string;
  readonly log: Log;
  /** The largest result that is uploaded. */
  readonly resultBytes: number;
  /** Least time between two edits of one placeholder. */
  readonly progressMs?: number;
}

/** The Slack adapter. */
export interface Slack extends Adapter {
  readonly platform: 'slack';
  /** Where events or installations arrive over HTTP, once started. */
  readonly port: number | undefined;
  readonly ended: Promise<never>;
}

const PLATFORM = 'slack';
const CLOSE_MS = 5_000;

/**
 * Slack: Socket Mode or HTTP, one workspace or many (docs/slack.md). Any number of processes may serve it; what they
 * share is in Redis.
 */
export function createSlack(options: SlackOptions): Slack {
  const { config, queue, artefacts, redis, people, serverSettings, limits, turns, invoker, log } = options;
  const { unsafeOrigins, apiUrl, tenancy } = config;
  const { registry } = invoker;
  const installations = createInstallations(redis, options.sealer);
  const calls = createKeptCalls({ redis, sealer: options.sealer, log });
  let connection: Connection | undefined;
  const tokenOf = async (workspace: Workspace): Promise<string | undefined> => {
    if (tenancy.kind === 'single') return tenancy.botToken;
    connection ??= connect(config, installations, undefined, { refuse, calls }, log);
    return connection.tokenOf(workspace);
  };
  const refused = (workspace: Workspace, why: string): void => {
    removal.suspect(workspace, { why, told: false }).catch((error: unknown) => {
      log.error(
        { workspace: workspace.team, err: error },
        'A workspace that was left could not be cleared up',
      );
    });
  };
  const workspaces = createWorkspaces(tokenOf, { apiUrl, log, refused });
  const pauses = createPauses(redis);
  const placeholders = createPlaceholders({ redis, queue, workspaces, pauses });
  const hints = sayOnce(createHints(workspaces, unsafeOrigins, log), redis, log);
  const previews = createPreviews({
    redis,
    workspaces,
    styles: registry.styles,
    folder: options.previews,
    unsafeOrigins,
    log,
  });
  const removal = createRemoval({
    platform: PLATFORM,
    queue,
    serverSettings,
    previews,
    installations: tenancy.kind === 'multi' ? installations : undefined,
    tokenOf,
    apiUrl,
    log,
  });
  const gallery = createGallery(previews);
  const profiles = createProfiles(redis, workspaces, log);
  const asking = createAsking({
    invoker,
    queue,
    placeholders,
    hints,
    gallery,
    profiles,
    quiet: calls.quiet,
    log,
  });
  const tools = {
    platform: PLATFORM,
    asking,
    invoker,
    presses: createPresses({ invoker, queue, artefacts }),
    registry,
    queue,
    people,
    serverSettings,
    workspaces,
    hints,
    previews,
    gallery,
    modals: createModals(workspaces, previews),
    emojis: createEmojiNames(),
    mostPictures: MOST_PICTURES,
    log,
  };
  const refuse: LateAckOptions['refuse'] = (body, error) => refusal(asking, body, error, log);
  let endProgress: (() => Promise<void>) | undefined;
  let endListening: (() => Promise<void>) | undefined;
  let endRenewals: (() => Promise<void>) | undefined;
  let closed: Promise<void> | undefined;

  async function start(): Promise<void> {
    const identity =
      tenancy.kind === 'single' ? await checkToken(tenancy.botToken, { apiUrl, log }) : undefined;
    connection ??= connect(config, installations, identity, { refuse, calls }, log);
    endListening = listen(connection.app, tools, removal);
    if (tenancy.kind === 'multi') endRenewals = startRenewals(installations, log).close;
    const edits = await startProgressEdits({
      platform: PLATFORM,
      queue,
      turns,
      log,
      edit: editProgress(workspaces, pauses),
      ...(options.progressMs === undefined ? {} : { intervalMs: options.progressMs }),
    });
    endProgress = () => edits.close();
    try {
      await connection.start();
    } catch (error) {
      await close();
      throw startFailure(error, config);
    }
  }

  async function end(): Promise<void> {
    await connection?.stop(CLOSE_MS);
    await endListening?.();
    await calls.close();
    await endRenewals?.();
    await endProgress?.();
  }

  function close(): Promise<void> {
    closed ??= end();
    return closed;
  }

  return {
    platform: PLATFORM,
    get port() {
      return connection?.port();
    },
    start,
    ended: removal.ended,
    connected: () => connection?.connected() ?? false,
    close,
    intake: createIntake({
      artefacts,
      workspaces,
      inspect: options.inspect,
      fetch: options.fetch,
      unsafeOrigins,
      mostPictures: MOST_PICTURES,
      example: firstExample(registry),
      found: async (request, place) => {
        const where = whereOf(place);
        if (where === undefined) return;
        try {
          await placeholders.ensure(request, where);
        } catch (error) {
          // Whoever delivers tries again, and knows what to do where the place is lost.
          if (!(error instanceof ImpastoError)) throw error;
        }
      },
    }),
    deliver: createDelivery({
      queue,
      artefacts,
      workspaces,
      placeholders,
      pauses,
      hints,
      registry,
      recode: options.recode,
      links: options.links,
      resultBytes: options.resultBytes,
      unsafeOrigins,
      unsaid: ({ person, server }) =>
        limits.giveBack({
          platform: PLATFORM,
          person: person.id,
          ...(server === undefined ? {} : { server }),
        }),
      log,
    }),
  };
}
