import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import { element } from './reading.ts';
import { useSlackHouses } from './support.ts';

const open = useSlackHouses();
const SLOW = { delayMs: 2_500 };

describe('where Slack is slow to tell who somebody is', () => {
  it('those who manage the workspace may still change its settings', async () => {
    const { peer, hint } = await open();
    const channel = await peer.channel();
    const admin = await peer.user({ admin: true });
    peer.fault.once('users.info', SLOW);
    const asked = await admin.slash(channel, '/impasto', 'settings enabled:off');
    expect((await hint(asked)).text).toContain('enabled: off');
    expect(peer.calls('users.info')).toHaveLength(1);
    peer.check();
  });

  it('and nobody else may', async () => {
    const { peer, hint } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    peer.fault.once('users.info', SLOW);
    const asked = await ada.slash(channel, '/impasto', 'settings enabled:off');
    expect((await hint(asked)).text).toContain('Only those who manage');
    peer.check();
  });

  it('those who manage the workspace may still delete an answer, by the button or by ❌', async () => {
    const { peer, answer } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    for (const how of ['button', 'emoji']) {
      const admin = await peer.user({ admin: true });
      const asked = await ada.mention(channel, 'stylize starry-night', {
        files: [{ name: 'cat.jpg', bytes: await photo(how.length * 10) }],
      });
      const answered = await answer(asked);
      peer.fault.once('users.info', SLOW);
      if (how === 'button') await admin.press(answered, element(answered, 'delete'));
      else await admin.react(answered, 'x');
      await eventually(() => peer.now(answered).deletedAt !== undefined);
    }
    peer.check();
  });

  it('a picture is painted without delay', async () => {
    const { peer, answer } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    peer.fault.always('users.info', { delayMs: 60_000 });
    const asked = await ada.mention(channel, 'stylize starry-night', {
      files: [{ name: 'cat.jpg', bytes: await photo() }],
    });
    expect(peer.picturesOf(await answer(asked))).toHaveLength(1);
    peer.fault.clear('users.info');
    peer.check();
  });
});

it('where Slack does not tell who somebody is, they are asked to try again, and nothing changes', async () => {
  const { peer, hint } = await open();
  const channel = await peer.channel();
  const admin = await peer.user({ admin: true });
  peer.fault.always('users.info', { status: 503 });
  const asked = await admin.slash(channel, '/impasto', 'settings enabled:off');
  expect((await hint(asked)).text).toContain('Try again in a moment');
  peer.fault.clear('users.info');
  const again = await admin.slash(channel, '/impasto', 'settings');
  await eventually(() => peer.answers(again).some(({ text }) => text.includes('enabled: on')));
  peer.check();
});
