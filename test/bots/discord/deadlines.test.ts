import { describe, expect, it } from 'vitest';
import type { Asked } from './peer/asked.ts';
import type { Person, Ref } from './peer/people.ts';
import { photo } from './pictures.ts';
import { settle } from './reading.ts';
import { useDiscord } from './support.ts';

const house = useDiscord({ bot: { settings: { tokenSeconds: 3, lastWordMs: 1_500, lookMs: 100 } } });

async function ask(person: Person, channel: Ref): Promise<Asked> {
  const picture = { name: 'boats.png', bytes: await photo() };
  const asked = await person.slash(channel, 'stylize', { style: 'starry-night', picture });
  await asked.answer(({ content }) => content.includes('In line'));
  return asked;
}

/** Somebody who has installed the bot where it is no member. */
async function abroad(locale = 'en-US'): Promise<{ readonly eve: Person; readonly plaza: Ref }> {
  const { peer } = house();
  const eve = await peer.user('eve', { installed: true, locale });
  const away = await peer.guild('abroad', {
    installed: false,
    everyone: ['UseExternalApps', 'AttachFiles', 'ViewChannel', 'SendMessages', 'UseApplicationCommands'],
  });
  await away.join(eve);
  return { eve, plaza: await away.channel('plaza') };
}

describe('an answer that would come when nothing can be said any more', () => {
  it('is given up in a sentence, where the bot is no member', async () => {
    const { stopWorker } = house();
    await stopWorker();
    const { eve, plaza } = await abroad();
    const said = await (await ask(eve, plaza)).answer(({ content }) => content.includes('ask again'));
    expect(said.controls.map(({ label }) => label)).toEqual(['Delete']);
    await settle(house());
  });

  it('in the language of whoever asked', async () => {
    const { stopWorker } = house();
    await stopWorker();
    const { eve, plaza } = await abroad('zh-TW');
    const picture = { name: 'boats.png', bytes: await photo() };
    const asked = await eve.slash(plaza, 'stylize', { style: 'starry-night', picture });
    const said = await asked.answer(({ content }) => content.includes('期限'));
    expect(said.controls.map(({ label }) => label)).toEqual(['刪除']);
  });

  it('also where the bot was started anew meanwhile', async () => {
    const { stopWorker, stopBot, startBot } = house();
    await stopWorker();
    const { eve, plaza } = await abroad();
    const asked = await ask(eve, plaza);
    await stopBot();
    await startBot();
    await asked.answer(({ content }) => content.includes('ask again'));
  });

  it('also where the bot may no longer post', async () => {
    const { ada, general, stopWorker } = house();
    await stopWorker();
    const asked = await ask(ada, general);
    general.botMayNot(['SendMessages']);
    await asked.answer(({ content }) => content.includes('ask again'));
  });
});

it('an answer that the bot may post by itself can be late', async () => {
  const { ada, general, peer, stopWorker, startWorker } = house();
  await stopWorker();
  const asked = await ask(ada, general);
  await new Promise((wake) => setTimeout(wake, 3_200));
  expect(peer.messages(general).filter(({ content }) => content.includes('In line'))).toHaveLength(1);
  startWorker();
  await settle(house());
  expect(asked.visible().filter(({ files }) => files.length === 1)).toHaveLength(1);
});
