import { expect, it } from 'vitest';
import { eventually, statesIn } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import { SECRET } from './in-process.ts';
import type { Said } from './peer/person.ts';
import { type SlackHouse, useSlackHouses } from './support.ts';

const NEW = 'another secret of enough bytes';
const open = useSlackHouses();

async function ask({ peer }: SlackHouse, times: number): Promise<readonly Said[]> {
  const channel = await peer.channel();
  const people = await Promise.all(Array.from({ length: times }, () => peer.user()));
  const files = [{ name: 'cat.jpg', bytes: await photo() }];
  return await Promise.all(people.map((ada) => ada.mention(channel, 'stylize starry-night', { files })));
}

async function expectAnswers(house: SlackHouse, all: readonly Said[]): Promise<void> {
  for (const asked of all) {
    expect(house.peer.picturesOf(await house.answer(asked))).toHaveLength(1);
    expect(house.peer.answers(asked)).toHaveLength(1);
  }
  await eventually(async () => (await statesIn(house.redis)).every((state) => state === 'answered'));
  house.peer.check();
}

it.each([
  ['the new one is made known', [SECRET], [SECRET, NEW]],
  ['the two change places', [SECRET, NEW], [NEW, SECRET]],
  ['the old one is dropped', [NEW, SECRET], [NEW]],
] as const)('two bots that serve at once read what either seals, while %s', async (_step, before, after) => {
  const house = await open({ idle: true, secrets: before });
  await house.startBot({ secrets: after });
  const asked = await ask(house, 6);
  await eventually(() => asked.every((each) => house.peer.answers(each).length === 1));
  house.startWorker();
  await expectAnswers(house, asked);
  const told = house.redis.log.lines.filter(({ level }) => level !== 'info');
  expect(told.filter(({ message }) => /read|tried again/.test(message))).toEqual([]);
});

it('a bot that lacks the secret of another leaves its answers to that one', async () => {
  const house = await open({ idle: true });
  await house.startBot({ secrets: [NEW, SECRET] });
  const asked = await ask(house, 6);
  await eventually(() => asked.every((each) => house.peer.answers(each).length > 0));
  house.startWorker();
  await expectAnswers(house, asked);
});

it('installations of which nothing is heard are sealed anew by a bot that starts', async () => {
  const house = await open({ mode: 'http', many: true });
  const { peer, installUrl, redis } = house;
  await peer.install(peer.team(), installUrl());
  await house.stopBot();
  await house.startBot({ secrets: [NEW, SECRET] });
  await eventually(() =>
    redis.log.lines.some(({ message }) => message.startsWith('Installations were sealed anew')),
  );
  await house.stopBot();
  await house.startBot({ secrets: [NEW] });
  await expectAnswers(house, await ask(house, 1));
});
