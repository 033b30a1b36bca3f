import { describe, expect, it } from 'vitest';
import { type Asked, createInvoker, type Invoker } from '../../src/bots/invoke.ts';
import { en } from '../../src/commands/messages/en.ts';
import { zhHant } from '../../src/commands/messages/zh-hant.ts';
import { parseLine } from '../../src/commands/parse.ts';
import type { CommandRequest } from '../../src/commands/request.ts';
import { createLimits } from '../../src/queue/limits.ts';
import { createPeople } from '../../src/queue/people.ts';
import { createRequestQueue } from '../../src/queue/requests.ts';
import { createServerSettings, type ServerSettings } from '../../src/queue/server-settings.ts';
import { refused, someRegistry, usualSettings } from '../commands/support.ts';
import { useHouses } from '../queue/house.ts';

const builder = useHouses();

interface Desk {
  readonly invoker: Invoker;
  set(server: string, settings: Partial<ServerSettings>): Promise<void>;
}

function aDesk(shareLimits = { personPerHour: 0, serverPerHour: 0 }): Desk {
  const { context, places, artefacts } = builder.house();
  const queue = createRequestQueue<CommandRequest>(context, places);
  const redis = builder.redis().connect('producer');
  const serverSettings = createServerSettings(redis);
  const people = createPeople(context, artefacts, queue);
  const invoker = createInvoker({
    platform: 'playground',
    registry: someRegistry,
    services: { queue, people, serverSettings },
    limits: createLimits(redis),
    shareLimits,
  });
  const set: Desk['set'] = (server, settings) =>
    serverSettings.write('playground', server, { ...usualSettings, ...settings });
  return { invoker, set };
}

let events = 0;

function asked(line: string, changes: Partial<Asked> = {}): Asked {
  events++;
  return {
    eventKey: `event-${events}`,
    trigger: 'command',
    person: { id: 'ada', locale: 'en-GB' },
    manages: false,
    read: (registry, messages) => parseLine(line, registry, messages),
    picture: { source: 'a photo', target: `photo-${events}` },
    ...changes,
  };
}

async function requestOf(invoker: Invoker, what: Asked): Promise<CommandRequest> {
  const answer = await invoker.invoke(what);
  const request = answer.kind === 'requests' ? answer.requests[0] : undefined;
  if (request === undefined) throw new Error(`expected a request but found ${JSON.stringify(answer)}`);
  return request;
}

describe('what a person asks for', () => {
  it('becomes a request of theirs, in their server', async () => {
    const { invoker } = aDesk();
    const request = await requestOf(invoker, asked('/stylize starry-night', { server: 'guild' }));
    expect(request).toMatchObject({
      platform: 'playground',
      command: 'stylize',
      person: { id: 'ada' },
      server: 'guild',
      source: 'a photo',
      task: { network: 'starry-night' },
    });
  });

  it('is refused where the server is switched off, but help is not', async () => {
    const { invoker, set } = aDesk();
    await set('guild', { enabled: false });
    const stylize = asked('/stylize starry-night', { server: 'guild' });
    expect(await refused(invoker.invoke(stylize))).toMatchObject({ code: 'server-off' });
    expect(await invoker.invoke(asked('/help', { server: 'guild' }))).toMatchObject({ kind: 'reply' });
    expect(await invoker.invoke(asked('/stylize starry-night', { server: 'other' }))).toMatchObject({
      kind: 'requests',
    });
  });

  it('is refused outside the server’s channels, which are named', async () => {
    const { invoker, set } = aDesk();
    await set('guild', { channels: ['c1'] });
    const at = (channel?: string): Asked => asked('/stylize starry-night', { server: 'guild', channel });
    const error = await refused(invoker.invoke(at('c2')));
    expect(error.code).toBe('channel-not-allowed');
    expect(error.userMessage).toContain('<#c1>');
    expect(await refused(invoker.invoke(at()))).toMatchObject({ code: 'channel-not-allowed' });
    expect(await invoker.invoke(at('c1'))).toMatchObject({ kind: 'requests' });
  });

  it('is refused in the person’s language', async () => {
    const { invoker, set } = aDesk();
    await set('guild', { enabled: false });
    const person = { id: 'ada', locale: 'zh-TW' };
    const error = await refused(invoker.invoke(asked('/stylize starry-night', { server: 'guild', person })));
    expect(error.userMessage).toBe(zhHant.failures['server-off']);
    expect(error.userMessage).not.toBe(en.failures['server-off']);
  });

  it('may change settings only where they manage the server', async () => {
    const { invoker } = aDesk();
    const change = (more: Partial<Asked>): Promise<unknown> =>
      invoker.invoke(asked('/impasto-settings enabled:false', more));
    expect(await refused(change({}))).toMatchObject({ code: 'server-only' });
    expect(await refused(change({ server: 'guild' }))).toMatchObject({ code: 'managers-only' });
    expect(await change({ server: 'guild', manages: true })).toMatchObject({ kind: 'reply' });
    const stylize = asked('/stylize starry-night', { server: 'guild' });
    expect(await refused(invoker.invoke(stylize))).toMatchObject({ code: 'server-off' });
  });
});

describe('settings that are damaged', () => {
  async function damaged(): Promise<Invoker> {
    const { invoker, set } = aDesk();
    await set('guild', { enabled: false });
    await builder.redis().connect().set('{impasto}:server-settings:playground:guild', '{');
    return invoker;
  }
  const at = (line: string, more: Partial<Asked> = {}): Asked => asked(line, { server: 'guild', ...more });

  it('leave nobody a picture, but help', async () => {
    const invoker = await damaged();
    const refusal = { code: 'server-settings-damaged' };
    await expect(invoker.invoke(at('/stylize starry-night'))).rejects.toMatchObject(refusal);
    await expect(invoker.admit({ server: 'guild' }, en)).rejects.toMatchObject(refusal);
    expect(await invoker.invoke(at('/help'))).toMatchObject({ kind: 'reply' });
  });

  it('are replaced by managers, who are told so, and by nobody else', async () => {
    const invoker = await damaged();
    const change = at('/impasto-settings default_style:great-wave');
    expect(await refused(invoker.invoke(change))).toMatchObject({ code: 'managers-only' });
    const text = async (asking: Asked): Promise<string> => {
      const answer = await invoker.invoke({ ...asking, manages: true });
      return answer.kind === 'reply' ? answer.reply.text : '';
    };
    expect(await text(at('/impasto-settings'))).toContain(en.settingsDamaged);
    expect((await text(change)).split('\n')).toEqual([
      en.settingsReplaced,
      'enabled: on',
      'channels: all',
      'default_style: great-wave',
      'emoji: the usual ones',
      'per_person: default',
      'per_server: default',
      'threads: off',
    ]);
    expect(await invoker.invoke(at('/stylize starry-night'))).toMatchObject({ kind: 'requests' });
  });

  it('are replaced though they are set to what is usual', async () => {
    const invoker = await damaged();
    await invoker.invoke(at('/impasto-settings enabled:on', { manages: true }));
    expect(await invoker.invoke(at('/stylize starry-night'))).toMatchObject({ kind: 'requests' });
  });
});

describe('a person’s share', () => {
  it('ends with the time when it begins again', async () => {
    const { invoker } = aDesk({ personPerHour: 2, serverPerHour: 0 });
    const ask = async (): Promise<unknown> =>
      invoker.submit(await requestOf(invoker, asked('/stylize starry-night')), 'place', 60);
    await ask();
    await ask();
    const error = await refused(ask());
    expect(error).toMatchObject({ code: 'limit-person', data: { limit: 2 } });
    expect(Number(error.data.until)).toBeGreaterThan(Date.now());
  });

  it('is not taken by what is asked twice', async () => {
    const { invoker } = aDesk({ personPerHour: 2, serverPerHour: 0 });
    const what = asked('/stylize starry-night');
    const request = await requestOf(invoker, what);
    expect(await invoker.submit(request, 'place', 60)).toMatchObject({ accepted: true });
    // The platform sends its event again, and the person clicks again.
    expect(await invoker.submit(request, 'place', 60)).toMatchObject({ accepted: true });
    const again = await requestOf(invoker, { ...what, eventKey: 'another' });
    expect(await invoker.submit(again, 'place', 60)).toMatchObject({ accepted: false, reason: 'intent' });
    const second = await requestOf(invoker, asked('/stylize great-wave'));
    expect(await invoker.submit(second, 'place', 60)).toMatchObject({ accepted: true });
  });

  it('may be made smaller by the server, and not larger', async () => {
    const { invoker, set } = aDesk({ personPerHour: 3, serverPerHour: 0 });
    await set('guild', { limits: { personPerHour: 0, serverPerHour: 2 } });
    await set('other', { limits: { personPerHour: 50 } });
    const ask = async (id: string, server: string): Promise<unknown> => {
      const what = asked('/stylize starry-night', { server, person: { id, locale: 'en' } });
      return invoker.submit(await requestOf(invoker, what), 'place', 60);
    };
    await ask('ada', 'guild');
    await ask('ada', 'guild');
    expect(await refused(ask('bob', 'guild'))).toMatchObject({ code: 'limit-server', data: { limit: 2 } });
    await ask('ada', 'other');
    expect(await refused(ask('ada', 'other'))).toMatchObject({ code: 'limit-person', data: { limit: 3 } });
  });
});
