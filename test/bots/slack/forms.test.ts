import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import type { Person } from './peer/person.ts';
import type { SlackPeer } from './peer/slack-peer.ts';
import type { OpenView } from './peer/view-book.ts';
import { useSlackHouses } from './support.ts';

const open = useSlackHouses();

function formBefore(peer: SlackPeer, person: Person): Promise<OpenView> {
  return eventually(() => peer.modals(person).at(-1));
}

async function aPicture(): Promise<{ picture: { name: string; bytes: Buffer }[] }> {
  return { picture: [{ name: 'cat.jpg', bytes: await photo() }] };
}

describe('what was typed arrives by the form', () => {
  it.each([
    ['/stylize', 'strength:37% keep_colors:yes detail:full animation:gif', 'starry-night', 0.37],
    ['/stylize', 'great-wave strength:0.00001 keep_colors:yes detail:full animation:gif', 'great-wave', 0],
    [
      '/impasto',
      'stylize great-wave strength:12.5% keep_colors:yes detail:full animation:gif',
      'great-wave',
      0.125,
    ],
  ])('%s %s', async (command, typed, network, strength) => {
    const { peer, answer, tasks } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    await ada.slash(channel, command, typed);
    const sent = await ada.submitView(await formBefore(peer, ada), await aPicture());
    await answer({ ...sent, channel: channel.id });
    const options = { strength, keep_colors: true, detail: 'full', animation: 'gif' };
    expect(tasks()).toEqual([{ network, options }]);
    peer.check();
  });

  it('also after another style was looked at', async () => {
    const { peer, answer, tasks } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    await ada.slash(channel, '/stylize', 'starry-night strength:0.37 detail:full');
    await ada.choose(await formBefore(peer, ada), 'impasto.look', 'great-wave');
    await eventually(() => peer.calls('views.update').some(({ status }) => status !== undefined));
    const sent = await ada.submitView(await formBefore(peer, ada), await aPicture());
    await answer({ ...sent, channel: channel.id });
    const options = { strength: 0.37, keep_colors: false, detail: 'full' };
    expect(tasks()).toEqual([{ network: 'great-wave', options }]);
    peer.check();
  });

  it('and for enlarging, by either name of the command', async () => {
    const { peer, answer, tasks } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    await ada.slash(channel, '/impasto', 'upscale x8 animation:gif');
    const sent = await ada.submitView(await formBefore(peer, ada), await aPicture());
    await answer({ ...sent, channel: channel.id });
    expect(tasks()).toEqual([{ network: 'x8', options: { animation: 'gif' } }]);
    peer.check();
  });

  it('but a mistake is told before anybody fills in a form', async () => {
    const { peer, hint } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    const asked = await ada.slash(channel, '/stylize', 'strength:7');
    expect((await hint(asked)).text).toContain('strength goes from 0 to 1');
    expect(peer.modals(ada)).toEqual([]);
    peer.check();
  });
});

it('the style that the workspace has chosen is chosen in the form of a message', async () => {
  const { peer, hint, answer } = await open();
  const channel = await peer.channel();
  const admin = await peer.user({ admin: true });
  await hint(await admin.slash(channel, '/impasto', 'settings default_style:great-wave'));
  const posted = await admin.post(channel, '', { files: [{ name: 'a.jpg', bytes: await photo() }] });
  await admin.shortcut('impasto.stylize', posted.message);
  const sent = await admin.submitView(await formBefore(peer, admin));
  expect((await answer({ ...sent, channel: channel.id })).text).toContain('The Great Wave');
  peer.check();
});
