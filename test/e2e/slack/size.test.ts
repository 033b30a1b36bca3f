import sharp from 'sharp';
import { expect, it } from 'vitest';
import { boats, expectPainting } from '../pictures.ts';
import { answerOf, ask, useSlackProgram } from './house.ts';

/* A result that is larger than what is uploaded to Slack. */

const program = useSlackProgram('socket', { links: true });

it('goes out smaller, of high quality, and says so', async () => {
  const { bots, peer } = program();
  const photo = await boats(3, 480, 320);
  const [whole] = peer.picturesOf(await answerOf(program(), await ask(program(), photo)));
  const kilobytes = Math.floor(((whole?.length ?? 0) * 0.7) / 1024);
  await bots.killBot();
  await bots.startBot({ SLACK_UPLOAD_KILOBYTES: String(kilobytes) });
  const done = await answerOf(program(), await ask(program(), photo));
  const [sent] = peer.picturesOf(done);
  expect(sent?.length).toBeLessThanOrEqual(kilobytes * 1024);
  expect((await sharp(sent).metadata()).format).toBe('jpeg');
  await expectPainting(sent, photo, 'jpeg');
  expect(done.text).toContain('JPEG');
});

it('is a link that serves it, and no other', async () => {
  const { bots, peer } = program();
  const photo = await boats(4, 480, 320);
  await bots.killBot();
  await bots.startBot({ SLACK_UPLOAD_KILOBYTES: '1' });
  const done = await answerOf(program(), await ask(program(), photo));
  expect(peer.picturesOf(done)).toEqual([]);
  expect(done.text).toMatch(/<!date\^\d+\^\{time\}\|/);
  const [address = ''] = /http:\/\/127\.0\.0\.1:\d+\/pictures\/[\w.-]+/.exec(done.text) ?? [];
  const served = await fetch(address);
  expect(served.status).toBe(200);
  await expectPainting(new Uint8Array(await served.arrayBuffer()), photo);
  expect((await fetch(address.replace(/.$/, (last) => (last === '0' ? '1' : '0')))).status).toBe(404);
});
