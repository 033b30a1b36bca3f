/**
 * A Discord for tests, on loopback: REST, gateway and CDN, for the real discord.js client over real sockets.
 *
 * ```ts
 * const peer = await startDiscordPeer();
 * const client = new Client({ intents, rest: { api: peer.apiUrl, cdn: peer.cdnUrl } });   // gateway: GET /gateway/bot
 * const studio = await peer.guild('studio');
 * const general = await studio.channel('general', { nsfw: false, botMayNot: ['AttachFiles'] });
 * const ada = await peer.user('ada', { locale: 'zh-TW', avatar: png, installed: false });
 * await studio.join(ada, { permissions: ['ManageGuild'] });
 * await client.login(peer.token);
 *
 * // A person asks. Whatever Discord's own client would not let them do throws: unknown or hidden commands, wrong options,
 * // buttons that are disabled, other people's ephemeral messages.
 * const asked = await ada.slash(general, 'stylize', { style: 'starry-night', picture: { name: 'cat.png', bytes } });
 * await asked.acknowledged();                              // milliseconds; throws after Discord's three seconds
 * const done = await asked.answer(({ files }) => files.length > 0);
 * peer.bytesOf(done.files[0]);  done.editions;  asked.answers();  asked.visible();    // “exactly one answer”
 * await ada.press(done, 'Delete');  await ada.select(done, 'style', ['the-wave']);    // by label or custom_id
 * await ada.submitForm(asked, { strength: '80' });  await ada.autocomplete(general, 'stylize', { style: 'star' }, 'style');
 * const photo = await ada.post(general, { files: [{ name: 'cat.png', bytes, spoiler: true, description: 'a cat' }] });
 * await ada.messageCommand('Stylize…', photo);  ada.react(photo, '🌌');  await ada.post(general, { replyTo: photo });
 *
 * // Elsewhere: a thread (on a message it has that message's id), a direct channel, a group without the bot, a server where
 * // the bot is no member and only who installed the application for themself (`installed: true`) can ask.
 * await general.thread('paintings', ada, photo);  peer.direct(ada);  peer.group();
 * await peer.guild('elsewhere', { installed: false });
 * await ada.post(general, { forward: photo, stickers: [peer.sticker('wave', png)] });
 * await ada.post(general, { embeds: [{ image: { url: peer.external('far.png', png) } }] });
 *
 * // What goes wrong. Permissions: `general.botMayNot(['SendMessages'])`; intents: `startDiscordPeer({ privileged: [] })`;
 * // times: `startDiscordPeer({ acknowledgeMs, tokenMs })`; size: `{ uploadLimit }` there, on a server, or of one question.
 * peer.fault.once('PATCH /webhooks/:app/:token/messages/@original', { status: 500 });
 * peer.fault.times(2, 'POST /channels/:channel/messages', { retryAfter: 0.2 });
 * peer.fault.once('POST /channels/:channel/messages', { broken: 'afterwards' });    // carried out, but the answer is lost
 * await peer.dropGateway(async () => ada.react(photo, '🔍'));                // missed events come with RESUME
 * peer.redeliver('MESSAGE_REACTION_ADD');  peer.invalidateSession();  peer.askToReconnect();
 * peer.expireInteraction(asked);  peer.expireLinks();  peer.cdn.deliver('cat.png', 'html');
 *
 * // What the bot did.
 * peer.messages(general);  peer.requests;  peer.commands();  peer.commandWrites();  peer.gateway.resumed;
 * peer.check();                                            // throws on the first wrong request; call in afterEach
 * await peer.close();
 * ```
 *
 * It holds each request to Discord's own description of its API (`discord-api-spec`), keys that it doesn't know included,
 * and answers as Discord does: permissions, content that only the message-content intent shows, times of interactions
 * and their tokens, upload limits, nonces, links that end. Servers, members and the events of a fresh
 * connection come from `discord-digital-twin`; the rest is this layer's own.
 *
 * `client.ts` opens a peer and a client for each test. A bot in a process of its own is given `peer.apiUrl`, `peer.cdnUrl` and `peer.token`.
 */
import { ApplicationFlags, ChannelType, GatewayIntentBits } from 'discord-api-types/v10';
import type { DiscordPeer, PeerOptions } from './api.ts';
import { toPosted } from './asked.ts';
import { startCdn } from './cdn.ts';
import { createCommands } from './commands.ts';
import { createFaults } from './faults.ts';
import { type Gateway, openGateway, type Session } from './gateway.ts';
import { createInteractions } from './interactions.ts';
import { createMessages } from './messages.ts';
import { createNews, readsContent } from './news.ts';
import { toPerson } from './people.ts';
import { botsChannel } from './permissions.ts';
import { createPlaces } from './places.ts';
import { missingAccess } from './refusal.ts';
import { applicationRoutes } from './routes/application.ts';
import { createChannels } from './routes/channels.ts';
import { messageRoutes } from './routes/messages.ts';
import { createReactions } from './routes/reactions.ts';
import { openServer, type Sent } from './server.ts';
import { loadSpec } from './spec.ts';
import { startTwin } from './twin.ts';
import { completeGuild } from './twin-guild.ts';
import { createViews } from './view.ts';
import { addUser, type ChannelRecord, createWorld, must } from './world.ts';

const TEN_MIB = 10 * 1024 ** 2;
const FLAGS = {
  MessageContent: [GatewayIntentBits.MessageContent, ApplicationFlags.GatewayMessageContentLimited],
  GuildMembers: [GatewayIntentBits.GuildMembers, ApplicationFlags.GatewayGuildMembersLimited],
  GuildPresences: [GatewayIntentBits.GuildPresences, ApplicationFlags.GatewayPresenceLimited],
} as const;

/** Start a Discord with a bot and nobody else. */
export async function startDiscordPeer(options: PeerOptions = {}): Promise<DiscordPeer> {
  const { acknowledgeMs = 3000, tokenMs = 15 * 60_000, uploadLimit = TEN_MIB, shards = 1 } = options;
  const { privileged = ['MessageContent'], userInstalls = true, linkSeconds = 24 * 3600 } = options;
  const world = createWorld(options.botName ?? 'impasto');
  const token =
    options.token ?? `${Buffer.from(world.botId).toString('base64url')}.GpEErt.a-token-of-the-peer`;
  const flags = privileged.reduce((all, name) => all | FLAGS[name][1], 0);
  const problems: string[] = [];
  const problem = (sentence: string): void => void problems.push(sentence);
  const requests: Sent[] = [];
  const limitOf = ({ guildId }: ChannelRecord): number =>
    (guildId === null ? undefined : world.guilds.get(guildId)?.uploadLimit) ?? uploadLimit;

  const twin = await startTwin({ id: world.botId, username: options.botName ?? 'impasto' });
  const cdn = await startCdn({ world, port: options.cdnPort ?? 0, linkSeconds, problem });
  const spec = await loadSpec();
  const faults = createFaults();
  const views = createViews(world, cdn);
  let opened: Gateway | undefined;
  const gateway = (): Gateway => must(opened, 'gateway');
  let origin = '';
  const gatewayUrl = (): string => `${origin.replace('http', 'ws')}/gateway`;
  const news = createNews(world, views, gateway);
  const messages = createMessages(world, news);
  const reactions = createReactions(world, messages, news);
  const commands = createCommands(world);
  const channels = createChannels(world, twin, messages, news);
  const interactions = createInteractions({ world, messages, views, acknowledgeMs, tokenMs });
  const content = readsContent(flags);
  const server = openServer({
    token,
    faults,
    spec,
    twin,
    requests,
    problem,
    routes: [
      ...applicationRoutes({ world, cdn, gatewayUrl, shards, flags, userInstalls }),
      ...messageRoutes({ world, messages, views, content, uploadLimit: limitOf }),
      ...reactions.routes,
      ...commands.routes,
      ...channels.routes,
      ...interactions.routes,
    ],
    complete: (body) => completeGuild(world, body),
    admit(path) {
      const [, kind, id = ''] = path.split('/');
      if (kind === 'guilds' && world.guilds.get(id)?.installed !== true) throw missingAccess();
      if (kind === 'channels') botsChannel(world, id);
    },
  });
  const snapshot = async (session: Session) => {
    const { ready, guilds } = await twin.snapshot();
    const application = { id: world.botId, flags };
    return {
      ready: { ...ready, application },
      guilds: guilds.map((one) => completeGuild(world, one, session)),
    };
  };
  const granted = privileged.reduce((all, name) => all | FLAGS[name][0], 0);
  opened = openGateway({
    server: server.server,
    token,
    url: gatewayUrl,
    privileged: granted,
    snapshot,
    problem,
  });
  origin = await server.listen({ host: '127.0.0.1', port: options.apiPort ?? 0 });

  const places = createPlaces({
    world,
    twin,
    news,
    channels,
    gateway: opened,
    uploadLimit,
    async show(id) {
      const { guilds } = await twin.snapshot();
      return completeGuild(
        world,
        must(
          guilds.find((one) => one.id === id),
          `guild ${id}`,
        ),
      );
    },
  });
  const people = {
    world,
    views,
    messages,
    reactions,
    commands,
    interactions,
    gateway,
    acknowledgeMs,
    uploadLimit: limitOf,
    show: (kept: Parameters<typeof views.message>[0]) => views.message(kept, true),
  };

  return {
    apiUrl: `${origin}/api`,
    cdnUrl: cdn.url,
    token,
    botId: world.botId,
    bot: { id: world.botId },
    requests,
    fault: faults,
    cdn,
    gateway: opened.counts,
    guild: places.guild,
    async user(name, { locale = 'en-US', avatar, installed = false } = {}) {
      const user = addUser(world, { name, locale, avatar });
      await twin.addUser(user);
      return toPerson(people, user, installed && userInstalls);
    },
    direct: ({ id }) => channels.direct(id),
    group() {
      const id = world.ids.next();
      const none = { guildId: null, name: 'a group', nsfw: false, parentId: null, overwrites: [] };
      world.channels.set(id, { id, type: ChannelType.GroupDM, ...none });
      return { id };
    },
    sticker(name, bytes) {
      const id = world.ids.next();
      world.stickers.set(id, bytes);
      return { id, name, format_type: 1 };
    },
    external(name, bytes) {
      world.external.set(name, bytes);
      return `${cdn.url}/external/${name}`;
    },
    messages: ({ id }) =>
      [...world.messages.values()]
        .filter(({ channelId, deletedAt }) => channelId === id && deletedAt === undefined)
        .map(toPosted),
    message: ({ id }) => toPosted(must(world.messages.get(id), `message ${id}`)),
    linkTo: (file) => cdn.sign(file),
    bytesOf: (file) => must(file, 'such file').bytes,
    commands: commands.list,
    commandWrites: commands.writes,
    dropGateway: (meanwhile) => gateway().drop(async () => meanwhile?.()),
    invalidateSession: () => gateway().invalidate(),
    askToReconnect: () => gateway().askToReconnect(),
    redeliver: (event) => gateway().redeliver(event),
    bring: (event, data) => gateway().bring(event, data),
    brought: () =>
      [...gateway().sessions.values()].flatMap(({ sent }) => sent.map(({ t, d }) => ({ event: t, data: d }))),
    expireInteraction(asked) {
      must(interactions.all.get(asked.token), 'interaction').expired = true;
    },
    expireLinks: () => cdn.expireAll(),
    problems,
    check() {
      if (problems.length > 0) throw new Error(`the bot asked Discord wrongly:\n${problems.join('\n')}`);
    },
    async close() {
      await gateway().close();
      await server.close();
      await cdn.close();
      await twin.close();
    },
  };
}
