import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import type { Asked, Posted } from './peer/asked.ts';
import { photo } from './pictures.ts';
import { answersTo, painted, settle } from './reading.ts';
import { type DiscordHouse, useDiscord } from './support.ts';

const ORIGINAL = 'PATCH /webhooks/:app/:token/messages/@original';
const CALLBACK = 'POST /interactions/:id/:token/callback';
const POST = 'POST /channels/*/messages';

const house = useDiscord();

async function ask({ ada, general }: DiscordHouse, red = 200): Promise<Asked> {
  const picture = { name: 'boats.png', bytes: await photo(red) };
  return ada.slash(general, 'stylize', { style: 'starry-night', picture });
}

/** The one answer to a question, with its painting; more than one fails the test. */
async function oneAnswer(asked: Asked): Promise<Posted> {
  const done = await eventually(() => asked.visible().find(({ files }) => files.length === 1), 20_000);
  await settle(house());
  expect(asked.visible().filter(({ ephemeral }) => !ephemeral)).toHaveLength(1);
  return done;
}

describe('one answer stands', () => {
  it('though Discord fails again and again while the picture is delivered', async () => {
    const { peer } = house();
    peer.fault.times(5, ORIGINAL, { status: 500 });
    await oneAnswer(await ask(house()));
  });

  it('though Discord asks us to slow down', async () => {
    const { peer, stopWorker, startWorker } = house();
    await stopWorker();
    const asked = await ask(house());
    await asked.acknowledged();
    peer.fault.once(ORIGINAL, { retryAfter: 0.5 });
    startWorker();
    await oneAnswer(asked);
  });

  it('though the answer to an upload is lost: the same file is there once, and not empty', async () => {
    const { peer } = house();
    peer.fault.times(3, ORIGINAL, { broken: 'afterwards' });
    const done = await oneAnswer(await ask(house()));
    expect(peer.bytesOf(done.files[0]).length).toBeGreaterThan(0);
  });

  it('though the answer to a posted placeholder is lost', async () => {
    const { ada, general, peer } = house();
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes: await photo() }] });
    peer.fault.once(POST, { broken: 'afterwards' });
    ada.react(post, '🌌');
    await painted(peer, general);
    await settle(house());
    expect(answersTo(peer, general)).toHaveLength(1);
  });

  it('though a message with an emoji cannot be looked at just then', async () => {
    const { ada, general, peer } = house();
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes: await photo() }] });
    peer.fault.times(4, 'GET /channels/*/messages/*', { status: 503 });
    ada.react(post, '🌌');
    await painted(peer, general);
    await settle(house());
    expect(answersTo(peer, general)).toHaveLength(1);
  });

  it('though the event comes twice', async () => {
    const { peer } = house();
    const asked = await ask(house());
    peer.redeliver('INTERACTION_CREATE');
    await oneAnswer(asked);
  });

  it('though the gateway drops, and the event comes with RESUME', async () => {
    const { ada, general, peer } = house();
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes: await photo() }] });
    await peer.dropGateway(async () => ada.react(post, '🌌'));
    await painted(peer, general);
    expect(peer.gateway.resumed).toBe(1);
    await oneAnswer(await ask(house()));
  });

  it('though the session is over', async () => {
    const { peer } = house();
    peer.invalidateSession();
    await eventually(() => peer.gateway.identified === 2, 15_000);
    await oneAnswer(await ask(house()));
  });

  it('though the placeholder was removed meanwhile', async () => {
    const { ada, mia, general, peer, stopWorker, startWorker } = house();
    const post = await ada.post(general, { files: [{ name: 'boats.png', bytes: await photo() }] });
    await stopWorker();
    ada.react(post, '🌌');
    const placeholder = await eventually(() => answersTo(peer, general)[0]);
    mia.remove(placeholder);
    startWorker();
    expect((await painted(peer, general)).replyTo).toBe(post.id);
    expect(answersTo(peer, general)).toHaveLength(1);
  });
});

describe('a token that is over', () => {
  it('leads to a message of the bot’s own, once, in the placeholder’s place', async () => {
    const { general, peer, stopWorker, startWorker } = house();
    await stopWorker();
    const asked = await ask(house());
    await asked.answer(({ content }) => content.includes('In line'));
    peer.expireInteraction(asked);
    startWorker();
    const done = await painted(peer, general);
    await settle(house());
    expect(answersTo(peer, general).map(({ id }) => id)).toEqual([done.id]);
    const posts = peer.requests.filter(
      ({ method, path }) => method === 'POST' && path === `/channels/${general.id}/messages`,
    );
    expect(posts.map(({ body }) => body)).toMatchObject([{ enforce_nonce: true }]);
  });

  it('posts no second message where the answer to the first was lost', async () => {
    const { general, peer, stopWorker, startWorker } = house();
    await stopWorker();
    const asked = await ask(house());
    await asked.answer(({ content }) => content.includes('In line'));
    peer.expireInteraction(asked);
    peer.fault.times(5, POST, { broken: 'afterwards' });
    startWorker();
    await painted(peer, general);
    await settle(house());
    expect(answersTo(peer, general)).toHaveLength(1);
  });
});

describe('an acknowledgement that comes too late', () => {
  it('cancels the request quietly, so that the next one is answered', async () => {
    const { general, peer, stopWorker, startWorker } = house();
    await stopWorker();
    peer.fault.once(CALLBACK, { status: 404, body: { message: 'Unknown interaction', code: 10062 } });
    const late = await ask(house());
    await eventually(() => peer.requests.some(({ status }) => status === 404));
    const again = await ask(house());
    startWorker();
    await oneAnswer(again);
    expect(late.answers()).toEqual([]);
    expect(answersTo(peer, general)).toHaveLength(1);
  });
});

describe('progress', () => {
  it('is dropped where Discord asks us to slow down', async () => {
    const { peer, stopWorker, startWorker } = house();
    await stopWorker();
    peer.fault.once(ORIGINAL, { retryAfter: 0.3 });
    const asked = await ask(house());
    await asked.acknowledged();
    await eventually(() => peer.requests.some(({ status }) => status === 429));
    startWorker();
    await oneAnswer(asked);
  });

  it('never comes after the picture', async () => {
    const done = await oneAnswer(await ask(house()));
    expect(done.editions.at(-1)?.attachments).toHaveLength(1);
    const first = done.editions.findIndex(({ attachments }) => attachments.length > 0);
    expect(done.editions.slice(first).every(({ attachments }) => attachments.length === 1)).toBe(true);
  });
});

describe('a restart of the bot', () => {
  it('while a picture waits loses nothing', async () => {
    const { stopBot, startBot, stopWorker, startWorker } = house();
    await stopWorker();
    const asked = await ask(house());
    await asked.answer(({ content }) => content.includes('In line'));
    await stopBot();
    await startBot();
    startWorker();
    await oneAnswer(asked);
  });

  it('while its picture is being made loses nothing', async () => {
    const { stopBot, startBot, stopWorker, startWorker } = house();
    await stopWorker();
    const asked = await ask(house());
    await asked.answer(({ content }) => content.includes('In line'));
    await stopBot();
    startWorker();
    await new Promise((wake) => setTimeout(wake, 300));
    await startBot();
    await oneAnswer(asked);
  });

  it('with two processes at once still makes one answer', async () => {
    const { startBot } = house();
    await startBot();
    await oneAnswer(await ask(house()));
  });
});

describe('Redis away', () => {
  it('while a picture waits loses nothing', async () => {
    const { redis, stopWorker, startWorker } = house();
    await stopWorker();
    const asked = await ask(house());
    await asked.answer(({ content }) => content.includes('In line'));
    process.kill(redis().pid, 'SIGSTOP');
    await new Promise((wake) => setTimeout(wake, 2_000));
    process.kill(redis().pid, 'SIGCONT');
    startWorker();
    await oneAnswer(asked);
  });

  it('while somebody asks is said in a sentence, or made good', async () => {
    const { redis } = house();
    process.kill(redis().pid, 'SIGSTOP');
    const asked = await ask(house());
    await asked.acknowledged();
    await new Promise((wake) => setTimeout(wake, 6_000));
    process.kill(redis().pid, 'SIGCONT');
    const said = await eventually(
      () => asked.answers().find(({ loading, content }) => !loading && !content.includes('In line')),
      20_000,
    );
    expect(said.content).not.toBe('');
    await settle(house());
    expect(asked.visible()).toHaveLength(1);
  }, 60_000);
});
