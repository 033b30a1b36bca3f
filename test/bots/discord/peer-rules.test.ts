import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Client, Events, GatewayIntentBits, Routes } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { connectTo, useBench } from './peer/client.ts';
import { startDiscordPeer } from './peer/peer.ts';

const option = (name: string, required: boolean): object => ({
  type: 3,
  name,
  description: 'Which',
  required,
});

describe('commands', () => {
  const bench = useBench();

  it('are kept as they are given, in every language, and writes are counted', async () => {
    const { login, client, peer } = bench();
    await login();
    const path = Routes.applicationCommands(peer.botId);
    const style = { name: 'stylize', description: 'Paint', description_localizations: { 'zh-TW': '畫' } };
    await client.rest.put(path, { body: [style] });
    const [plain] = (await client.application?.commands.fetch({ cache: false }))?.values() ?? [];
    expect(plain?.descriptionLocalizations).toBeNull();
    const [full] = (await client.application?.commands.fetch({ withLocalizations: true }))?.values() ?? [];
    expect(full?.descriptionLocalizations).toEqual({ 'zh-TW': '畫' });
    expect(peer.commandWrites()).toBe(1);
    const before = peer.commands()[0]?.id;
    await client.rest.put(path, { body: [style, { name: 'Upscale', type: 3 }] });
    expect(peer.commands().map(({ id, name }) => [id === before, name])).toEqual([
      [true, 'stylize'],
      [false, 'Upscale'],
    ]);
    await full?.edit({ description: 'Paint it' });
    await full?.delete();
    expect(peer.commands().map(({ name }) => name)).toEqual(['Upscale']);
    expect(peer.commandWrites()).toBe(4);
  });

  it.each([
    ['a name in capitals', { name: 'Stylize', description: 'Paint' }],
    ['no description', { name: 'stylize', description: '' }],
    [
      'options out of order',
      { name: 'a', description: 'b', options: [option('x', false), option('y', true)] },
    ],
    [
      'two options of one name',
      { name: 'a', description: 'b', options: [option('x', true), option('x', true)] },
    ],
    ['too much text', { name: 'a', description: 'b', options: many() }],
    ['a description on a menu', { name: 'Paint', type: 3, description: 'b' }],
  ])('are refused with %s', async (_, command) => {
    const { login, client, peer } = bench();
    await login();
    const path = Routes.applicationCommands(peer.botId);
    await expect(client.rest.post(path, { body: command })).rejects.toMatchObject({ code: 50035 });
    expect(peer.commands()).toEqual([]);
  });

  it('are shown where they belong', async () => {
    const { login, ada, general, peer } = bench();
    const manage = String(1n << 5n);
    await login([
      { name: 'settings', description: 'b', default_member_permissions: manage },
      { name: 'direct', description: 'b', contexts: [1] },
    ]);
    await expect(ada.slash(general, 'settings')).rejects.toThrow('not shown to ada');
    await expect(ada.slash(general, 'direct')).rejects.toThrow('not shown to ada');
    await expect(ada.slash(general, 'nothing')).rejects.toThrow('registered no nothing');
    await expect(ada.slash(peer.direct(ada), 'direct', { x: 1 })).rejects.toThrow('no option x');
  });
});

function many(): object[] {
  const choices = Array.from({ length: 25 }, (_, index) => ({
    name: `${index}`.padEnd(90, 'x'),
    value: `${index}`,
  }));
  return ['a', 'b', 'c', 'd'].map((name) => ({ type: 3, name, description: 'Which', choices }));
}

describe('a wrong request', () => {
  it.each([
    ['an unknown key', 'post', '/channels/1/messages', { content: 'x', contents: 'y' }, 'contents is no key'],
    ['a wrong type', 'post', '/channels/1/messages', { content: 5 }, 'MessageCreateRequestSchema'],
    ['an unknown route', 'get', '/channels/1/pictures', undefined, 'is no route'],
    ['an unknown callback', 'post', '/interactions/1/x/callback', { type: 77 }, 'known callback type'],
  ] as const)('is recorded: %s', async (_, method, path, body, sentence) => {
    const peer = await startDiscordPeer();
    const client = new Client({ intents: [], rest: { api: peer.apiUrl } });
    client.rest.setToken(peer.token);
    try {
      await expect(client.rest[method](path, { body })).rejects.toThrow();
      expect(() => peer.check()).toThrow(sentence);
    } finally {
      await client.destroy();
      await peer.close();
    }
  });

  it('is one with a token for the CDN', async () => {
    const peer = await startDiscordPeer();
    try {
      await fetch(`${peer.cdnUrl}/attachments/1/2/x.png`, {
        headers: { authorization: `Bot ${peer.token}` },
      });
      expect(() => peer.check()).toThrow('the CDN was sent a token');
    } finally {
      await peer.close();
    }
  });
});

describe('two shards', () => {
  it('hear of their own servers, and the first of direct messages', async () => {
    const peer = await startDiscordPeer({ shards: 2 });
    const heard: [number, string][] = [];
    const clients = [0, 1].map((shard) => {
      const client = connectTo(peer, { shards: [shard], shardCount: 2 });
      client.on(Events.MessageCreate, ({ content }) => void heard.push([shard, content]));
      return client;
    });
    try {
      const ada = await peer.user('ada');
      for (const client of clients) await client.login(peer.token);
      await expect.poll(() => clients.every((client) => client.isReady())).toBe(true);
      const guild = await peer.guild('late');
      const channel = await guild.channel('general');
      await guild.join(ada);
      await ada.post(channel, { content: 'in a server' });
      await ada.post(peer.direct(ada), { content: 'direct' });
      const shard = Number((BigInt(guild.id) >> 22n) % 2n);
      await expect.poll(() => heard.length).toBe(2);
      expect(heard).toEqual(
        expect.arrayContaining([
          [shard, 'in a server'],
          [0, 'direct'],
        ]),
      );
      peer.check();
    } finally {
      for (const client of clients) await client.destroy();
      await peer.close();
    }
  });
});

/** Where this process listens, as Linux tells: addresses in hexadecimal, 127.0.0.1 being 0100007F. */
function listening(): { address: string; port: string }[] {
  const own = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      // The descriptor by which the folder was read is closed by now.
      return [];
    }
  });
  const lines = ['tcp', 'tcp6'].flatMap((kind) => readFileSync(`/proc/self/net/${kind}`, 'utf8').split('\n'));
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    return state === '0A' && own.includes(`socket:[${inode}]`) ? [{ address, port }] : [];
  });
}

describe('a closed peer', () => {
  it('leaves nothing that listens, and only ever listened on loopback', async () => {
    const peer = await startDiscordPeer();
    const open = listening();
    expect(open.length).toBeGreaterThanOrEqual(3);
    expect(new Set(open.map(({ address }) => address))).toEqual(new Set(['0100007F']));
    const client = connectTo(peer, { intents: [GatewayIntentBits.Guilds] });
    await client.login(peer.token);
    await client.destroy();
    await peer.close();
    const ports = new Set(open.map(({ port }) => port));
    expect(listening().filter(({ port }) => ports.has(port))).toEqual([]);
  });
});
