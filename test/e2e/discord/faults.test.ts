import { describe, expect, it } from 'vitest';
import type { Asked } from '../../bots/discord/peer/asked.ts';
import type { Fault } from '../../bots/discord/peer/faults.ts';
import { answersTo, painted, settle } from '../../bots/discord/reading.ts';
import { eventually } from '../../queue/support.ts';
import { LIMIT_MS } from '../bots.ts';
import { boats, expectPainting, largePhoto } from '../pictures.ts';
import { answerOf, ask, oneAnswer, useDiscordProgram } from './house.ts';

/* Each ends in exactly one answer, counted by the peer. */

const ORIGINAL = 'PATCH /webhooks/:app/:token/messages/@original';
const POST = 'POST /channels/*/messages';

const program = useDiscordProgram();

/** The one answer, painted. */
async function expectOne(asked: Asked, photo: Buffer): Promise<void> {
  const done = await oneAnswer(program(), asked);
  await expectPainting(program().peer.bytesOf(done.files[0]), photo);
}

/** Something asked that waits in line until `goOn`. */
async function waiting(photo: Buffer): Promise<Asked> {
  program().bots.hold();
  const asked = await ask(program(), photo);
  await answerOf(asked, ({ content }) => content.includes('In line'));
  return asked;
}

/** Something asked that is being painted, and takes long. */
async function running(photo: Buffer): Promise<Asked> {
  const asked = await ask(program(), photo);
  await answerOf(asked, ({ content }) => content.startsWith('Painting'));
  return asked;
}

describe('Discord', () => {
  const faults: readonly (readonly [string, number, Fault])[] = [
    ['fails again and again', 5, { status: 500 }],
    ['asks to slow down', 1, { retryAfter: 1 }],
    ['takes the picture, and its answer is lost', 3, { broken: 'afterwards' }],
    ['breaks off', 2, { broken: 'before', how: 'closed' }],
  ];
  it.each(faults)('%s while the picture is delivered', async (_, times, fault) => {
    const photo = await boats(times);
    const asked = await waiting(photo);
    program().peer.fault.times(times, ORIGINAL, fault);
    program().bots.goOn();
    await expectOne(asked, photo);
  });

  it.each(faults)('%s while the placeholder of an emoji’s answer is posted', async (_, times, fault) => {
    const { ada, general, peer } = program();
    const bytes = await boats(10 + times);
    const post = await ada.post(general, { files: [{ name: 'a.png', bytes }] });
    peer.fault.times(times, POST, fault);
    ada.react(post, '🌌');
    await expectPainting(peer.bytesOf((await painted(peer, general, LIMIT_MS)).files[0]), bytes);
    await settle(program());
    expect(answersTo(peer, general)).toHaveLength(1);
  });

  it('tells of everything twice', async () => {
    const { ada, general, peer } = program();
    const bytes = await boats(20);
    const asked = await ask(program(), bytes);
    peer.redeliver('INTERACTION_CREATE');
    await expectOne(asked, bytes);
    const post = await ada.post(general, { files: [{ name: 'a.png', bytes: await boats(21) }] });
    ada.react(post, '🌌');
    peer.redeliver('MESSAGE_REACTION_ADD');
    await eventually(() => answersTo(peer, general, post).find(({ files }) => files.length > 0), LIMIT_MS);
    peer.redeliver('MESSAGE_REACTION_ADD');
    await settle(program());
    expect(answersTo(peer, general, post)).toHaveLength(1);
  });

  it('drops the gateway, resumed or not, and what happened meanwhile is answered', async () => {
    const { ada, general, peer } = program();
    const bytes = await boats(22);
    const post = await ada.post(general, { files: [{ name: 'a.png', bytes }] });
    await peer.dropGateway(async () => ada.react(post, '🌌'));
    await painted(peer, general, LIMIT_MS);
    await settle(program());
    expect(answersTo(peer, general)).toHaveLength(1);
    const before = peer.gateway.identified;
    peer.invalidateSession();
    await eventually(() => peer.gateway.identified > before, LIMIT_MS);
    const photo = await boats(23);
    await expectOne(await ask(program(), photo), photo);
  });

  it('takes the token no more: the answer is a message of the bot’s own, with a nonce', async () => {
    const { bots, general, peer } = program();
    const photo = await boats(24);
    const asked = await waiting(photo);
    peer.expireInteraction(asked);
    peer.fault.times(2, POST, { broken: 'afterwards' });
    bots.goOn();
    const done = await painted(peer, general, LIMIT_MS);
    await expectPainting(peer.bytesOf(done.files[0]), photo);
    await settle(program());
    expect(answersTo(peer, general).map(({ id }) => id)).toEqual([done.id]);
    const posts = peer.requests.filter(({ path }) => path === `/channels/${general.id}/messages`);
    const [first] = posts.filter(({ method }) => method === 'POST');
    expect(first?.body).toMatchObject({ enforce_nonce: true });
  });
});

describe('a power cut ends the bot', () => {
  it('just after it acknowledged', async () => {
    const { bots } = program();
    const photo = await boats(30);
    const asked = await ask(program(), photo);
    await asked.acknowledged();
    await bots.killBot();
    await bots.startBot();
    await expectOne(asked, photo);
  });

  it('while the picture waits, and the worker too', async () => {
    const { bots } = program();
    const photo = await boats(31);
    const asked = await waiting(photo);
    await Promise.all([bots.killBot(), bots.killWorker()]);
    await Promise.all([bots.startBot(), bots.startWorker()]);
    await expectOne(asked, photo);
  });

  it('while the picture is painted', async () => {
    const { bots } = program();
    const photo = await largePhoto();
    const asked = await running(photo);
    await bots.killBot();
    await bots.startBot();
    await expectOne(asked, photo);
  });

  it('while the picture is delivered', async () => {
    const { bots, peer } = program();
    const photo = await boats(32);
    const asked = await waiting(photo);
    peer.fault.once(ORIGINAL, { delayMs: 3_000 });
    const before = peer.requests.length;
    bots.goOn();
    await eventually(() => peer.requests.slice(before).some(({ method }) => method === 'PATCH'), LIMIT_MS);
    await bots.killBot();
    await bots.startBot();
    await expectOne(asked, photo);
  });

  it('while an emoji’s placeholder is posted', async () => {
    const { ada, bots, general, peer } = program();
    const bytes = await boats(33);
    const post = await ada.post(general, { files: [{ name: 'a.png', bytes }] });
    bots.hold();
    ada.react(post, '🌌');
    await eventually(() => answersTo(peer, general, post).length > 0, LIMIT_MS);
    await bots.killBot();
    await bots.startBot();
    bots.goOn();
    await painted(peer, general, LIMIT_MS);
    await settle(program());
    expect(answersTo(peer, general, post)).toHaveLength(1);
  });
});

describe('a power cut ends the worker', () => {
  it('while it paints', async () => {
    const { bots } = program();
    const photo = await largePhoto(1_900);
    const asked = await running(photo);
    await bots.killWorker();
    await bots.startWorker();
    await expectOne(asked, photo);
  });
});

describe('Redis is gone for ten seconds', () => {
  it('while a picture waits', async () => {
    const { bots } = program();
    const photo = await boats(40);
    const asked = await waiting(photo);
    await bots.loseRedis(10_000);
    bots.goOn();
    await expectOne(asked, photo);
  });

  it('while one is painted, and somebody asks meanwhile', async () => {
    const { bob, bots } = program();
    const photo = await largePhoto(1_800);
    const asked = await running(photo);
    const lost = bots.loseRedis(10_000);
    const meanwhile = await ask(program(), await boats(41), 'starry-night', bob);
    await meanwhile.acknowledged();
    await lost;
    await expectOne(asked, photo);
    await answerOf(meanwhile, ({ loading, content }) => !loading && !content.includes('In line'));
    await settle(program());
    expect(meanwhile.answers()).toHaveLength(1);
  });
});
