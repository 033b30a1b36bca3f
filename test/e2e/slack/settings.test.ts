import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { SeenMessage } from '../../bots/slack/peer/ledger.ts';
import { element } from '../../bots/slack/reading.ts';
import { eventually } from '../../queue/support.ts';
import { LIMIT_MS } from '../bots.ts';
import { boats, expectPainting } from '../pictures.ts';
import { answerOf, ask, hintOf, saying, useSlackProgram } from './house.ts';

const CHINESE = /[\u4e00-\u9fff]/;

describe('a workspace', () => {
  const program = useSlackProgram('http', {
    settings: { MAX_OPEN_REQUESTS: '2', PERSON_PER_HOUR: '3' },
    links: true,
  });

  async function set(line: string): Promise<SeenMessage> {
    const { mia, peer } = program();
    return hintOf(program(), await mia.slash(await peer.channel(), '/impasto', `settings ${line}`));
  }

  it('is switched off and on, kept to channels, given a style for those who name none', async () => {
    const { ada, channel, peer } = program();
    const files = [{ name: 'a.png', bytes: await boats() }];
    const refused = await hintOf(program(), await ada.slash(channel, '/impasto', 'settings enabled:off'));
    expect(refused.text).toContain('Only those who manage');
    await set('enabled:off');
    expect((await hintOf(program(), await ask(program(), await boats()))).text).toContain('switched off');
    await set(`enabled:on channels:<#${channel.id}|here> default_style:great-wave`);
    const hall = await peer.channel();
    const outside = await ada.mention(hall, 'stylize', { files });
    expect((await hintOf(program(), outside)).text).toContain('not work in this channel');
    const done = await answerOf(program(), await ada.mention(channel, 'stylize', { files }));
    expect(done.text).toContain('Wave');
    await set('channels:all default_style:none');
  });

  it('has limits, for each person and for all, told with the time when it works again', async () => {
    const { bob } = program();
    for (const nth of [1, 2, 3]) await answerOf(program(), await ask(program(), await boats(nth)));
    const person = await hintOf(program(), await ask(program(), await boats(4)));
    expect(person.text).toMatch(/3 pictures for now.*<!date\^\d+\^\{time\}\|/);
    await set('per_server:1');
    const all = await hintOf(program(), await ask(program(), await boats(5), 'starry-night', bob));
    expect(all.text).toMatch(/has had its 1 picture.*<!date\^\d+\^\{time\}\|/s);
    await set('per_server:default');
  });

  it('sees its line by /impasto queue, cancels there, and is told where it is full', async () => {
    const { ada, bob, bots, channel, mia } = program();
    bots.hold();
    const his = await ask(program(), await boats(6), 'starry-night', bob);
    await saying(program(), his, /^In line/);
    const hers = await ask(program(), await boats(7));
    await saying(program(), hers, /1 before you/);
    const refused = await hintOf(program(), await ask(program(), await boats(8), 'starry-night', mia));
    expect(refused.text).toContain('Too many pictures are waiting');
    const list = await hintOf(program(), await ada.slash(channel, '/impasto', 'queue'));
    expect(list.text).toContain('starry-night');
    await ada.press(list, element(list, 'cancel'));
    expect((await answerOf(program(), hers)).text).toBe('Cancelled.');
    bots.goOn();
    await answerOf(program(), his);
  });

  it('has a gallery, help and a home with previews and privacy', async () => {
    const { ada, channel, peer } = program();
    const gallery = await hintOf(program(), await ada.slash(channel, '/impasto', 'styles'));
    expect(JSON.stringify(gallery.blocks)).toContain('slack_file');
    const other = await peer.channel();
    const help = await hintOf(program(), await ada.slash(other, '/impasto', 'help'));
    for (const words of ['/stylize', '/upscale', '/impasto queue', '24 hours'])
      expect(help.text).toContain(words);
    await ada.openHome();
    const home = await eventually(() => peer.home(ada), LIMIT_MS);
    for (const words of ['starry-night', 'slack_file', '/impasto forget']) {
      expect(JSON.stringify(home.json)).toContain(words);
    }
  });

  it('forgets a person’s pictures now; another’s equal picture stays', async () => {
    const { ada, bob, channel, peer } = program();
    const bytes = await boats(9);
    const asked = await ask(program(), bytes);
    const hers = await answerOf(program(), asked);
    const his = await answerOf(program(), await ask(program(), bytes, 'starry-night', bob));
    await hintOf(program(), await ada.slash(channel, '/impasto', 'forget'));
    await ada.choose(hers, element(hers, 'restyle'), 'great-wave');
    await eventually(
      () => peer.ephemerals(channel, ada).find(({ text }) => text.includes('no longer stored')),
      LIMIT_MS,
    );
    await bob.press(his, element(his, 'upscale'));
    await eventually(() => peer.messages(channel).find(({ text }) => text.includes('×')), LIMIT_MS);
  });

  it('is answered in Chinese, whoever reads Chinese', async () => {
    const { channel, peer } = program();
    const mei = await peer.user({ locale: 'zh-TW' });
    const help = await hintOf(program(), await mei.slash(channel, '/impasto', 'help'));
    expect(help.text).toMatch(CHINESE);
    const done = await answerOf(program(), await ask(program(), await boats(10), 'starry-night', mei));
    expect(done.text).toMatch(CHINESE);
  });

  it('is leaked no place that a photo was taken at', async () => {
    const { peer } = program();
    const bytes = await sharp(await boats(11))
      .jpeg()
      .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
      .toBuffer();
    const done = await answerOf(program(), await ask(program(), bytes));
    const [painting] = peer.picturesOf(done);
    await expectPainting(painting, bytes);
    expect((await sharp(painting).metadata()).exif).toBeUndefined();
  });
});
