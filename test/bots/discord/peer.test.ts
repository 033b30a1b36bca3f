import {
  ActionRowBuilder,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  type ChatInputCommandInteraction,
  Client,
  Events,
  GatewayIntentBits,
  type Interaction,
  Partials,
  SlashCommandBuilder,
} from 'discord.js';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DiscordPeer, type PeerChannel, type PeerGuild, type Person, startDiscordPeer } from './peer/peer.ts';

const png = await sharp({ create: { width: 12, height: 8, channels: 3, background: '#c04020' } }).png().toBuffer();
const stylize = new SlashCommandBuilder()
  .setName('stylize')
  .setDescription('Paint a picture')
  .addStringOption((option) =>
    option.setName('style').setDescription('Which').setRequired(true).setAutocomplete(true),
  )
  .addAttachmentOption((option) => option.setName('picture').setDescription('What'));

let peer: DiscordPeer;
let studio: PeerGuild;
let general: PeerChannel;
let ada: Person;
let client: Client;

beforeEach(async () => {
  peer = await startDiscordPeer({ acknowledgeMs: 400, tokenMs: 60_000 });
  studio = await peer.guild('studio');
  general = await studio.channel('general');
  ada = await peer.user('ada', { locale: 'zh-TW' });
  await studio.join(ada);
  client = connectTo(peer);
});
afterEach(async () => {
  await client.destroy();
  await peer.close();
});

describe('the Discord peer', () => {
  it('answers a slash command with a picture as Discord does', async () => {
    await login();
    await register();
    onCommand(async (interaction) => {
      await interaction.deferReply();
      const given = interaction.options.getAttachment('picture', true);
      const bytes = Buffer.from(await (await fetch(given.url)).arrayBuffer());
      await interaction.editReply({ content: `${given.width} wide` });
      await interaction.editReply({ files: [new AttachmentBuilder(bytes, { name: 'out.png', description: 'painted' })] });
    });
    const asked = await ada.slash(general, 'stylize', {
      style: 'starry-night',
      picture: { name: 'my cat.png', bytes: png, spoiler: true, description: 'a cat' },
    });
    expect(await asked.acknowledged()).toBeGreaterThanOrEqual(0);
    const done = await asked.answer(({ files }) => files.length > 0);
    expect(done).toMatchObject({ content: '12 wide', files: [{ name: 'out.png', description: 'painted', width: 12 }] });
    expect(Buffer.compare(peer.bytesOf(done.files[0]), png)).toBe(0);
    expect(done.editions.map(({ content, attachments }) => [content, attachments.length])).toEqual([
      ['', 0],
      ['12 wide', 0],
      ['12 wide', 1],
    ]);
    expect(asked.visible()).toHaveLength(1);
    peer.check();
  });

  it('presses buttons', async () => {
    await login();
    await register();
    onCommand(async (interaction) => {
      const row = new ActionRowBuilder<ButtonBuilder>().addComponents(
        new ButtonBuilder().setCustomId('delete:1').setLabel('Delete').setStyle(ButtonStyle.Danger),
      );
      await interaction.reply({ content: 'here', components: [row] });
    });
    client.on(Events.InteractionCreate, async (interaction) => {
      if (!interaction.isButton()) return;
      await interaction.deferUpdate();
      await interaction.deleteReply();
    });
    const asked = await ada.slash(general, 'stylize', { style: 'x' });
    const message = await asked.answer();
    const pressed = await ada.press(message, 'Delete');
    await pressed.acknowledged();
    await expect.poll(() => peer.messages(general)).toEqual([]);
    peer.check();
  });
});

function connectTo({ apiUrl, cdnUrl }: DiscordPeer): Client {
  return new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.MessageContent,
      GatewayIntentBits.GuildMessageReactions,
      GatewayIntentBits.DirectMessages,
    ],
    partials: [Partials.Message, Partials.Channel, Partials.Reaction, Partials.User],
    rest: { api: apiUrl, cdn: cdnUrl },
  });
}

async function login(): Promise<void> {
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(peer.token);
  await ready;
}

async function register(): Promise<void> {
  await client.application?.commands.set([stylize]);
}

function onCommand(answer: (interaction: ChatInputCommandInteraction) => Promise<void>): void {
  client.on(Events.InteractionCreate, (interaction: Interaction) => {
    if (interaction.isChatInputCommand()) void answer(interaction);
  });
}
