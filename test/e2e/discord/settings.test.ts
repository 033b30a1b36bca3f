import { describe, expect, it } from 'vitest';
import type { Posted } from '../../bots/discord/peer/asked.ts';
import type { OptionValues } from '../../bots/discord/peer/options.ts';
import { painted, settle } from '../../bots/discord/reading.ts';
import { LIMIT_MS } from '../bots.ts';
import { boats } from '../pictures.ts';
import { answerOf, ask, useDiscordProgram } from './house.ts';

const program = useDiscordProgram({ settings: { MAX_OPEN_REQUESTS: '2', PERSON_PER_HOUR: '3' } });

const said = ({ loading }: Posted): boolean => !loading;

async function set(values: OptionValues): Promise<Posted> {
  const { general, mia } = program();
  return answerOf(await mia.slash(general, 'impasto-settings', values), said);
}

describe('/impasto-settings', () => {
  it('is shown to those who manage the server alone', async () => {
    const { ada, general } = program();
    await expect(ada.slash(general, 'impasto-settings')).rejects.toThrow('not shown');
    expect((await set({})).ephemeral).toBe(true);
  });

  it('switches off and on, keeps to channels, sets a style for those who name none', async () => {
    const { ada, general, studio } = program();
    await set({ enabled: false });
    expect((await answerOf(await ask(program(), await boats()), said)).content).toContain('switched off');
    const art = await studio.channel('art');
    await set({ enabled: true, channels: `<#${art.id}>`, default_style: 'great-wave' });
    const outside = await answerOf(await ask(program(), await boats()), said);
    expect(outside.content).toContain('not work in this channel');
    const picture = { name: 'boats.png', bytes: await boats() };
    const done = await answerOf(await ada.slash(art, 'stylize', { picture }));
    expect(done.content).toContain('Wave');
    expect(general.id).not.toBe(done.channelId);
  });

  it('limits a person and the server, kindly, with the time when it works again', async () => {
    const { bob } = program();
    await set({ per_person: '1', per_server: '2' });
    await answerOf(await ask(program(), await boats(1)));
    const person = await answerOf(await ask(program(), await boats(2)), said);
    expect(person.content).toMatch(/More from <t:\d+:t> on/);
    await answerOf(await ask(program(), await boats(3), 'starry-night', bob));
    const { mia } = program();
    const server = await answerOf(await ask(program(), await boats(4), 'starry-night', mia), said);
    expect(server.content).toMatch(/This server has had its 2.*<t:\d+:t>/s);
  });
});

it('the program’s own limit holds where the server sets none', async () => {
  for (const nth of [5, 6, 7]) await answerOf(await ask(program(), await boats(nth)));
  const refused = await answerOf(await ask(program(), await boats(8)), said);
  expect(refused).toMatchObject({ ephemeral: true });
  expect(refused.content).toMatch(/3 pictures.*<t:\d+:t>/s);
});

it('/queue tells what is ahead and what is mine, and cancels mine; a full line says so', async () => {
  const { ada, bob, bots, general, mia } = program();
  bots.hold();
  const his = await ask(program(), await boats(9), 'starry-night', bob);
  await answerOf(his, ({ content }) => content.includes('In line'));
  const hers = await ask(program(), await boats(10));
  await answerOf(hers, ({ content }) => content.includes('1 before you'));
  const refused = await answerOf(await ask(program(), await boats(11), 'starry-night', mia), said);
  expect(refused.content).toContain('Too many pictures are waiting');
  const list = await answerOf(await ada.slash(general, 'queue'), said);
  expect(list.ephemeral).toBe(true);
  expect(list.content).toContain('starry-night');
  expect(list.controls).toHaveLength(1);
  await ada.press(list, list.controls[0]?.custom_id ?? '');
  await answerOf(hers, ({ content }) => content === 'Cancelled.');
  bots.goOn();
  await answerOf(his);
  await settle(program());
});

it('/styles shows the catalogue with previews, /help what to do and what becomes of pictures', async () => {
  const { ada, general } = program();
  const gallery = await answerOf(await ada.slash(general, 'styles'), said);
  expect(gallery.embeds.map(({ title }) => title)).toEqual(
    expect.arrayContaining([expect.stringContaining('starry-night'), expect.stringContaining('great-wave')]),
  );
  expect(gallery.files.map(({ name }) => name)).toContain('starry-night.jpg');
  const help = await answerOf(await ada.slash(general, 'help'), said);
  for (const words of ['/stylize', '/upscale', '/queue', '24 hours', '/impasto-forget']) {
    expect(help.content).toContain(words);
  }
});

it('/impasto-forget deletes a person’s pictures now; another’s equal picture stays', async () => {
  const { ada, bob, general } = program();
  const bytes = await boats(12);
  const hers = await answerOf(await ask(program(), bytes));
  const his = await answerOf(await ask(program(), bytes, 'starry-night', bob));
  await answerOf(await ada.slash(general, 'impasto-forget'), said);
  const gone = await answerOf(await ada.press(hers, 'Upscale'), ({ ephemeral }) => ephemeral);
  expect(gone.content).toContain('no longer stored');
  await answerOf(await bob.press(his, 'Upscale'));
});

it('commands, hints and answers are in Chinese for whoever reads Chinese', async () => {
  const { ada, general, peer } = program();
  const stylize = peer.commands().find(({ name }) => name === 'stylize');
  expect(JSON.stringify(stylize)).toMatch(/"zh-TW":"[^"]*[\u4e00-\u9fff]/);
  const asked = await ada.slash(general, 'help', {}, { locale: 'zh-TW' });
  expect((await answerOf(asked, said)).content).toMatch(/[\u4e00-\u9fff]/);
  const picture = { name: 'boats.png', bytes: await boats(13) };
  const values = { style: 'starry-night', picture };
  const done = await answerOf(await ada.slash(general, 'stylize', values, { locale: 'zh-TW' }));
  expect(done.content).toMatch(/[\u4e00-\u9fff]/);
  expect(done.files[0]?.description).toMatch(/[\u4e00-\u9fff]/);
  const taipei = await peer.guild('taipei', { locale: 'zh-TW' });
  const lobby = await taipei.channel('lobby');
  await taipei.join(ada);
  ada.react(await ada.post(lobby, { files: [{ name: 'a.png', bytes: await boats(14) }] }), '🌌');
  expect((await painted(peer, lobby, LIMIT_MS)).content).toMatch(/[\u4e00-\u9fff]/);
});
