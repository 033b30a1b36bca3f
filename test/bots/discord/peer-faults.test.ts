import {
  AttachmentBuilder,
  ChannelType,
  Client,
  Events,
  GatewayIntentBits,
  type Message,
  Routes,
  SlashCommandBuilder,
} from 'discord.js';
import { describe, expect, it } from 'vitest';
import { type Bench, connectTo, useBench } from './peer/client.ts';
import { startDiscordPeer } from './peer/peer.ts';

const MIB = 1024 ** 2;
const commands = [
  new SlashCommandBuilder()
    .setName('stylize')
    .setDescription('Paint a picture')
    .addStringOption((option) => option.setName('style').setDescription('Which').setRequired(true))
    .toJSON(),
];
const ORIGINAL = 'PATCH /webhooks/:app/:token/messages/@original';

async function send(
  { client, general }: Bench,
  content: string,
  files: AttachmentBuilder[] = [],
): Promise<Message> {
  const channel = await client.channels.fetch(general.id);
  if (channel?.type !== ChannelType.GuildText) throw new Error('the channel is no text channel');
  return channel.send({ content, files });
}

describe('an interaction', () => {
  const bench = useBench({ acknowledgeMs: 3000, tokenMs: 6000 });

  it('is unknown after its time, and acknowledged only once', async () => {
    const { login, onCommand, ada, general } = bench();
    await login(commands);
    const codes: unknown[] = [];
    onCommand(async (interaction) => {
      const late = interaction.options.getString('style') === 'late';
      if (late) await new Promise((resolve) => setTimeout(resolve, 3100));
      else await interaction.deferReply();
      await interaction.client.rest
        .post(`/interactions/${interaction.id}/${interaction.token}/callback`, {
          body: { type: 5 },
          auth: false,
        })
        .catch((error: { code: unknown }) => codes.push(error.code));
    });
    await (await ada.slash(general, 'stylize', { style: 'soon' })).acknowledged();
    const late = await ada.slash(general, 'stylize', { style: 'late' });
    await expect(late.acknowledged()).rejects.toThrow('not acknowledged');
    await expect.poll(() => codes, { timeout: 10_000 }).toEqual([40060, 10062]);
  });

  it('has a token that ends', async () => {
    const { login, onCommand, ada, general, thrown, peer } = bench();
    await login(commands);
    onCommand(async (interaction) => {
      await interaction.deferReply();
      await new Promise((resolve) => setTimeout(resolve, 6100));
      await interaction.editReply('too late');
    });
    const asked = await ada.slash(general, 'stylize', { style: 'x' });
    await expect.poll(() => thrown, { timeout: 10_000 }).toMatchObject([{ code: 50027, status: 401 }]);
    expect(asked.answers()).toMatchObject([{ loading: true }]);
    expect(peer.requests.at(-1)?.status).toBe(401);
  });

  it('refuses files above its limit', async () => {
    const { login, onCommand, ada, general, thrown } = bench();
    await login(commands);
    onCommand(async (interaction) => {
      await interaction.deferReply();
      const bytes = Buffer.alloc(interaction.attachmentSizeLimit + 1, 1);
      await interaction.editReply({ files: [new AttachmentBuilder(bytes, { name: 'big.bin' })] });
    });
    await ada.slash(general, 'stylize', { style: 'x' }, { uploadLimit: MIB });
    await expect.poll(() => thrown).toMatchObject([{ code: 40005, status: 413 }]);
  });

  it('changes the message whose button it came from', async () => {
    const { login, onInteraction, ada, general, thrown } = bench();
    await login(commands);
    onInteraction(async (interaction) => {
      if (interaction.isButton()) {
        await interaction.deferUpdate();
        await interaction.editReply({ content: 'after', components: [] });
      } else if (interaction.isChatInputCommand()) {
        const button = { type: 2, style: 4, custom_id: 'cancel', label: 'Cancel' };
        await interaction.reply({ content: 'before', components: [{ type: 1, components: [button] }] });
      }
    });
    const message = await (await ada.slash(general, 'stylize', { style: 'x' })).answer();
    const pressed = await ada.press(message, 'Cancel');
    await pressed.answer(({ content }) => content === 'after');
    expect(pressed.visible().map(({ id }) => id)).toEqual([message.id]);
    expect(thrown).toEqual([]);
  });

  it('lets a follow-up fill the placeholder, and more follow', async () => {
    const { login, onCommand, ada, general, thrown } = bench();
    await login(commands);
    onCommand(async (interaction) => {
      await interaction.deferReply();
      await interaction.followUp('first');
      const second = await interaction.followUp('second');
      await interaction.editReply({ message: second, content: 'changed' });
    });
    const asked = await ada.slash(general, 'stylize', { style: 'x' });
    await asked.answer(({ content }) => content === 'changed');
    expect(asked.answers().map(({ content }) => content)).toEqual(['first', 'changed']);
    expect(thrown).toEqual([]);
  });
});

describe('faults', () => {
  const bench = useBench();

  it('slow the client down and are tried again', async () => {
    const { login, onCommand, ada, general, peer } = bench();
    await login(commands);
    peer.fault.once(ORIGINAL, { retryAfter: 0.3 });
    peer.fault.once(ORIGINAL, { status: 500 });
    onCommand(async (interaction) => {
      await interaction.deferReply();
      await interaction.editReply('done');
    });
    const asked = await ada.slash(general, 'stylize', { style: 'x' });
    const { editions } = await asked.answer();
    expect(editions).toHaveLength(2);
    const tries = peer.requests.filter(({ method }) => method === 'PATCH');
    expect(tries.map(({ status }) => status)).toEqual([429, 500, 200]);
  });

  it('of the gateway end in a resumed session with all that was missed', async () => {
    const { login, ada, general, client, peer } = bench();
    await login();
    const seen: string[] = [];
    client.on(Events.MessageCreate, ({ content }) => void seen.push(content));
    const photo = await ada.post(general, { content: 'before' });
    await expect.poll(() => seen).toEqual(['before']);
    await peer.dropGateway(async () => void (await ada.post(general, { content: 'meanwhile' })));
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['before', 'meanwhile']);
    client.on(Events.MessageReactionAdd, ({ emoji }) => void seen.push(`${emoji.name}`));
    ada.react(photo, '🌌');
    peer.redeliver('MESSAGE_REACTION_ADD');
    await expect.poll(() => seen).toEqual(['before', 'meanwhile', '🌌', '🌌']);
    expect(peer.gateway).toEqual({ identified: 1, resumed: 1, invalidated: 0 });
  });

  it('of the session end in a new one', async () => {
    const { login, ada, general, client, peer } = bench();
    await login();
    const seen: string[] = [];
    client.on(Events.MessageCreate, ({ content }) => void seen.push(content));
    peer.invalidateSession();
    await expect.poll(() => peer.gateway.identified, { timeout: 20_000 }).toBe(2);
    await expect
      .poll(async () => {
        await ada.post(general, { content: 'again' });
        return seen.length;
      })
      .toBeGreaterThan(0);
  });

  it('of links are mended by asking again', async () => {
    const open = bench();
    const { login, ada, general, client, peer } = open;
    await login();
    const photo = await ada.post(general, { files: [{ name: 'note.txt', bytes: Buffer.from('hello') }] });
    const channel = await client.channels.fetch(general.id);
    if (channel?.type !== ChannelType.GuildText) throw new Error('the channel is no text channel');
    const link = async (): Promise<string> => {
      const message = await channel.messages.fetch({ message: photo.id, force: true });
      return message.attachments.first()?.url ?? '';
    };
    const old = await link();
    expect(await (await fetch(old)).text()).toBe('hello');
    peer.expireLinks();
    expect((await fetch(old)).status).toBe(404);
    expect((await fetch(await link())).status).toBe(200);
    const body = { attachment_urls: [old] };
    expect(await client.rest.post('/attachments/refresh-urls', { body })).toMatchObject({
      refreshed_urls: [{ original: old }],
    });
    peer.cdn.deliver('note.txt', 'html');
    expect((await fetch(await link())).headers.get('content-type')).toContain('text/html');
    peer.cdn.deliver('note.txt', 'half');
    await expect(fetch(await link()).then((response) => response.text())).rejects.toThrow();
  });

  it('of permissions are told by Discord’s codes', async () => {
    const open = bench();
    const { login, ada, general, client, peer, studio } = open;
    await login();
    const message = await send(open, 'here');
    const path = Routes.channelMessages(general.id);
    await expect(client.rest.get(`${path}/${general.id}`)).rejects.toMatchObject({ code: 10008 });
    await expect(client.rest.get(`/channels/${message.id}`)).rejects.toMatchObject({ code: 10003 });
    const theirs = await ada.post(general, { content: 'mine' });
    await expect(client.rest.delete(`${path}/${theirs.id}`)).rejects.toMatchObject({ code: 50013 });
    await expect(client.rest.post(path, { body: { content: '' } })).rejects.toMatchObject({ code: 50006 });
    general.botMayNot(['AttachFiles']);
    const file = new AttachmentBuilder(Buffer.from('x'), { name: 'x.txt' });
    await expect(send(open, 'files', [file])).rejects.toMatchObject({ code: 50013 });
    const secret = await studio.channel('secret', { botMayNot: ['ViewChannel'] });
    await expect(client.rest.get(`/channels/${secret.id}`)).rejects.toMatchObject({ code: 50001 });
    const big = new AttachmentBuilder(Buffer.alloc(10 * MIB + 1, 1), { name: 'x.bin' });
    general.botMayNot([]);
    await expect(send(open, 'big', [big])).rejects.toMatchObject({ code: 40005, status: 413 });
    expect(peer.messages(general)).toHaveLength(2);
  });
});

describe('without message content', () => {
  it('shows only what the bot may read', async () => {
    const peer = await startDiscordPeer({ privileged: [] });
    const guilds = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages];
    const client = connectTo(peer, { intents: [...guilds, GatewayIntentBits.DirectMessages] });
    const greedy = connectTo(peer);
    const stranger = new Client({ intents: guilds, rest: { api: peer.apiUrl } });
    try {
      const studio = await peer.guild('studio');
      const general = await studio.channel('general');
      const ada = await peer.user('ada');
      await studio.join(ada);
      await client.login(peer.token);
      const seen: string[] = [];
      client.on(Events.MessageCreate, ({ content }) => void seen.push(content));
      await expect.poll(() => client.isReady()).toBe(true);
      await ada.post(general, { content: 'secret' });
      await ada.post(general, { content: `<@${peer.botId}> hello` });
      await ada.post(peer.direct(ada), { content: 'to you' });
      await expect.poll(() => seen).toEqual(['', `<@${peer.botId}> hello`, 'to you']);
      const listed = await client.rest.get(`/channels/${general.id}/messages`);
      expect(listed).toMatchObject([{ content: `<@${peer.botId}> hello` }, { content: '' }]);
      await expect(greedy.login(peer.token)).rejects.toThrow('disallowed intents');
      await expect(stranger.login('wrong.token.here')).rejects.toThrow('invalid token');
      peer.check();
    } finally {
      await Promise.all([client.destroy(), greedy.destroy(), stranger.destroy()]);
      await peer.close();
    }
  });
});
