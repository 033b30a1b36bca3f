import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import type { Asked } from './peer/asked.ts';
import type { Person, Ref } from './peer/people.ts';
import { photo } from './pictures.ts';
import { answersTo, settle } from './reading.ts';
import { useDiscord } from './support.ts';

async function stylize(person: Person, channel: Ref, red = 200, style = 'starry-night'): Promise<Asked> {
  const picture = { name: 'boats.png', bytes: await photo(red) };
  return person.slash(channel, 'stylize', { ...(style === '' ? {} : { style }), picture });
}

describe('/impasto-settings', () => {
  const house = useDiscord();

  it('is shown to those who manage the server alone', async () => {
    const { ada, mia, general } = house();
    await expect(ada.slash(general, 'impasto-settings')).rejects.toThrow('not shown');
    const said = await (await mia.slash(general, 'impasto-settings')).answer();
    expect(said.ephemeral).toBe(true);
    expect(said.content).toContain('emoji');
  });

  it('switches the bot off, and on again', async () => {
    const { ada, mia, general, peer } = house();
    await (await mia.slash(general, 'impasto-settings', { enabled: false })).answer();
    const asked = await stylize(ada, general);
    const refused = await asked.answer();
    expect(refused.content).toContain('switched off');
    expect(refused.ephemeral).toBe(true);
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes: await photo() }] });
    ada.react(post, '🌌');
    await settle(house());
    expect(answersTo(peer, general)).toEqual([]);
    await (await mia.slash(general, 'impasto-settings', { enabled: true })).answer();
    await (await stylize(ada, general)).answer(({ files }) => files.length === 1);
  });

  it('keeps the bot to some channels, and their threads', async () => {
    const { ada, mia, general, studio } = house();
    const art = await studio.channel('art');
    await (await mia.slash(general, 'impasto-settings', { channels: `<#${art.id}>` })).answer();
    expect((await (await stylize(ada, general)).answer()).content).toContain('not work in this channel');
    await (await stylize(ada, art)).answer(({ files }) => files.length === 1);
    const thread = await art.thread('inside', ada);
    await (await stylize(ada, thread)).answer(({ files }) => files.length === 1);
  });

  it('keeps it to them also in a thread that was quiet when the bot came', async () => {
    const { ada, mia, general, studio, peer, stopBot, startBot } = house();
    const art = await studio.channel('art');
    await (await mia.slash(general, 'impasto-settings', { channels: `<#${art.id}>` })).answer();
    const [inside, outside] = [await art.thread('inside', ada), await general.thread('outside', ada)];
    await stopBot();
    for (const thread of [inside, outside]) thread.archive();
    await startBot();
    await (await stylize(ada, inside)).answer(({ files }) => files.length === 1);
    expect((await (await stylize(ada, outside)).answer()).content).toContain('not work in this channel');
    const post = await ada.post(inside, { files: [{ name: 'boats.png', bytes: await photo() }] });
    ada.react(post, '🌊');
    await eventually(() => answersTo(peer, inside, post).some(({ files }) => files.length === 1));
  });

  it('sets a style for those who name none', async () => {
    const { ada, mia, general } = house();
    expect((await (await stylize(ada, general, 200, '')).answer()).content).toContain('style');
    await (await mia.slash(general, 'impasto-settings', { default_style: 'great-wave' })).answer();
    const done = await (await stylize(ada, general, 200, '')).answer(({ files }) => files.length === 1);
    expect(done.content).toContain('The Great Wave');
  });

  it('limits how much one person may ask for, and says when it works again', async () => {
    const { ada, bob, mia, general } = house();
    await (await mia.slash(general, 'impasto-settings', { per_person: '1' })).answer();
    await (await stylize(ada, general, 10)).answer(({ files }) => files.length === 1);
    const refused = await (await stylize(ada, general, 20)).answer();
    expect(refused.content).toMatch(/More from <t:\d+:t> on/);
    expect(refused.ephemeral).toBe(true);
    await (await stylize(bob, general, 30)).answer(({ files }) => files.length === 1);
  });
});

describe('limits of the program’s own', () => {
  const house = useDiscord({ bot: { personPerHour: 5, serverPerHour: 1, maxOpenRequests: 500 } });

  it('hold where the server sets none', async () => {
    const { ada, bob, general } = house();
    await (await stylize(ada, general, 10)).answer(({ files }) => files.length === 1);
    expect((await (await stylize(bob, general, 20)).answer()).content).toContain('This server has had its 1');
  });

  it('are told to whoever puts an emoji, once', async () => {
    const { ada, general, peer } = house();
    await (await stylize(ada, general, 10)).answer(({ files }) => files.length === 1);
    for (const red of [1, 2]) {
      const post = await ada.post(general, { files: [{ name: 'boats.png', bytes: await photo(red) }] });
      ada.react(post, '🌌');
    }
    await eventually(() => answersTo(peer, general).find(({ content }) => content.includes('has had its')));
    await settle(house());
    expect(answersTo(peer, general).filter(({ content }) => content.includes('has had its'))).toHaveLength(1);
  });
});

describe('a full queue', () => {
  const house = useDiscord({ bot: { maxOpenRequests: 1 } });

  it('says so', async () => {
    const { ada, bob, general, stopWorker } = house();
    await stopWorker();
    await (await stylize(bob, general, 10)).answer(({ content }) => content.includes('In line'));
    const refused = await (await stylize(ada, general, 20)).answer();
    expect(refused.content).toContain('Too many pictures are waiting');
    expect(refused.ephemeral).toBe(true);
  });
});
