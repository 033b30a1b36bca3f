import { Events, REST, Status } from 'discord.js';
import type { Adapter } from '../adapter.ts';
import { startProgressEdits } from '../progress-edits.ts';
import { createApi } from './api.ts';
import { redacted } from './api-errors.ts';
import { autocomplete } from './autocomplete.ts';
import { createButtons } from './buttons.ts';
import { showsContent, tellOfMissingContent } from './capabilities.ts';
import { createClient } from './client.ts';
import { commandsJson } from './command-json.ts';
import { createConversation } from './conversation.ts';
import { startDeadlines } from './deadlines.ts';
import { createDelivery } from './deliver.ts';
import { listen } from './events.ts';
import { startFading } from './fading.ts';
import { createHints } from './hints.ts';
import { createIntake } from './intake.ts';
import { closeError, login } from './login.ts';
import { createMenus } from './menus.ts';
import { type DiscordOptions, type DiscordSettings, defaultSettings } from './options.ts';
import { tolerate } from './packets.ts';
import { createParents } from './parents.ts';
import { createPicks } from './picks.ts';
import { createProgressEdit } from './progress.ts';
import { createReactions } from './reactions.ts';
import { registerCommands } from './registration.ts';
import { createRemoval } from './removal.ts';
import { createSlash } from './slash.ts';
import { createSpeaker } from './speaker.ts';
import { createSubmitter } from './submitter.ts';

/** Where Discord is, unless somebody has it elsewhere. */
const API_URL = 'https://discord.com/api';
const CDN_URL = 'https://cdn.discordapp.com';

/**
 * Discord (docs/discord.md). Any number of processes may serve it, each for some of the shards; what they
 * share is in Redis.
 */
export function createDiscord(options: DiscordOptions): Adapter {
  const { token, queue, redis, invoker, presses, serverSettings, turns, previews, log } = options;
  const { apiUrl = API_URL, cdnUrl: cdn = CDN_URL } = options;
  const settings: DiscordSettings = { ...defaultSettings, ...options.settings };
  const { registry } = invoker;
  // Discord counts all calls of a bot together, and lets it make fifty a second.
  const rest = { api: apiUrl, cdn, timeout: settings.callMs, globalRequestsPerSecond: 16 };
  const api = createApi(new REST(rest).setToken(token));
  // Progress is not worth waiting for: the next edit says more.
  const quick = createApi(new REST({ ...rest, retries: 0, rejectOnRateLimit: () => true }).setToken(token));
  const patient = createApi(new REST({ ...rest, timeout: settings.uploadMs }).setToken(token));
  const speaker = createSpeaker(patient, queue, log);
  let connected = (): boolean => false;
  let content = false;
  const seesContent = (): boolean => content;
  const ends: (() => Promise<void> | void)[] = [];
  let closed: Promise<void> | undefined;

  let shutOut: (error: Error) => void = () => undefined;
  const ended = new Promise<never>((_, fail) => {
    shutOut = fail;
  });
  // Whoever does not ask hears of it by the log.
  ended.catch(() => undefined);

  async function start(): Promise<void> {
    const application = await api.application();
    content = showsContent(application.flags);
    if (!content) tellOfMissingContent(log);
    const client = createClient({ apiUrl, cdnUrl: cdn, callMs: settings.callMs, content });
    tolerate(client, log);
    connected = () =>
      client.ws.shards.size > 0 && client.ws.shards.every(({ status }) => status === Status.Ready);
    ends.unshift(() => client.destroy());
    client.on(Events.Error, (error) =>
      log.warn({ error: redacted(error.message) }, 'The gateway has trouble'),
    );
    client.on(Events.ShardError, (error, shard) => {
      log.warn({ shard, error: redacted(error.message) }, 'The gateway has trouble');
    });
    const converse = createConversation({ api, queue, previews, log });
    const deadlines = startDeadlines({ client, redis, queue, log, ...settings });
    ends.unshift(() => deadlines.close());
    const submit = createSubmitter(invoker, queue, deadlines, settings.tokenSeconds);
    const fading = startFading({ api, redis, lookMs: settings.lookMs, log });
    ends.unshift(() => fading.close());
    const hints = createHints({ api, redis, fading, log, ...settings });
    const picks = createPicks(redis, settings.pickSeconds);
    const { pickSeconds: placeSeconds } = settings;
    const parents = createParents(client, api);
    const looking = { client, api, cdn, seesContent };
    ends.unshift(
      listen(
        client,
        {
          slash: createSlash({ invoker, converse, submit, parents }),
          menus: createMenus({ invoker, api, converse, submit, picks, cdn, parents }),
          buttons: createButtons({ invoker, presses, queue, api, converse, submit, parents }),
          autocomplete: (interaction) => autocomplete(interaction, registry, api),
          reactions: createReactions({
            ...looking,
            parents,
            invoker,
            queue,
            serverSettings,
            speaker,
            hints,
            placeSeconds,
            log,
          }),
          removal: createRemoval({ client, api, queue, log }),
        },
        log,
      ),
    );
    await login(client, token, settings.loginMs);
    client.on(Events.ShardDisconnect, ({ code }, shard) => {
      const error = closeError(code);
      log.error({ shard, err: error }, 'Discord has closed the connection for good');
      shutOut(error);
    });
    const isFirst = client.shard === null || client.shard.ids.includes(0);
    if (isFirst) await registerCommands(api, application.id, commandsJson(registry), log);
    const edits = await startProgressEdits({
      platform: 'discord',
      queue,
      turns,
      log,
      edit: createProgressEdit(quick, queue),
      intervalMs: settings.progressMs,
    });
    ends.unshift(() => edits.close());
  }

  async function close(): Promise<void> {
    for (const end of ends) await end();
  }

  return {
    platform: 'discord',
    ended,
    connected: () => connected(),
    start: async () => {
      try {
        await start();
      } catch (error) {
        await close();
        throw error;
      }
    },
    intake: createIntake({ ...options, api, cdn, seesContent, registry }),
    deliver: createDelivery({ ...options, registry, speaker, log }),
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}
