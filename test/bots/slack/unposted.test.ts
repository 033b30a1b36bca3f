import { expect, it } from 'vitest';
import { eventually, statesIn } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import { useSlackHouses } from './support.ts';

const open = useSlackHouses();

it.each([
  ['is_archived', 'unposted'],
  ['channel_not_found', 'unposted'],
  ['invalid_blocks', 'failed'],
  ['no_permission', 'failed'],
])('an answer that Slack refuses for good (%s) does not count as answered: %s', async (error, state) => {
  const house = await open({ idle: true });
  const { peer, redis } = house;
  const channel = await peer.channel();
  const ada = await peer.user();
  const asked = await ada.mention(channel, 'stylize starry-night', {
    files: [{ name: 'cat.jpg', bytes: await photo() }],
  });
  await eventually(() => peer.answers(asked).length === 1);
  peer.fault.always('chat.update', { error });
  house.startWorker();
  await eventually(async () => (await statesIn(redis))[0] === state);
  peer.fault.clear();
  expect(peer.answers(asked).flatMap((message) => peer.picturesOf(message))).toEqual([]);
});
