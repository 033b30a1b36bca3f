import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIRole } from 'discord-api-types/v10';
import { DigitalDiscord } from 'discord-digital-twin';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { ChannelRecord, GuildRecord, UserRecord } from './world.ts';

const TOKEN = 'the-twin-is-asked-by-this-layer-only';
const dispatch = z.object({
  op: z.number(),
  t: z.string().nullish(),
  d: z.record(z.string(), z.unknown()).nullish(),
});

/** What the twin says to somebody who identifies. */
export interface Snapshot {
  readonly ready: Readonly<Record<string, unknown>>;
  readonly guilds: readonly Readonly<Record<string, unknown>>[];
}

/** discord-digital-twin: servers, channels, roles and members, and the events of a fresh connection. */
export interface Twin {
  addUser(user: UserRecord): Promise<void>;
  addGuild(guild: GuildRecord): Promise<void>;
  addRole(guildId: string, role: APIRole): Promise<void>;
  addMember(guildId: string, userId: string, roles: readonly string[], nick: string | null): Promise<void>;
  addChannel(channel: ChannelRecord, ownerId: string | null): Promise<void>;
  /** READY and one GUILD_CREATE for each server, over its own gateway. */
  snapshot(): Promise<Snapshot>;
  /** Its answer to a REST request. @param path from `/v10` on */
  ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  close(): Promise<void>;
}

export async function startTwin(botUser: { readonly id: string; readonly username: string }): Promise<Twin> {
  const folder = mkdtempSync(join(tmpdir(), 'impasto-discord-'));
  const discord = new DigitalDiscord({
    botUser,
    botToken: TOKEN,
    dbUrl: `file:${join(folder, 'twin.db')}`,
    guilds: [{ name: 'of the twin alone' }],
  });
  await onLoopback(() => discord.start());
  const { prisma } = discord;
  discord.guildIds = [];

  return {
    async addUser({ api: { id, username, discriminator, avatar, bot, global_name } }) {
      if (id === botUser.id) return;
      const data = { id, username, discriminator, avatar, bot: bot ?? false, globalName: global_name };
      await prisma.user.create({ data });
    },
    async addGuild({ id, name, ownerId }) {
      await prisma.guild.create({ data: { id, name, ownerId } });
      discord.guildIds = [...discord.guildIds, id];
    },
    async addRole(guildId, { id, name, permissions, position, managed }) {
      await prisma.role.create({ data: { id, guildId, name, permissions, position, managed } });
    },
    async addMember(guildId, userId, roles, nick) {
      await prisma.guildMember.create({ data: { guildId, userId, nick, roles: JSON.stringify(roles) } });
    },
    async addChannel({ id, guildId, type, name, parentId }, ownerId) {
      await prisma.channel.create({
        data: { id, guildId, type, name, parentId, ownerId, archiveTimestamp: new Date() },
      });
    },
    snapshot: () => snapshot(discord.gatewayUrl),
    async ask(method, path, body) {
      const response = await fetch(`${discord.restUrl}${path}`, {
        method,
        headers: { authorization: `Bot ${TOKEN}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    },
    async close() {
      await discord.stop();
      await prisma.$disconnect();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The twin listens on all interfaces and takes no host: for its start, a new server without a host gets one. */
async function onLoopback(start: () => Promise<void>): Promise<void> {
  const { listen } = http.Server.prototype;
  http.Server.prototype.listen = function (this: http.Server, ...given: unknown[]) {
    const [port, ready] = given;
    if (port === 0 && typeof ready === 'function') {
      return Reflect.apply(listen, this, [0, '127.0.0.1', ready]);
    }
    return Reflect.apply(listen, this, given);
  };
  try {
    await start();
  } finally {
    http.Server.prototype.listen = listen;
  }
}

function snapshot(url: string): Promise<Snapshot> {
  const socket = new WebSocket(url);
  const guilds: Record<string, unknown>[] = [];
  let ready: Record<string, unknown> | undefined;
  let expected = 0;
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.on('message', (raw) => {
      const { op, t, d } = dispatch.parse(JSON.parse(String(raw)));
      if (op === 10) socket.send(JSON.stringify({ op: 2, d: { token: TOKEN, intents: 1, properties: {} } }));
      if (t === 'READY' && d) {
        ready = d;
        expected = Array.isArray(d.guilds) ? d.guilds.length : 0;
      }
      if (t === 'GUILD_CREATE' && d) guilds.push(d);
      if (ready === undefined || guilds.length < expected) return;
      socket.close();
      resolve({ ready, guilds });
    });
  });
}
