import { expect, it } from 'vitest';
import { findings, watchCommands } from '../../secrecy.ts';
import { photo } from '../playground/support.ts';
import { SECRET } from './in-process.ts';
import { useSlackHouses } from './support.ts';

const open = useSlackHouses();

it('/impasto forget deletes a person’s pictures now, and nobody else’s equal ones', async () => {
  const { peer, answer, hint, leftBehind } = await open();
  const channel = await peer.channel();
  const [ada, bob] = [await peer.user(), await peer.user()];
  const own = await photo(10);
  const shared = await photo(200);
  await answer(
    await ada.mention(channel, 'stylize starry-night', { files: [{ name: 'a.jpg', bytes: own }] }),
  );
  for (const person of [ada, bob]) {
    const files = [{ name: 'b.jpg', bytes: shared }];
    await answer(await person.mention(channel, 'stylize starry-night', { files }));
  }
  const hash = async (bytes: Buffer) =>
    Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))).toString('hex');
  expect(await leftBehind()).toContain(`artefact:${await hash(own)}`);
  const said = await hint(await ada.slash(channel, '/impasto', 'forget'));
  expect(said.text).toContain('Deleted:');
  const left = await leftBehind();
  expect(left).not.toContain(`artefact:${await hash(own)}`);
  expect(left).toContain(`artefact:${await hash(shared)}`);
  peer.check();
});

it('no secret is in Redis in clear text, nor in what Redis is given, in a log or in what people read', async () => {
  const { peer, answer, leftBehind, redis } = await open();
  const commands = await watchCommands(redis.url);
  const channel = await peer.channel();
  const ada = await peer.user();
  peer.fault.once('chat.update', { error: 'something_new' });
  peer.fault.once('files.download', { status: 500 });
  await ada.post(channel, '', { files: [{ name: 'a.jpg', bytes: await photo() }] });
  const said = await answer(await ada.slash(channel, '/stylize', 'starry-night'));
  expect(commands.seen()).toContain('starry-night');
  commands.end();
  const texts = {
    'Redis and the log': await leftBehind(),
    'what Redis is given': commands.seen(),
    'the answer': JSON.stringify(said),
  };
  const { botToken, appToken, signingSecret, clientSecret } = peer.settings;
  const secrets = {
    'the bot’s token': botToken,
    'the app’s token': appToken,
    'the signing secret': signingSecret,
    'the client’s secret': clientSecret,
    'our secret': SECRET,
  };
  expect(findings(texts, secrets)).toEqual([]);
  for (const text of Object.values(texts)) expect(text).not.toContain('/hooks/');
  peer.check();
});
