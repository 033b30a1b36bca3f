import { describe, expect, it } from 'vitest';
import { everythingIn, findings, watchCommands } from '../../secrecy.ts';
import { SECRET } from './bot.ts';
import { paints, photo } from './pictures.ts';
import { useDiscord } from './support.ts';

const house = useDiscord();

describe('/impasto-forget', () => {
  it('deletes a person’s pictures now; another’s equal picture stays', async () => {
    const { ada, bob, general, peer } = house();
    const bytes = await photo();
    const picture = { name: 'boats.png', bytes };
    const answers = [];
    for (const person of [ada, bob]) {
      const asked = await person.slash(general, 'stylize', { style: 'starry-night', picture });
      answers.push(await asked.answer(({ files }) => files.length === 1));
    }
    const [hers, his] = answers;
    if (hers === undefined || his === undefined) throw new Error('both are answered');
    const forgot = await (await ada.slash(general, 'impasto-forget')).answer();
    expect(forgot.ephemeral).toBe(true);
    const gone = await ada.press(hers, 'Upscale');
    expect((await gone.answer(({ ephemeral }) => ephemeral)).content).toContain('no longer stored');
    const again = await bob.press(his, 'Other strength');
    const picker = await again.answer(({ controls }) => controls.length > 0);
    const chosen = await bob.select(picker, picker.controls[0]?.custom_id ?? '', ['0.5']);
    const done = await chosen.answer(({ files }) => files.length === 1);
    expect(await paints(peer.bytesOf(done.files[0]), bytes)).toBe(true);
  });
});

it('no secret is in Redis in clear text, nor in what Redis is given, in a log or in what people read', async () => {
  const { ada, general, peer, log, stopWorker, startWorker, stored, redis } = house();
  const commands = await watchCommands(redis().url);
  await stopWorker();
  const asked = await ada.slash(general, 'stylize', {
    style: 'starry-night',
    picture: { name: 'boats.png', bytes: await photo() },
  });
  await asked.answer(({ content }) => content.includes('In line'));
  const before = await stored();
  expect(before).toContain('starry-night');
  peer.fault.times(8, 'PATCH /webhooks/:app/:token/messages/@original', { status: 500 });
  startWorker();
  await asked.answer(({ files }) => files.length === 1, 30_000);
  const told = log.map(({ facts, message }) => `${message} ${everythingIn(facts)}`).join('\n');
  expect(told).toContain('discord-away');
  expect(commands.seen()).toContain('starry-night');
  commands.end();
  const texts = {
    'Redis meanwhile': before,
    'Redis afterwards': await stored(),
    'what Redis is given': commands.seen(),
    'the log': told,
    'the channel': JSON.stringify(peer.messages(general)),
  };
  const secrets = {
    'the interaction’s token': asked.token,
    'the bot’s token': peer.token,
    'our secret': SECRET,
  };
  expect(findings(texts, secrets)).toEqual([]);
});

it('leaks no place that a photo was taken at', async () => {
  const { ada, general, peer } = house();
  const { default: sharp } = await import('sharp');
  const bytes = await sharp(await photo(200, 64, 48))
    .jpeg()
    .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
    .toBuffer();
  expect((await sharp(bytes).metadata()).exif).toBeDefined();
  const asked = await ada.slash(general, 'stylize', {
    style: 'starry-night',
    picture: { name: 'b.jpg', bytes },
  });
  const done = await asked.answer(({ files }) => files.length === 1);
  expect((await sharp(peer.bytesOf(done.files[0])).metadata()).exif).toBeUndefined();
});

it('calls nobody, whatever a person typed', async () => {
  const { ada, bob, general } = house();
  const asked = await ada.slash(general, 'stylize', {
    style: `<@${bob.id}> @everyone **loud**`,
    picture: { name: 'boats.png', bytes: await photo() },
  });
  const said = await asked.answer();
  expect(said.mentions).toEqual([]);
  expect(said.content).not.toContain('**loud**');
});
