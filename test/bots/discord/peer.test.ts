import {
  ActionRowBuilder,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  ContextMenuCommandBuilder,
  EmbedBuilder,
  Events,
  LabelBuilder,
  type Message,
  MessageFlags,
  ModalBuilder,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { useBench } from './peer/client.ts';

const png = await sharp({ create: { width: 12, height: 8, channels: 3, background: '#c04020' } })
  .png()
  .toBuffer();
const commands = [
  new SlashCommandBuilder()
    .setName('stylize')
    .setDescription('Paint a picture')
    .setDescriptionLocalizations({ 'zh-TW': '把照片變成畫' })
    .setContexts(0, 1, 2)
    .setIntegrationTypes(0, 1)
    .addStringOption((option) =>
      option.setName('style').setDescription('Which').setRequired(true).setAutocomplete(true),
    )
    .addAttachmentOption((option) => option.setName('picture').setDescription('What'))
    .addUserOption((option) => option.setName('avatar').setDescription('Whose')),
  new ContextMenuCommandBuilder().setName('Stylize…').setType(3),
].map((command) => command.toJSON());
const bench = useBench();

describe('interactions', () => {
  it('answer a slash command with a picture', async () => {
    const { login, onCommand, ada, general, peer } = bench();
    await login(commands);
    onCommand(async (interaction) => {
      await interaction.deferReply();
      const given = interaction.options.getAttachment('picture', true);
      const bytes = Buffer.from(await (await fetch(given.url)).arrayBuffer());
      await interaction.editReply(`${given.width} wide, ${given.description}, for ${interaction.locale}`);
      const painted = new AttachmentBuilder(bytes, { name: 'out.png', description: 'painted' });
      await interaction.editReply({ files: [painted] });
    });
    const picture = { name: 'my cat.png', bytes: png, spoiler: true, description: 'a cat' };
    const asked = await ada.slash(general, 'stylize', { style: 'starry-night', picture });
    await asked.acknowledged();
    const done = await asked.answer(({ files }) => files.length > 0);
    expect(done).toMatchObject({
      content: '12 wide, a cat, for zh-TW',
      files: [{ name: 'out.png', description: 'painted', width: 12, height: 8 }],
    });
    expect(Buffer.compare(peer.bytesOf(done.files[0]), png)).toBe(0);
    expect(done.editions.map(({ content, attachments }) => [content, attachments.length])).toEqual([
      ['', 0],
      ['12 wide, a cat, for zh-TW', 0],
      ['12 wide, a cat, for zh-TW', 1],
    ]);
    expect(asked.visible()).toHaveLength(1);
  });

  it('suggest what fits while somebody types', async () => {
    const { login, onInteraction, ada, general } = bench();
    await login(commands);
    onInteraction(async (interaction) => {
      if (!interaction.isAutocomplete()) return;
      const typed = interaction.options.getFocused();
      await interaction.respond([{ name: `${typed}-night`, value: 'starry-night' }]);
    });
    const choices = await ada.autocomplete(general, 'stylize', { style: 'starry' }, 'style');
    expect(choices).toEqual([{ name: 'starry-night', value: 'starry-night' }]);
  });

  it('press, choose and fill in', async () => {
    const { login, onInteraction, ada, general, thrown } = bench();
    await login(commands);
    onInteraction(async (interaction) => {
      if (interaction.isChatInputCommand()) {
        const button = new ButtonBuilder()
          .setCustomId('b')
          .setLabel('Strength')
          .setStyle(ButtonStyle.Primary);
        const select = new StringSelectMenuBuilder()
          .setCustomId('s')
          .addOptions({ label: 'Wave', value: 'wave' });
        await interaction.reply({
          content: 'here',
          components: [
            new ActionRowBuilder<ButtonBuilder>().addComponents(button),
            new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(select),
          ],
        });
      } else if (interaction.isButton()) {
        const input = new TextInputBuilder().setCustomId('strength').setStyle(TextInputStyle.Short);
        const label = new LabelBuilder().setLabel('Strength').setTextInputComponent(input);
        await interaction.showModal(
          new ModalBuilder().setCustomId('m').setTitle('Strength').addLabelComponents(label),
        );
      } else if (interaction.isStringSelectMenu()) {
        await interaction.update({ content: interaction.values.join(), components: [] });
      } else if (interaction.isModalSubmit()) {
        const text = interaction.fields.getTextInputValue('strength');
        await interaction.reply({ content: text, flags: MessageFlags.Ephemeral });
      }
    });
    const message = await (await ada.slash(general, 'stylize', { style: 'x' })).answer();
    const form = await ada.press(message, 'Strength');
    const filled = await (await ada.submitForm(form, { strength: '80' })).answer();
    expect(filled).toMatchObject({ content: '80', ephemeral: true });
    const chosen = await ada.select(message, 's', ['wave']);
    expect(await chosen.answer(({ content }) => content === 'wave')).toMatchObject({
      id: message.id,
      controls: [],
    });
    await expect(ada.press(message, 'Strength')).rejects.toThrow('there is no Strength');
    expect(thrown).toEqual([]);
  });

  it('act on messages and in places where the bot is not', async () => {
    const { login, onInteraction, ada, peer, client, general, thrown } = bench();
    await login(commands);
    onInteraction(async (interaction) => {
      if (interaction.isMessageContextMenuCommand()) {
        await interaction.reply(`${interaction.targetMessage.attachments.first()?.name}`);
      } else if (interaction.isChatInputCommand()) {
        const avatar = interaction.options.getUser('avatar')?.displayAvatarURL({ extension: 'png' });
        await interaction.reply(
          `${interaction.context} ${avatar} ${interaction.authorizingIntegrationOwners[1]}`,
        );
        await expect(client.rest.get(`/channels/${interaction.channelId}`)).rejects.toMatchObject({
          code: 50001,
        });
      }
    });
    const photo = await ada.post(general, { files: [{ name: 'cat.png', bytes: png }] });
    const asked = await ada.messageCommand('Stylize…', photo);
    expect(await asked.answer()).toMatchObject({ content: 'cat.png' });

    const elsewhere = await peer.guild('elsewhere', { installed: false });
    const hall = await elsewhere.channel('hall');
    const bo = await peer.user('bo', { installed: true, avatar: png });
    await elsewhere.join(bo);
    const far = await (await bo.slash(hall, 'stylize', { style: 'x', avatar: bo })).answer();
    expect(far.content).toMatch(new RegExp(`^0 ${peer.cdnUrl}/avatars/${bo.id}/\\w+\\.png\\S* ${bo.id}$`));
    await expect(ada.slash(hall, 'stylize', { style: 'x' })).rejects.toThrow('not installed here');
    expect(thrown).toEqual([]);
  });
});

describe('messages', () => {
  it('carry pictures, replies, forwards, stickers and embeds to the bot', async () => {
    const { login, ada, general, client, peer } = bench();
    await login();
    const seen: Message[] = [];
    client.on(Events.MessageCreate, (message) => void seen.push(message));
    const file = { name: 'cat.png', bytes: png, spoiler: true };
    const photo = await ada.post(general, { content: 'look', files: [file] });
    await ada.post(general, { content: 'nice', replyTo: photo });
    await ada.post(general, { forward: photo });
    await ada.post(general, { stickers: [peer.sticker('wave', png)] });
    const url = peer.external('far.png', png);
    await ada.post(general, { embeds: [{ url, image: { url, proxy_url: url } }] });
    await expect.poll(() => seen.length).toBe(5);
    const [first, reply, forward, sticker, linked] = seen;
    expect(first?.attachments.first()).toMatchObject({ name: 'SPOILER_cat.png', width: 12 });
    expect(first?.attachments.first()?.spoiler).toBe(true);
    expect((await reply?.fetchReference())?.id).toBe(photo.id);
    expect(forward?.messageSnapshots.first()?.attachments.first()?.name).toBe('SPOILER_cat.png');
    for (const address of [sticker?.stickers.first()?.url, linked?.embeds[0]?.image?.proxyURL]) {
      const response = await fetch(address ?? '');
      expect(Buffer.from(await response.arrayBuffer()).equals(png)).toBe(true);
    }
  });

  it('show what an embed holds, and not once more as a file', async () => {
    const { login, client, general } = bench();
    await login();
    const channel = await client.channels.fetch(general.id);
    if (!channel?.isSendable()) throw new Error('the channel is no text channel');
    const embed = new EmbedBuilder().setImage('attachment://out.png');
    const sent = await channel.send({
      embeds: [embed],
      files: [new AttachmentBuilder(png, { name: 'out.png' })],
    });
    expect(sent.attachments.size).toBe(0);
    const response = await fetch(sent.embeds[0]?.image?.url ?? '');
    expect(response.headers.get('content-type')).toBe('image/png');
  });

  it('are posted once for one nonce', async () => {
    const { login, client, general, peer } = bench();
    await login();
    const channel = await client.channels.fetch(general.id);
    if (!channel?.isSendable()) throw new Error('the channel is no text channel');
    peer.fault.once(`POST /channels/${general.id}/messages`, { broken: 'afterwards' });
    const message = { content: 'once', nonce: '17', enforceNonce: true };
    await channel.send(message);
    await channel.send(message);
    expect(peer.messages(general)).toHaveLength(1);
    expect(peer.requests.filter(({ method }) => method === 'POST')).toHaveLength(3);
  });

  it('tell of reactions, also to messages that the client never saw', async () => {
    const { login, ada, general, client, peer } = bench();
    const photo = await ada.post(general, { files: [{ name: 'cat.png', bytes: png }] });
    await login();
    const seen: string[] = [];
    client.on(Events.MessageReactionAdd, async (reaction, user) => {
      const message = await reaction.message.fetch();
      seen.push(`${reaction.emoji.name} ${user.id === ada.id} ${message.attachments.first()?.name}`);
      await reaction.message.react('👀');
    });
    ada.react(photo, '🌌');
    await expect.poll(() => seen).toContain('🌌 true cat.png');
    await expect.poll(() => [...peer.message(photo).reactions.keys()]).toEqual(['🌌', '👀']);
  });

  it('start threads that have their id', async () => {
    const { login, ada, general, client, peer } = bench();
    await login();
    const photo = await ada.post(general, { content: 'look' });
    const channel = await client.channels.fetch(general.id);
    if (!channel?.isTextBased() || channel.isDMBased()) throw new Error('the channel is no text channel');
    const message = await channel.messages.fetch(photo.id);
    const thread = await message.startThread({ name: 'painting' });
    await thread.send('here');
    expect(thread.id).toBe(photo.id);
    expect(peer.messages(thread)).toMatchObject([{ content: 'here' }]);
    const asked = await (await client.guilds.fetch(channel.guildId)).channels.fetchActiveThreads();
    expect(asked.threads.has(photo.id)).toBe(true);
  });
});
