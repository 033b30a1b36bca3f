import { describe, expect, it } from 'vitest';
import type { Fault } from '../../bots/slack/peer/faults.ts';
import type { Said } from '../../bots/slack/peer/person.ts';
import { forAll } from '../../bots/slack/reading.ts';
import { eventually } from '../../queue/support.ts';
import { LIMIT_MS } from '../bots.ts';
import { boats, largePhoto } from '../pictures.ts';
import { answerOf, ask, expectOne, type SlackProgram, saying, useSlackProgram } from './house.ts';

/* Each ends in exactly one answer, counted by the peer. */

/** Slack brings what nobody took again, and a bot takes a few seconds to come back. */
const clocks = { retryDelaysMs: [1_000, 6_000, 20_000] };

/** Something asked that waits in line until `goOn`. */
async function waiting(program: SlackProgram, photo: Buffer): Promise<Said> {
  program.bots.hold();
  const asked = await ask(program, photo);
  await saying(program, asked, /^In line/);
  return asked;
}

/** Something asked that is being painted, and takes long. */
async function running(program: SlackProgram, photo: Buffer): Promise<Said> {
  const asked = await ask(program, photo);
  await saying(program, asked, /^Painting/);
  return asked;
}

describe('over a socket', () => {
  const program = useSlackProgram('socket', { peer: { clocks } });

  const faults: readonly (readonly [string, Fault])[] = [
    ['chat.postMessage', { status: 500 }],
    ['chat.postMessage', { retryAfter: 1 }],
    ['chat.postMessage', { lost: true }],
    ['files.download', { status: 500 }],
    ['files.upload', { lost: true }],
    ['files.completeUploadExternal', { lost: true }],
    ['chat.update', { retryAfter: 1 }],
    ['chat.update', { lost: true }],
    ['chat.update', { status: 500 }],
  ];
  it.each(faults)('%s meets %o', async (method, fault) => {
    const photo = await boats(faults.findIndex(([name, own]) => name === method && own === fault));
    program().peer.fault.times(method, 2, fault);
    await expectOne(program(), await ask(program(), photo), photo);
  });

  it('Slack tells of everything twice', async () => {
    const { peer } = program();
    const photo = await boats(10);
    const asked = await ask(program(), photo);
    const [delivery] = await asked.delivered;
    if (delivery === undefined) throw new Error('no event');
    await peer.redeliver(delivery);
    await expectOne(program(), asked, photo);
    await peer.redeliver(delivery);
    await expectOne(program(), asked, photo);
  });

  it('the socket is dropped, and what was missed comes again', async () => {
    const { peer } = program();
    const photo = await boats(11);
    peer.dropSocket();
    await expectOne(program(), await ask(program(), photo), photo);
  });
});

describe.each(['socket', 'http'] as const)('over %s, a power cut ends', (mode) => {
  const program = useSlackProgram(mode, { peer: { clocks } });

  it('the bot, just after it was asked', async () => {
    const { bots } = program();
    const photo = await boats(20);
    const asked = await ask(program(), photo);
    await asked.delivered;
    await bots.killBot();
    await bots.startBot();
    await expectOne(program(), asked, photo);
  });

  it('the bot, between a command’s acknowledgement and its submission', async () => {
    const { ada, bots, channel, peer } = program();
    const photo = await boats(25);
    await ada.post(channel, '', { files: [{ name: 'boats.png', bytes: photo }] });
    // Nobody knows yet in which language to answer.
    peer.fault.always('users.info', { delayMs: 5_000 });
    const asked = await ada.slash(channel, '/stylize', 'starry-night');
    expect(asked.error).toBeUndefined();
    await bots.killBot();
    expect(peer.answers(asked)).toEqual([]);
    peer.fault.clear();
    await bots.startBot();
    await expectOne(program(), asked, photo);
  });

  it('the bot and the worker, while the picture waits', async () => {
    const { bots } = program();
    const photo = await boats(21);
    const asked = await waiting(program(), photo);
    await Promise.all([bots.killBot(), bots.killWorker()]);
    await Promise.all([bots.startBot(), bots.startWorker()]);
    await expectOne(program(), asked, photo);
  });

  it('the bot, while the picture is painted', async () => {
    const { bots } = program();
    const photo = await largePhoto();
    const asked = await running(program(), photo);
    await bots.killBot();
    await bots.startBot();
    await expectOne(program(), asked, photo);
  });

  it.each(['files.completeUploadExternal', 'chat.update'])(
    'the bot, while the picture is delivered: at %s',
    async (method) => {
      const { bots, peer } = program();
      const photo = await boats(method.length);
      const asked = await waiting(program(), photo);
      peer.fault.once(method, { delayMs: 3_000 });
      const before = peer.calls(method).length;
      bots.goOn();
      await eventually(() => peer.calls(method).length > before, LIMIT_MS);
      await bots.killBot();
      await bots.startBot();
      await expectOne(program(), asked, photo);
    },
  );

  it('the bot, while its placeholder is posted', async () => {
    const { bots, peer } = program();
    const photo = await boats(22);
    peer.fault.once('chat.postMessage', { delayMs: 2_000 });
    const before = peer.calls('chat.postMessage').length;
    const asked = await ask(program(), photo);
    await eventually(() => peer.calls('chat.postMessage').length > before, LIMIT_MS);
    await bots.killBot();
    await bots.startBot();
    await expectOne(program(), asked, photo);
  });

  it('the worker, while it paints', async () => {
    const { bots } = program();
    const photo = await largePhoto(1_900);
    const asked = await running(program(), photo);
    await bots.killWorker();
    await bots.startWorker();
    await expectOne(program(), asked, photo);
  });

  it('Redis for ten seconds, while a picture is painted and another waits', async () => {
    const { bob, bots } = program();
    const [first, second] = [await largePhoto(1_800), await boats(23)];
    const painted = await running(program(), first);
    const line = await ask(program(), second, 'starry-night', bob);
    await saying(program(), line, /^In line/);
    const lost = bots.loseRedis(10_000);
    const meanwhile = await ask(program(), await boats(24));
    await lost;
    await expectOne(program(), painted, first);
    await expectOne(program(), line, second);
    await meanwhile.delivered;
    const all = [
      ...forAll(program().peer, meanwhile),
      ...program().peer.ephemerals(program().channel, program().ada),
    ];
    expect(all.length).toBeGreaterThan(0);
    if (forAll(program().peer, meanwhile).length > 0) await answerOf(program(), meanwhile);
  });
});
