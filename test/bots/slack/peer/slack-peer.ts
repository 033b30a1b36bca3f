/**
 * Slack, as far as the bot can see it, for tests that put the real client before it: the Web API, Socket Mode or
 * signed requests, files, interactivity, OAuth. State is kept by `emulate`, one for each workspace; what it lacks,
 * and what it does not enforce, is done here. Everything listens on 127.0.0.1.
 *
 * ```ts
 * const peer = await startSlackPeer({ mode: 'socket' });
 * // The bot is told `peer.settings`, in this process or in another: slackApiUrl, filesUrl, the tokens.
 * const channel = await peer.channel({ name: 'paintings' });
 * const ada = await peer.user({ name: 'ada', locale: 'zh-TW' });
 *
 * const asked = await ada.mention(channel, 'stylize starry-night', { files: [{ name: 'cat.jpg', bytes }] });
 * await eventually(() => peer.answers(asked).length === 1);        // what people see of the bot's answers
 * const [answer] = peer.answers(asked);
 * answer.edits;                                                    // all that it ever said, with times
 * peer.picturesOf(answer);                                         // the bytes of its image blocks
 * await ada.press(answer, 'delete');
 *
 * const slash = await ada.slash(channel, '/stylize', 'starry-night');
 * slash.ackMs; slash.error;                                        // 'operation_timeout' where the ack came late
 * await ada.submitView(peer.modal(ada), { style: 'starry-night', picture: [{ name: 'cat.jpg', bytes }] });
 *
 * peer.fault.once('chat.update', { retryAfter: 1 });               // also { status }, { error }, { lost: true }
 * peer.check();                                                    // throws where any request was wrong
 * await peer.close();
 * ```
 *
 * - **Answers** are the app's messages that are not deleted: in the question's thread, or to the asker alone;
 *   for a command, any in its channel since. Use a channel for each question that is counted.
 * - **Events** go out as soon as they happen; `asked.delivered` settles with their last try, `peer.deliveries` holds
 *   each with its tries and times. A failed event comes again, under its id, after `clocks.retryDelaysMs`.
 * - **Faults** meet the next call of a method; `lost` does the work and breaks the connection off before the answer.
 *   Besides methods there are `files.upload`, `files.download` and `response_url`.
 * - **Files** become ready after `clocks.fileReadyMs` or an upload's `readyAfterMs`: until then they have neither
 *   address nor type, and no image block can show them.
 * - **Problems** are requests that Slack would refuse, or that its reference calls wrong: arguments against the SDK's
 *   types, blocks against `KnownBlock` and Slack's limits, replies to replies, tokens sent outside Slack.
 */
import { answerApi } from './api.ts';
import { connect, type SlackPeerOptions } from './connect.ts';
import { createDeliveries, type Delivery } from './deliveries.ts';
import { createEvents } from './events.ts';
import { createFaults, type Faults } from './faults.ts';
import { createFileBook } from './file-book.ts';
import { answerFiles, answerOutside } from './files-host.ts';
import { type Json, jsonAt, textAt, walkJson } from './json.ts';
import { createLedger, type SeenMessage } from './ledger.ts';
import { listen } from './listen.ts';
import { createOAuth } from './oauth.ts';
import { type Acted, createPerson, type Person, type Said } from './person.ts';
import { createResponseUrls } from './response-urls.ts';
import { loadSchemas } from './schemas.ts';
import { createTriggers, createViewBook, type OpenView } from './view-book.ts';
import { visitInstall } from './visit-install.ts';
import { type Channel, type Member, openWorkspace, type Workspace } from './workspace.ts';
import type { BotCall, FileCall, World } from './world.ts';

/** What a bot needs to reach the peer; plain values, also for another process. */
export interface PeerSettings {
  /** Ends in `/api/`, as the SDK's `slackApiUrl` does. */
  readonly slackApiUrl: string;
  /** The one host besides the API's that may have the token. */
  readonly filesUrl: string;
  /** Where avatars are, and whatever lies outside Slack: fetched without the token. */
  readonly outsideUrl: string;
  readonly authorizationUrl: string;
  readonly appId: string;
  readonly appToken: string;
  readonly botToken: string;
  readonly signingSecret: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface SlackPeer {
  readonly settings: PeerSettings;
  /** The first workspace, or a new one; the app is installed where it is not said otherwise. */
  team(): Workspace;
  addTeam(about: { readonly name: string; readonly installed?: boolean }): Promise<Workspace>;
  channel(about?: {
    readonly name?: string;
    readonly isPrivate?: boolean;
    /** False leaves the app outside. */
    readonly withBot?: boolean;
    readonly team?: Workspace;
  }): Promise<Channel>;
  user(
    about?: Partial<Omit<Member, 'id' | 'team' | 'token'>> & { readonly team?: Workspace },
  ): Promise<Person>;
  /** A person's conversation with the app. */
  direct(person: Person): Promise<Channel>;
  /** What stands in a channel for all, in order, threads too. */
  messages(channel: Channel): readonly SeenMessage[];
  /** What one person alone was shown in a channel. */
  ephemerals(channel: Channel, person: Person): readonly SeenMessage[];
  /** The app's answers to something asked, as people see them now. */
  answers(asked: Said | Acted): readonly SeenMessage[];
  /** The newest state of a message, deleted ones too. */
  now(message: SeenMessage): SeenMessage;
  /** The bytes of a message's image blocks and files, in order. */
  picturesOf(message: SeenMessage): readonly Uint8Array[];
  bytesOf(fileId: string): Uint8Array | undefined;
  /** The modal on top. @throws Error where none is open */
  modal(person: Person): OpenView;
  modals(person: Person): readonly OpenView[];
  home(person: Person): OpenView | undefined;
  readonly fault: Faults;
  /** Every call of the bot, `response_url` too, and those with a method's name. */
  readonly requests: readonly BotCall[];
  calls(method: string): readonly BotCall[];
  readonly fileRequests: readonly FileCall[];
  readonly deliveries: readonly Delivery[];
  /** Bring an event once more under its id. */
  redeliver(delivery: Delivery): Promise<Delivery>;
  /** Let a file be ready at once. */
  ready(fileId: string): void;
  /** Socket Mode: how many connections stand; break them off; ask for new ones. */
  connections(): number;
  dropSocket(): void;
  disconnectSocket(reason: 'warning' | 'refresh_requested' | 'link_disabled'): void;
  /** HTTP: where the bot is now; whether it gives the challenge back. */
  moveBot(url: string): void;
  verifyUrl(): Promise<boolean>;
  /** Take the app out of a workspace, as a person does. */
  uninstall(team: Workspace): void;
  /** Take its token in a workspace away, without a word to the app. */
  revoke(team: Workspace): void;
  /** Let the app in, as a person with a browser does who begins at the bot's own page. */
  install(team: Workspace, installUrl: string): Promise<{ readonly status: number; readonly text: string }>;
  readonly problems: readonly string[];
  /** @throws Error that names every wrong request */
  check(): void;
  /** Settles once no delivery is under way. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export async function startSlackPeer(options: SlackPeerOptions): Promise<SlackPeer> {
  const problems: string[] = [];
  const failed = (error: unknown) => {
    problems.push(`the peer itself failed: ${error instanceof Error ? error.stack : String(error)}`);
  };
  const oauth = createOAuth();
  const api = await listen((incoming) => answerApi(world, oauth, wires.socket, incoming), failed);
  const files = await listen((incoming) => answerFiles(world, incoming), failed);
  const outside = await listen((incoming) => answerOutside(world, incoming), failed);
  const wires = connect(options, api, (sentence) => problems.push(sentence));
  const { app, clocks } = wires;
  const deliveries = createDeliveries(wires.transport, clocks);
  const book = createFileBook();
  const world: World = {
    app,
    clocks,
    urls: { api: api.url, files: files.url, outside: outside.url },
    workspaces: new Map(),
    schemas: loadSchemas(),
    faults: createFaults(),
    ledger: createLedger(),
    files: book,
    views: createViewBook(app.id),
    triggers: createTriggers(clocks.triggerMs),
    responseUrls: createResponseUrls(api.url, clocks.responseUrlMs),
    deliveries,
    events: createEvents(app, deliveries, book, failed),
    requests: [],
    fileRequests: [],
    problems,
    announced: new Map(),
    uploaded: new Map(),
    uninstall(workspace) {
      workspace.state = 'uninstalled';
      const tokens = { oauth: [], bot: [workspace.botUser] };
      for (const event of [{ type: 'tokens_revoked', tokens }, { type: 'app_uninstalled' }]) {
        world.events.tell(workspace, event.type, event);
      }
    },
  };
  const addTeam: SlackPeer['addTeam'] = async ({ name, installed = true }) => {
    const workspace = await openWorkspace(app, { name, installed, scopes: app.scopes }, files.url);
    world.workspaces.set(workspace.id, workspace);
    return workspace;
  };
  const first = await addTeam({ name: 'Painters', installed: options.installed ?? true });
  const seen = (test: (message: SeenMessage) => boolean) =>
    world.ledger.all().filter((message) => message.deletedAt === undefined && test(message));
  let made = 0;

  return {
    settings: {
      slackApiUrl: `${api.url}/api/`,
      filesUrl: files.url,
      outsideUrl: outside.url,
      authorizationUrl: `${api.url}/oauth/v2/authorize`,
      appId: app.id,
      appToken: app.appToken,
      botToken: first.botToken,
      signingSecret: app.signingSecret,
      clientId: app.clientId,
      clientSecret: app.clientSecret,
    },
    team: () => first,
    addTeam,
    channel({ name, isPrivate = false, withBot = true, team = first } = {}) {
      made += 1;
      return team.addChannel(name ?? `channel-${made}`, isPrivate, withBot);
    },
    async user({ team = first, ...about } = {}) {
      made += 1;
      const usual = {
        name: `person${made}`,
        locale: 'en-US',
        tz: 'Europe/London',
        admin: false,
        owner: false,
      };
      const member = await team.addMember({ ...usual, avatar: undefined, ...about });
      return createPerson({ world, workspace: team, member });
    },
    async direct(person) {
      const workspace = world.workspaces.get(person.team);
      const member = workspace?.members.get(person.id);
      if (workspace === undefined || member === undefined) throw new Error(`nobody is called ${person.id}`);
      return workspace.direct(member);
    },
    messages: ({ id }) => seen(({ channel, ephemeralTo }) => channel === id && ephemeralTo === undefined),
    ephemerals: ({ id }, person) =>
      seen(({ channel, ephemeralTo }) => channel === id && ephemeralTo === person.id),
    answers: (asked) => seen((message) => message.byBot && answers(message, asked)),
    now: (message) => world.ledger.find(message.channel, message.ts) ?? message,
    picturesOf: (message) => shownFiles(message).flatMap((id) => world.files.facts.get(id)?.bytes ?? []),
    bytesOf: (id) => world.files.facts.get(id)?.bytes,
    modal(person) {
      const top = world.views.modals(person.id).at(-1);
      if (top === undefined) throw new Error(`no modal is open before ${person.name}`);
      return top;
    },
    modals: (person) => world.views.modals(person.id),
    home: (person) => world.views.home(person.id),
    fault: world.faults,
    requests: world.requests,
    calls: (method) => world.requests.filter((call) => call.method === method),
    fileRequests: world.fileRequests,
    deliveries: deliveries.all,
    redeliver: (delivery) => deliveries.again(delivery),
    ready(id) {
      const facts = world.files.facts.get(id);
      if (facts !== undefined) facts.readyAt = 0;
    },
    connections: () => wires.socket?.connections() ?? 0,
    dropSocket: () => wires.socket?.drop(),
    disconnectSocket: (reason) => wires.socket?.disconnect(reason),
    moveBot: wires.moveBot,
    verifyUrl: () => wires.http?.verifyUrl(app.verificationToken) ?? Promise.resolve(false),
    uninstall: (team) => world.uninstall(team),
    revoke: (team) => {
      team.state = 'revoked';
    },
    install: (team, installUrl) => visitInstall(installUrl, (url) => oauth.consent(world, team, url)),
    problems,
    check() {
      if (problems.length > 0) throw new Error(`Slack would not take:\n${problems.join('\n')}`);
    },
    idle: () => deliveries.idle(),
    async close() {
      deliveries.close();
      await wires.socket?.close();
      await Promise.all([api.close(), files.close(), outside.close()]);
      await Promise.all([...world.workspaces.values()].map((workspace) => workspace.close()));
    },
  };
}

function answers(message: SeenMessage, asked: Said | Acted): boolean {
  if (message.channel !== asked.channel || message.at < asked.at) return false;
  if (message.ephemeralTo !== undefined) return message.ephemeralTo === asked.user;
  return !('message' in asked) || message.threadTs === (asked.message.threadTs ?? asked.message.ts);
}

/** The ids of the files that a message shows, those of its image blocks first. */
function shownFiles(message: SeenMessage): readonly string[] {
  const pictured = [...walkJson(message.blocks)].map(({ json }) => textAt(jsonAt(json, 'slack_file'), 'id'));
  const attached = message.files.map((file: Json) => textAt(file, 'id'));
  return [...pictured, ...attached].filter((id) => id !== '');
}
