import { createEmulator } from 'emulate';
import { secret, slackId } from './ids.ts';
import { isJson, type Json, jsonAt, readJson, textAt } from './json.ts';

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly team: string;
  readonly kind: 'public' | 'private' | 'im';
  readonly members: Set<string>;
}

/** Somebody of a workspace, as `users.info` tells of them. */
export interface Member {
  readonly id: string;
  readonly name: string;
  readonly team: string;
  readonly token: string;
  readonly locale: string;
  readonly tz: string;
  readonly admin: boolean;
  readonly owner: boolean;
  /** The picture of one who chose one; the others have one that Slack made. */
  readonly avatar: Uint8Array | undefined;
}

/** One workspace, with an emulator of its own behind it, and the app as it is installed there. */
export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly botToken: string;
  readonly botUser: string;
  readonly botId: string;
  /** What the app may do here. */
  readonly scopes: readonly string[];
  readonly owner: Member;
  readonly channels: Map<string, Channel>;
  readonly members: Map<string, Member>;
  state: 'absent' | 'installed' | 'uninstalled' | 'revoked';
  /** Ask the emulator. */
  call(token: string, method: string, args: Json): Promise<Json>;
  /** The same, which must succeed. */
  demand(token: string, method: string, args: Json): Promise<Json>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  addMember(about: Omit<Member, 'id' | 'team' | 'token'>): Promise<Member>;
  addChannel(name: string, isPrivate: boolean, withBot: boolean): Promise<Channel>;
  /** The conversation of one person with the app. */
  direct(member: Member): Promise<Channel>;
  join(channel: Channel, user: string): Promise<void>;
  close(): Promise<void>;
}

/** The team's id inside the emulator, which knows no other. */
const INNER_TEAM = 'T000000001';
/** How many people a workspace can have; the emulator knows all of them from its start. */
const MOST_PEOPLE = 300;

/**
 * The emulator lets each token make 5,000 calls an hour, which no Slack does. Inside it the bot has many that mean the same,
 * and takes the next where one is spent.
 */
const ALIASES = 100;
const CALLS_OF_ONE = 4_000;

/** @param filesUrl where the bot is to find this workspace's files */
export async function openWorkspace(
  app: { readonly id: string; readonly scopes: readonly string[] },
  about: { readonly name: string; readonly installed: boolean; readonly scopes: readonly string[] },
  filesUrl: string,
): Promise<Workspace> {
  const id = slackId('T');
  const domain = about.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const bot = { token: `xoxb-${id}-${secret()}`, user: slackId('U'), id: slackId('B') };
  const people = Array.from({ length: MOST_PEOPLE }, (_, index) => ({
    name: `person-${index}`,
    token: `xoxp-${id}-${index}-${secret()}`,
  }));
  const aliases = Array.from({ length: ALIASES }, (_, index) => `${bot.token}-${index}`);
  const own = { login: 'impasto', scopes: [...about.scopes] };
  const emulator = await createEmulator({
    service: 'slack',
    port: 0,
    hostname: '127.0.0.1',
    seed: {
      tokens: Object.fromEntries([...aliases, ...people.map(({ token }) => token)].map((one) => [one, own])),
      slack: {
        team: { name: about.name, domain },
        users: people.map(({ name }) => ({ name })),
        oauth_apps: [
          {
            app_id: app.id,
            client_id: id,
            client_secret: secret(),
            name: 'Impasto',
            redirect_uris: [],
            scopes: about.scopes,
            bot_id: bot.id,
            bot_user_id: bot.user,
            bot_name: 'impasto',
          },
        ],
        tokens: [
          ...aliases.map((token) => ({
            token,
            type: 'bot' as const,
            user: bot.user,
            scopes: about.scopes,
            bot_id: bot.id,
            app_id: app.id,
          })),
          ...people.map(({ name, token }) => ({ token, type: 'user', user: name })),
        ],
        strict_scopes: true,
      },
    },
  });
  const inner = new URL(emulator.url);
  inner.hostname = '127.0.0.1';

  let calls = 0;
  const inside = (token: string): string => {
    if (token !== bot.token) return token;
    calls += 1;
    return aliases[Math.floor(calls / CALLS_OF_ONE) % ALIASES] ?? token;
  };
  const fetchInner: Workspace['fetch'] = (path, init) => {
    const headers = new Headers(init?.headers);
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${inside(bot.token)}`);
    return fetch(new URL(path, inner), { ...init, headers });
  };
  const call: Workspace['call'] = async (token, method, args) => {
    const response = await fetchInner(`/api/${method}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${inside(token)}`,
        'content-type': 'application/json; charset=utf-8',
      },
      body: JSON.stringify(args),
    });
    const text = (await response.text()).replaceAll(INNER_TEAM, id);
    return readJson(
      text
        .replaceAll(`${emulator.url}/files-pri/`, `${filesUrl}/files-pri/${id}-`)
        .replaceAll(emulator.url, `${filesUrl}/${id}`),
    );
  };
  const demand: Workspace['demand'] = async (token, method, args) => {
    const answer = await call(token, method, args);
    if (answer.ok !== true) throw new Error(`${method} answers ${JSON.stringify(answer)}`);
    return answer;
  };

  const members = new Map<string, Member>();
  const channels = new Map<string, Channel>();
  const addMember: Workspace['addMember'] = async (profile) => {
    const next = people.shift();
    if (next === undefined) throw new Error(`a workspace of the peer has ${MOST_PEOPLE} people at most`);
    const userId = textAt(await demand(next.token, 'auth.test', {}), 'user_id');
    const member = { ...profile, id: userId, team: id, token: next.token };
    members.set(userId, member);
    return member;
  };
  const keep = (channel: Channel): Channel => {
    channels.set(channel.id, channel);
    return channel;
  };
  const owner = await addMember({
    name: 'owner',
    locale: 'en-US',
    tz: 'Europe/London',
    admin: true,
    owner: true,
    avatar: undefined,
  });
  // Many may be on the way in at once.
  const joining = new Map<string, Promise<unknown>>();
  const join: Workspace['join'] = async (channel, user) => {
    if (channel.members.has(user)) return;
    const key = `${channel.id} ${user}`;
    const invited =
      joining.get(key) ?? demand(owner.token, 'conversations.invite', { channel: channel.id, users: user });
    joining.set(key, invited);
    await invited;
    channel.members.add(user);
  };

  return {
    id,
    name: about.name,
    domain,
    botToken: bot.token,
    botUser: bot.user,
    botId: bot.id,
    scopes: about.scopes,
    owner,
    channels,
    members,
    state: about.installed ? 'installed' : 'absent',
    call,
    demand,
    fetch: fetchInner,
    addMember,
    join,
    async addChannel(name, isPrivate, withBot) {
      const made = await demand(owner.token, 'conversations.create', { name, is_private: isPrivate });
      const channel = keep({
        id: textAt(isJson(made.channel) ? made.channel : {}, 'id'),
        name,
        team: id,
        kind: isPrivate ? 'private' : 'public',
        members: new Set([owner.id]),
      });
      if (withBot) await join(channel, bot.user);
      return channel;
    },
    async direct(member) {
      const opened = await demand(member.token, 'conversations.open', { users: bot.user });
      const channelId = textAt(jsonAt(opened, 'channel'), 'id');
      const known = channels.get(channelId);
      if (known !== undefined) return known;
      const both = new Set([member.id, bot.user]);
      return keep({ id: channelId, name: 'directmessage', team: id, kind: 'im', members: both });
    },
    close: () => emulator.close(),
  };
}
