import { describe, expect, it } from 'vitest';
import { eventually, statesIn } from '../../queue/support.ts';
import { paints, photo } from './pictures.ts';
import { answersTo, settle } from './reading.ts';
import { useDiscord } from './support.ts';

describe('a permission that is missing', () => {
  const house = useDiscord();

  it('is named before any work is done', async () => {
    const { ada, studio, peer } = house();
    const walls = await studio.channel('walls', { botMayNot: ['AttachFiles', 'SendMessages'] });
    const picture = { name: 'boats.png', bytes: await photo() };
    const asked = await ada.slash(walls, 'stylize', { style: 'starry-night', picture });
    const refused = await asked.answer();
    expect(refused.content).toContain('Send Messages, Attach Files');
    expect(refused.ephemeral).toBe(true);
    expect(peer.cdn.asked).toEqual([]);
  });

  it('to read is named only where something must be read', async () => {
    const { ada, studio } = house();
    const walls = await studio.channel('walls', { botMayNot: ['ReadMessageHistory'] });
    const without = await ada.slash(walls, 'stylize', { style: 'starry-night' });
    expect((await without.answer()).content).toContain('Read Message History');
    const picture = { name: 'boats.png', bytes: await photo() };
    const asked = await ada.slash(walls, 'stylize', { style: 'starry-night', picture });
    await asked.answer(({ files }) => files.length === 1);
  });

  it('is named to whoever puts an emoji', async () => {
    const { ada, studio, peer } = house();
    const walls = await studio.channel('walls', { botMayNot: ['AttachFiles'] });
    const post = await ada.post(walls, { files: [{ name: 'boats.png', bytes: await photo() }] });
    ada.react(post, '🌌');
    const told = await eventually(() => answersTo(peer, walls)[0]);
    expect(told.content).toContain('Attach Files');
  });

  it('to make a thread is named where the server wants threads', async () => {
    const { ada, mia, general, studio, peer } = house();
    await (await mia.slash(general, 'impasto-settings', { threads: true })).answer();
    const walls = await studio.channel('walls', { botMayNot: ['CreatePublicThreads'] });
    const post = await ada.post(walls, { files: [{ name: 'boats.png', bytes: await photo() }] });
    ada.react(post, '🌌');
    const told = await eventually(() => answersTo(peer, walls)[0]);
    expect(told.content).toContain('Create Public Threads');
  });

  it('that is lost while the picture is made ends the delivery, not as answered, and the log tells of it', async () => {
    const { ada, general, peer, log, stopWorker, startWorker, redis } = house();
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes: await photo() }] });
    await stopWorker();
    ada.react(post, '🌌');
    await eventually(() => answersTo(peer, general)[0]);
    general.botMayNot(['ViewChannel']);
    startWorker();
    await eventually(() => log.some(({ message }) => message === 'An answer has no place any more'));
    await eventually(async () => (await statesIn(redis()))[0] === 'unposted');
  });
});

describe('an installation of a person’s own', () => {
  const house = useDiscord();

  it('works on attached pictures and through Apps → Stylize… where the bot is no member', async () => {
    const { peer } = house();
    const eve = await peer.user('eve', { installed: true });
    const abroad = await peer.guild('abroad', {
      installed: false,
      everyone: ['UseExternalApps', 'AttachFiles', 'ViewChannel', 'SendMessages', 'UseApplicationCommands'],
    });
    const plaza = await abroad.channel('plaza');
    await abroad.join(eve);
    const bytes = await photo();
    const asked = await eve.slash(plaza, 'stylize', {
      style: 'starry-night',
      picture: { name: 'b.png', bytes },
    });
    const done = await asked.answer(({ files }) => files.length === 1);
    expect(await paints(peer.bytesOf(done.files[0]), bytes)).toBe(true);
    const post = await eve.post(plaza, { files: [{ name: 'c.png', bytes: await photo(9) }] });
    const menu = await eve.messageCommand('Stylize…', post);
    const picker = await menu.answer(({ controls }) => controls.length > 0);
    const chosen = await eve.select(picker, picker.controls[0]?.custom_id ?? '', ['great-wave']);
    await chosen.answer(({ files }) => files.length === 1);
  });

  it('says how else to give a picture where the channel can’t be read', async () => {
    const { peer } = house();
    const eve = await peer.user('eve', { installed: true });
    const asked = await eve.slash(peer.group(), 'stylize', { style: 'starry-night' });
    const said = await asked.answer();
    expect(said.content).toContain('Apps → Stylize…');
    expect(asked.visible()).toHaveLength(1);
  });

  it('works in private with the bot, where it finds the latest picture', async () => {
    const { ada, peer } = house();
    const direct = peer.direct(ada);
    const bytes = await photo();
    await ada.post(direct, { files: [{ name: 'boats.png', bytes }] });
    const asked = await ada.slash(direct, 'stylize', { style: 'starry-night' });
    const done = await asked.answer(({ files }) => files.length === 1);
    expect(await paints(peer.bytesOf(done.files[0]), bytes)).toBe(true);
  });
});

describe('without the message-content intent', () => {
  const house = useDiscord({ peer: { privileged: [] } });

  it('start-up tells what is off, and commands work', async () => {
    const { ada, general, log } = house();
    const told = log.filter(({ level }) => level === 'warn').map(({ message }) => message);
    expect(told).toEqual([
      expect.stringContaining('Message Content Intent is off'),
      expect.stringContaining('an emoji on a picture'),
      expect.stringContaining('a command with no picture'),
    ]);
    const picture = { name: 'boats.png', bytes: await photo() };
    const asked = await ada.slash(general, 'stylize', { style: 'starry-night', picture });
    await asked.answer(({ files }) => files.length === 1);
  });

  it('a person who meets it is told to use Apps → Stylize…, which works', async () => {
    const { ada, general, peer } = house();
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes: await photo() }] });
    const asked = await ada.slash(general, 'stylize', { style: 'starry-night' });
    const said = await asked.answer(({ content }) => content.includes('Apps → Stylize…'));
    expect(said.files).toEqual([]);
    ada.react(post, '🌌');
    await eventually(() =>
      answersTo(peer, general, post).find(({ content }) => content.includes('Apps → Stylize…')),
    );
    ada.react(post, '🌊');
    await settle(house());
    expect(answersTo(peer, general, post)).toHaveLength(1);
    const menu = await ada.messageCommand('Stylize…', post);
    const picker = await menu.answer(({ controls }) => controls.length > 0);
    const chosen = await ada.select(picker, picker.controls[0]?.custom_id ?? '', ['great-wave']);
    await chosen.answer(({ files }) => files.length === 1);
  });
});
