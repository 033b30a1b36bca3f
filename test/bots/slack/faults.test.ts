import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import type { Said } from './peer/person.ts';
import { type SlackHouse, useSlackHouses } from './support.ts';

const open = useSlackHouses();

async function ask({ peer }: SlackHouse, style = 'starry-night'): Promise<Said> {
  const channel = await peer.channel();
  const ada = await peer.user();
  return ada.mention(channel, `stylize ${style}`, { files: [{ name: 'cat.jpg', bytes: await photo() }] });
}

/** The one answer there is, with its picture. */
async function expectOnePicture(house: SlackHouse, asked: Said): Promise<void> {
  const answered = await house.answer(asked);
  expect(house.peer.picturesOf(answered)).toHaveLength(1);
  expect(house.peer.answers(asked)).toHaveLength(1);
  house.peer.check();
}

describe('whatever Slack does, there is one answer', () => {
  it.each([
    ['users.info', { status: 500 }],
    ['chat.postMessage', { status: 503 }],
    ['chat.postMessage', { error: 'internal_error' }],
    ['chat.postMessage', { retryAfter: 1 }],
    ['chat.postMessage', { lost: true }],
    ['files.info', { retryAfter: 1 }],
    ['files.download', { status: 500 }],
    ['files.download', { lost: true }],
    ['files.getUploadURLExternal', { retryAfter: 1 }],
    ['files.getUploadURLExternal', { lost: true }],
    ['files.upload', { status: 500 }],
    ['files.upload', { lost: true }],
    ['files.completeUploadExternal', { status: 500 }],
    ['files.completeUploadExternal', { lost: true }],
    ['chat.update', { retryAfter: 1 }],
    ['chat.update', { error: 'fatal_error' }],
    ['chat.update', { lost: true }],
  ] as const)('%s meets %o', async (method, fault) => {
    const house = await open();
    house.peer.fault.once(method, fault);
    await expectOnePicture(house, await ask(house));
  });

  it('its file becomes ready late', async () => {
    const house = await open({ clocks: { fileReadyMs: 3_000 } });
    await expectOnePicture(house, await ask(house));
  });

  it('429 is waited out, not hammered', async () => {
    const house = await open();
    house.peer.fault.times('chat.postMessage', 1, { retryAfter: 2 });
    await expectOnePicture(house, await ask(house));
    const [first, second] = house.peer.calls('chat.postMessage');
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1_900);
  });

  it('progress that meets 429 is given up until Slack wants to hear of the message again', async () => {
    const house = await open({ idle: true });
    const { peer } = house;
    const asked = [await ask(house), await ask(house, 'great-wave')];
    await eventually(() =>
      asked.every((each) => peer.answers(each).some(({ text }) => text.startsWith('In line, '))),
    );
    const before = peer.calls('chat.update').length;
    peer.fault.once('chat.update', { retryAfter: 2 });
    house.startWorker();
    for (const each of asked) await expectOnePicture(house, each);
    const [refused, ...others] = peer.calls('chat.update').slice(before);
    expect(refused?.status).toBe(429);
    for (const { at } of others) expect(at - (refused?.at ?? 0)).toBeGreaterThanOrEqual(1_900);
  });

  it.each(['socket', 'http'] as const)('the same event comes again, over %s', async (mode) => {
    const house = await open({ mode });
    const asked = await ask(house);
    const [delivery] = await asked.delivered;
    if (delivery === undefined) throw new Error('no event');
    await house.peer.redeliver(delivery);
    await house.answer(asked);
    await house.peer.redeliver(delivery);
    await expectOnePicture(house, asked);
    expect(house.made()).toBe(1);
  });

  it('the socket is dropped, and what was missed comes again', async () => {
    // The library connects again after five seconds.
    const house = await open({ clocks: { retryDelaysMs: [1_000, 8_000] } });
    house.peer.dropSocket();
    await expectOnePicture(house, await ask(house));
  }, 90_000);

  it('the bot is started anew as soon as its message stands', async () => {
    const house = await open();
    const asked = await ask(house);
    await eventually(() => house.peer.answers(asked).length === 1);
    await house.stopBot();
    await house.startBot();
    await expectOnePicture(house, asked);
    expect(house.made()).toBe(1);
  });

  it('the picture is made while the bot is away', async () => {
    const house = await open({ idle: true });
    const asked = await ask(house);
    await eventually(() => house.peer.answers(asked).find(({ text }) => text.startsWith('In line')));
    await house.stopBot();
    house.startWorker();
    await eventually(() => house.made() === 1);
    await house.startBot();
    await expectOnePicture(house, asked);
  });

  it('the worker comes later than the picture', async () => {
    const house = await open({ idle: true });
    const asked = await ask(house);
    await eventually(() => house.peer.answers(asked).length === 1);
    house.startWorker();
    await house.stopWorker();
    house.startWorker();
    await expectOnePicture(house, asked);
  });

  it('the placeholder was posted by a process that could not say so', async () => {
    const house = await open({ idle: true });
    house.peer.fault.once('chat.postMessage', { lost: true });
    const asked = await ask(house);
    await eventually(() => house.peer.answers(asked).length === 1);
    house.startWorker();
    await expectOnePicture(house, asked);
    expect(house.peer.calls('chat.postMessage')).toHaveLength(1);
  });

  it('the same, and much was said in the channel since', async () => {
    const house = await open({ idle: true });
    const { peer } = house;
    const channel = await peer.channel();
    const ada = await peer.user({ avatar: await photo() });
    peer.fault.always('conversations.history', { status: 500 });
    peer.fault.once('chat.postMessage', { lost: true });
    await ada.slash(channel, '/stylize', `starry-night <@${ada.id}>`);
    await eventually(() => peer.messages(channel).length === 1);
    for (let said = 0; said < 210; said++) await ada.post(channel, `${said}`);
    peer.fault.clear();
    house.startWorker();
    const [placed] = peer.messages(channel);
    if (placed === undefined) throw new Error('no placeholder');
    await eventually(() => peer.picturesOf(peer.now(placed)).length === 1);
    expect(peer.calls('chat.postMessage')).toHaveLength(1);
    peer.check();
  });

  it('the placeholder was taken away meanwhile: it is posted anew', async () => {
    const house = await open({ idle: true });
    const asked = await ask(house);
    const placed = await eventually(() => house.peer.answers(asked)[0]);
    const { settings } = house.peer;
    await fetch(new URL('chat.delete', settings.slackApiUrl), {
      method: 'POST',
      headers: { authorization: `Bearer ${settings.botToken}` },
      body: new URLSearchParams({ channel: placed.channel, ts: placed.ts }),
    });
    await eventually(() => house.peer.now(placed).deletedAt !== undefined);
    house.startWorker();
    await expectOnePicture(house, asked);
  });
});

it('forty commands at once, and no worker: each is acknowledged in time, and answered once', async () => {
  const house = await open({ mode: 'http', idle: true });
  const { peer } = house;
  const channel = await peer.channel();
  const people = await Promise.all(Array.from({ length: 40 }, () => peer.user()));
  for (const person of people) await person.post(channel, 'hello');
  const [ada] = people;
  await ada?.post(channel, '', { files: [{ name: 'cat.jpg', bytes: await photo() }] });
  const asked = await Promise.all(people.map((person) => person.slash(channel, '/stylize', 'starry-night')));
  expect(asked.filter(({ error }) => error !== undefined)).toEqual([]);
  house.startWorker();
  const answers = () =>
    peer.messages(channel).filter((message) => message.byBot && peer.picturesOf(message).length === 1);
  await eventually(() => answers().length === 40, 50_000);
  expect(peer.messages(channel).filter(({ byBot }) => byBot)).toHaveLength(40);
  expect(house.made()).toBe(1);
  peer.check();
});

describe('what can’t be done is said', () => {
  it('a page instead of the file', async () => {
    const house = await open();
    house.peer.fault.always('files.download', { html: true });
    const answered = await house.answer(await ask(house));
    expect(answered.text).toContain('files:read');
    expect(answered.text).toMatch(/incident/);
    house.peer.check();
  });

  it('a channel that the bot is not in: invite me', async () => {
    const house = await open();
    const channel = await house.peer.channel({ withBot: false });
    const ada = await house.peer.user();
    const asked = await ada.slash(channel, '/stylize', `starry-night <@${ada.id}>`);
    expect((await house.hint(asked)).text).toContain('Invite me');
    expect(house.peer.messages(channel).filter(({ byBot }) => byBot)).toEqual([]);
    house.peer.check();
  });

  it('a trigger that has expired before the modal could open', async () => {
    const house = await open({ clocks: { triggerMs: 1 } });
    const channel = await house.peer.channel();
    const ada = await house.peer.user();
    const asked = await ada.slash(channel, '/stylize', 'starry-night');
    expect((await house.hint(asked)).text).toContain('once more');
    house.peer.check();
  });

  it('a command that Slack answers slowly is acknowledged at once all the same', async () => {
    const house = await open({ mode: 'http' });
    for (const method of ['users.info', 'conversations.history', 'chat.postMessage']) {
      house.peer.fault.once(method, { delayMs: 3_500 });
    }
    const channel = await house.peer.channel();
    const ada = await house.peer.user();
    await ada.post(channel, '', { files: [{ name: 'cat.jpg', bytes: await photo() }] });
    const asked = await ada.slash(channel, '/stylize', 'starry-night');
    expect(asked.error).toBeUndefined();
    expect(house.peer.picturesOf(await house.answer(asked))).toHaveLength(1);
    house.peer.check();
  });

  it('is an error of the token: the log hears of it, and nothing leaks', async () => {
    const house = await open({ idle: true });
    const asked = await ask(house);
    await eventually(() => house.peer.answers(asked).length === 1);
    house.peer.fault.always('chat.update', { error: 'account_inactive' });
    house.startWorker();
    await eventually(async () => (await house.leftBehind()).includes('An answer has lost its place'));
    expect(await house.leftBehind()).not.toContain(house.peer.settings.botToken);
    house.peer.check();
  });
});

describe('what is said for an event is said once', () => {
  it.each(['socket', 'http'] as const)('however often Slack brings it, over %s', async (mode) => {
    const { peer, hint } = await open({ mode });
    const channel = await peer.channel();
    const ada = await peer.user();
    const asked = await ada.mention(channel, 'stylize no-such-style');
    const [delivery] = await asked.delivered;
    if (delivery === undefined) throw new Error('no event');
    await hint(asked);
    await Promise.all([peer.redeliver(delivery), peer.redeliver(delivery)]);
    await peer.redeliver(delivery);
    await peer.idle();
    expect(peer.ephemerals(channel, ada)).toHaveLength(1);
    expect(peer.calls('chat.postEphemeral')).toHaveLength(1);
    const again = await ada.mention(channel, 'stylize no-such-style');
    await again.delivered;
    await eventually(() => peer.ephemerals(channel, ada).length === 2);
    peer.check();
  });

  it('also when it could not be said at first', async () => {
    const { peer, hint, leftBehind } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    peer.fault.once('chat.postEphemeral', { status: 500 });
    const asked = await ada.mention(channel, 'stylize no-such-style');
    const [delivery] = await asked.delivered;
    if (delivery === undefined) throw new Error('no event');
    await eventually(async () => (await leftBehind()).includes('A hint could not be said'));
    await peer.redeliver(delivery);
    await hint(asked);
    expect(peer.ephemerals(channel, ada)).toHaveLength(1);
    peer.check();
  });
});
