import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import type { SeenMessage } from './peer/ledger.ts';
import type { SlackPeer } from './peer/slack-peer.ts';
import type { Channel } from './peer/workspace.ts';
import { useSlackHouses } from './support.ts';

const open = useSlackHouses();

/** The painting in a talk with the bot, which stands there unthreaded. */
function painted(peer: SlackPeer, talk: Channel): Promise<SeenMessage> {
  return eventually(() => peer.messages(talk).find((each) => each.byBot && peer.picturesOf(each).length > 0));
}

describe('/impasto settings', () => {
  it('is for those who manage the workspace', async () => {
    const { peer, hint } = await open();
    const channel = await peer.channel();
    const ada = await peer.user();
    const asked = await ada.slash(channel, '/impasto', 'settings enabled:off');
    expect((await hint(asked)).text).toContain('Only those who manage this workspace');
    peer.check();
  });

  it('switches the bot off and on; a reaction meets silence then', async () => {
    const { peer, hint, answer } = await open();
    const channel = await peer.channel();
    const admin = await peer.user({ admin: true });
    const ada = await peer.user();
    const posted = await ada.post(channel, '', { files: [{ name: 'a.jpg', bytes: await photo() }] });
    expect((await hint(await admin.slash(channel, '/impasto', 'settings enabled:off'))).text).toContain(
      'enabled: off',
    );
    const refused = await ada.mention(channel, 'stylize starry-night');
    expect((await hint(refused)).text).toContain('switched off');
    await (await ada.react(posted.message, 'milky_way')).delivered;
    await peer.idle();
    expect(peer.calls('chat.postMessage')).toEqual([]);
    await hint(await admin.slash(channel, '/impasto', 'settings enabled:on'));
    expect(peer.picturesOf(await answer(await ada.mention(channel, 'stylize starry-night')))).toHaveLength(1);
    peer.check();
  });

  it('keeps the bot to some channels', async () => {
    const { peer, hint } = await open();
    const [studio, hall] = [await peer.channel({ name: 'studio' }), await peer.channel({ name: 'hall' })];
    const admin = await peer.user({ owner: true });
    const set = await admin.slash(studio, '/impasto', `settings channels:<#${studio.id}|studio>`);
    expect((await hint(set)).text).toContain(`<#${studio.id}>`);
    const refused = await admin.mention(hall, 'stylize starry-night');
    expect((await hint(refused)).text).toContain('I do not work in this channel');
    peer.check();
  });

  it('gives an emoji another meaning, and takes one away; a workspace’s own emoji works too', async () => {
    const { peer, hint, answer } = await open();
    const channel = await peer.channel();
    const admin = await peer.user({ admin: true });
    const set = await admin.slash(
      channel,
      '/impasto',
      'settings emoji::fire:=great-wave :impasto:=x4 :ocean:=off',
    );
    expect((await hint(set)).text).toContain('🔥 great-wave');
    const post = async () =>
      (await admin.post(channel, '', { files: [{ name: 'a.jpg', bytes: await photo() }] })).message;
    const fire = await answer(await admin.react(await post(), 'fire'));
    expect(fire.text).toContain('The Great Wave');
    const own = await answer(await admin.react(await post(), 'impasto'));
    expect(own.text).toContain('96 × 64');
    const before = peer.messages(channel).length;
    await (await admin.react(await post(), 'ocean')).delivered;
    await peer.idle();
    expect(peer.messages(channel)).toHaveLength(before + 1);
    peer.check();
  });

  it('chooses the style that is meant where none is named', async () => {
    const { peer, hint, answer } = await open();
    const channel = await peer.channel();
    const admin = await peer.user({ admin: true });
    await hint(await admin.slash(channel, '/impasto', 'settings default_style:great-wave'));
    const asked = await admin.mention(channel, 'stylize', {
      files: [{ name: 'a.jpg', bytes: await photo() }],
    });
    expect((await answer(asked)).text).toContain('The Great Wave');
    peer.check();
  });
});

it('settings that are damaged: a style’s emoji is told so, any other meets silence', async () => {
  const { peer, damageSettings } = await open();
  const channel = await peer.channel();
  const ada = await peer.user();
  const posted = await ada.post(channel, '', { files: [{ name: 'a.jpg', bytes: await photo() }] });
  await damageSettings();
  await (await ada.react(posted.message, 'tada')).delivered;
  const painting = await ada.react(posted.message, 'milky_way');
  const hint = await eventually(() => peer.ephemerals(channel, ada)[0]);
  expect(hint.text).toContain('settings of this workspace cannot be read');
  await painting.delivered;
  await peer.idle();
  expect(peer.ephemerals(channel, ada)).toHaveLength(1);
  peer.check();
});

describe('in a talk with the bot alone, the workspace’s settings', () => {
  it('switch it off, and on again', async () => {
    const { peer, hint } = await open();
    const admin = await peer.user({ admin: true });
    const ada = await peer.user();
    const [own, talk] = [await peer.direct(admin), await peer.direct(ada)];
    const files = [{ name: 'a.jpg', bytes: await photo() }];
    expect((await hint(await admin.slash(own, '/impasto', 'settings enabled:off'))).text).toContain(
      'enabled: off',
    );
    await ada.post(talk, 'stylize starry-night', { files });
    await eventually(() => peer.ephemerals(talk, ada).find(({ text }) => text.includes('switched off')));
    await hint(await admin.slash(own, '/impasto', 'settings enabled:on'));
    await ada.post(talk, 'stylize great-wave', { files });
    await painted(peer, talk);
    peer.check();
  });

  it('choose the style that is meant, and limit what the workspace may have', async () => {
    const { peer, hint } = await open();
    const channel = await peer.channel();
    const admin = await peer.user({ admin: true });
    const ada = await peer.user();
    const talk = await peer.direct(ada);
    const files = [{ name: 'a.jpg', bytes: await photo() }];
    await hint(await admin.slash(channel, '/impasto', 'settings default_style:great-wave per_server:1'));
    await ada.post(talk, 'stylize', { files });
    expect((await painted(peer, talk)).text).toContain('The Great Wave');
    const refused = await ada.mention(channel, 'stylize starry-night', { files });
    expect((await hint(refused)).text).toContain('has had its 1 picture');
    peer.check();
  });

  it('that keep it to some channels leave it there, where it is in nobody’s way', async () => {
    const { peer, hint } = await open();
    const channel = await peer.channel({ name: 'studio' });
    const admin = await peer.user({ admin: true });
    const ada = await peer.user();
    await hint(await admin.slash(channel, '/impasto', `settings channels:<#${channel.id}|studio>`));
    const talk = await peer.direct(ada);
    await ada.post(talk, 'stylize great-wave', { files: [{ name: 'a.jpg', bytes: await photo() }] });
    await painted(peer, talk);
    peer.check();
  });
});

describe('limits', () => {
  it('tell a person kindly, with the time when it works again', async () => {
    const { peer, answer, hint } = await open({ limits: { personPerHour: 1 } });
    const channel = await peer.channel();
    const ada = await peer.user();
    const files = [{ name: 'a.jpg', bytes: await photo() }];
    await answer(await ada.mention(channel, 'stylize starry-night', { files }));
    const refused = await ada.mention(channel, 'stylize great-wave', { files });
    expect((await hint(refused)).text).toMatch(/1 pictures? for now.*<!date\^\d+\^\{time\}\|/);
    const bob = await peer.user();
    await answer(await bob.mention(channel, 'stylize starry-night', { files }));
    peer.check();
  });

  it('count for the workspace as its managers have set them', async () => {
    const { peer, answer, hint } = await open();
    const channel = await peer.channel();
    const admin = await peer.user({ admin: true });
    await hint(await admin.slash(channel, '/impasto', 'settings per_server:1'));
    const files = [{ name: 'a.jpg', bytes: await photo() }];
    await answer(await admin.mention(channel, 'stylize starry-night', { files }));
    const bob = await peer.user();
    expect((await hint(await bob.mention(channel, 'stylize starry-night', { files }))).text).toContain(
      'has had its 1 picture',
    );
    peer.check();
  });

  it('take nothing for an emoji on words', async () => {
    const { peer, answer, leftBehind } = await open({ limits: { personPerHour: 1 } });
    const channel = await peer.channel();
    const ada = await peer.user();
    const words = await ada.post(channel, 'no picture');
    await (await ada.react(words.message, 'milky_way')).delivered;
    await eventually(async () => {
      const left = await leftBehind();
      return left.includes('A request was refused') && !left.includes(':share:person:');
    });
    const files = [{ name: 'a.jpg', bytes: await photo() }];
    const answered = await answer(await ada.mention(channel, 'stylize starry-night', { files }));
    expect(peer.picturesOf(answered)).toHaveLength(1);
    peer.check();
  });
});
