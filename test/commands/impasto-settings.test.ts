import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Invocation, Services } from '../../src/commands/command.ts';
import { en } from '../../src/commands/messages/en.ts';
import { zhHant } from '../../src/commands/messages/zh-hant.ts';
import { parseLine } from '../../src/commands/parse.ts';
import { run } from '../../src/commands/run.ts';
import { UserError } from '../../src/errors.ts';
import type { ServerSettings } from '../../src/queue/server-settings.ts';
import { invocation, refusal, refused, someRegistry, someServices, usualSettings } from './support.ts';

const manager = { id: 'g1', settings: usualSettings, manages: true };

/** A server whose manager speaks with the bot. */
function aServer(): {
  say(options: string, change?: Partial<Invocation>): Promise<string>;
  settings(): Promise<ServerSettings>;
} {
  const services: Services = someServices();
  return {
    say: async (options, change = {}) => {
      const call = parseLine(`/impasto-settings ${options}`, someRegistry, change.messages ?? en);
      const answer = await run(call, invocation({ server: manager, services, pictures: [], ...change }));
      if (answer.kind !== 'reply') throw new Error('expected a reply');
      return answer.reply.text;
    },
    settings: () => services.serverSettings.read('playground', 'g1'),
  };
}

describe('/impasto-settings', () => {
  it('shows everything, and how to change it', async () => {
    const { say } = aServer();
    expect((await say('')).split('\n')).toEqual([
      'How I behave in this server:',
      'enabled: on',
      'channels: all',
      'default_style: none',
      'emoji: the usual ones',
      'per_person: default',
      'per_server: default',
      'threads: off',
      'To change one: /impasto-settings default_style:starry-night',
    ]);
    expect(await say('', { messages: zhHant })).toContain('channels：全部');
  });

  it('changes what is given, says so, and leaves the rest', async () => {
    const { say, settings } = aServer();
    expect((await say('channels:<#12> <#34|art> default_style:great-wave')).split('\n')).toEqual([
      'Changed:',
      'channels: <#12> <#34>',
      'default_style: great-wave',
    ]);
    expect(await say('enabled:off per_person:5 per_server:off threads:on')).toContain(
      'per_person: 5 pictures an hour',
    );
    expect(await settings()).toEqual({
      enabled: false,
      channels: ['12', '34'],
      defaultStyle: 'great-wave',
      emojis: {},
      limits: { personPerHour: 5, serverPerHour: 0 },
      reactionThreads: true,
    });
    expect(await say('enabled:off')).toBe(en.settingsAsBefore);
    await say('on channels:all default_style:none per_person:default per_server:default threads:no');
    expect(await settings()).toEqual(usualSettings);
  });

  it('maps emojis, one or many, and takes them back', async () => {
    const { say, settings } = aServer();
    await say('emoji:🎨=great-wave 🌌=off 🔎=x8 ⬛️=Starry_Night :wave:=composition <:blob:123>=4x');
    const all = {
      '🎨': 'great-wave',
      '🌌': '',
      '🔎': 'sr-x8',
      '⬛': 'starry-night',
      ':wave:': 'composition',
      '<:blob:123>': 'sr-x4',
    };
    expect((await settings()).emojis).toEqual(all);
    expect(await say('emoji:🎨=default')).toContain('🌌 does nothing');
    const { '🎨': _, ...rest } = all;
    expect((await settings()).emojis).toEqual(rest);
  });

  it.each([
    ['channels:general', 'channels-unreadable', '“general”'],
    ['channels:', 'channels-unreadable', 'all'],
    ['channels:<#12> general', 'channels-unreadable', '“general”'],
    ['default_style:stary-night', 'style-unknown', 'did you mean starry-night?'],
    ['emoji:🎨', 'emoji-map-unreadable', '🎨=great-wave'],
    ['emoji:art=great-wave', 'emoji-map-unreadable', '“art=great-wave”'],
    ['emoji:4=great-wave', 'emoji-map-unreadable', '“4=great-wave”'],
    ['emoji:🎨=gerat-wave', 'style-unknown', 'did you mean great-wave?'],
    ['emoji:🎨=x5', 'factor-unknown', 'did you mean x4?'],
    ['per_person:0', 'limit-unreadable', 'per_person'],
    ['per_server:many', 'limit-unreadable', '“many”'],
    ['enabled:maybe', 'option-not-boolean', '“maybe”'],
    ['enable:off', 'option-unknown', 'did you mean enabled?'],
  ])('refuses %s, and nothing changes', async (options, code, words) => {
    const { say, settings } = aServer();
    const error = refusal(() => parseLine(`/impasto-settings ${options}`, someRegistry, en));
    expect(error.code).toBe(code);
    expect(error.userMessage).toContain(words);
    await refused(say(options));
    expect(await settings()).toEqual(usualSettings);
  });

  it('keeps lists short enough to be shown', async () => {
    const { say, settings } = aServer();
    const many = Array.from({ length: 21 }, (_, index) => `<#${index}>`).join(' ');
    expect(await refused(say(`channels:${many}`))).toMatchObject({
      code: 'setting-too-long',
      userMessage: expect.stringContaining('20'),
    });
    const emojis = Array.from({ length: 13 }, (_, index) => `:e${index}:=off`).join(' ');
    expect((await refused(say(`emoji:${emojis}`))).code).toBe('setting-too-long');
    expect(await settings()).toEqual(usualSettings);
  });

  it('are shown whole, however long they are', async () => {
    const { say } = aServer();
    const id = (index: number): string => String(10n ** 18n + BigInt(index));
    await say(`channels:${Array.from({ length: 20 }, (_, index) => `<#${id(index)}>`).join(' ')}`);
    const name = 'n'.repeat(32);
    const emojis = Array.from({ length: 12 }, (_, index) => `<:${name}:${id(index)}>=starry-night`);
    await say(`emoji:${emojis.join(' ')}`);
    const text = await say('');
    expect(text).toContain('threads');
    expect(text.length).toBeLessThan(1_900);
  });

  it('is for those who manage the server, and in one', async () => {
    const { say } = aServer();
    const other = await refused(say('enabled:off', { server: { ...manager, manages: false } }));
    expect(other.code).toBe('managers-only');
    const { server: _, ...alone } = invocation();
    const call = parseLine('/impasto-settings', someRegistry, en);
    expect((await refused(run(call, alone))).code).toBe('server-only');
  });

  it('reads back any map of emojis, however it was made', async () => {
    const sign = fc.constantFrom('🎨', '👍🏽', '❤️', '👨‍👩‍👧', '🇹🇼', '1️⃣', ':party-parrot:');
    const network = fc.constantFrom('great-wave', 'starry-night', 'off', 'default', 'x4');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(sign, network), { minLength: 1, maxLength: 6 }), async (pairs) => {
        const once = aServer();
        await once.say(`emoji:${pairs.map((pair) => pair.join('=')).join(' ')}`);
        const oneByOne = aServer();
        for (const pair of pairs) await oneByOne.say(`emoji:${pair.join('=')}`);
        expect(await once.settings()).toEqual(await oneByOne.settings());
      }),
      { numRuns: 50 },
    );
  });

  it('answers anything typed with settings that hold, or a sentence', async () => {
    const words = fc.array(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 20 }),
        fc.constantFrom('emoji:', 'channels:', '<#1>', '🎨=', '🎨=off', 'per_person:', '__proto__=off'),
      ),
      { maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(words, async (typed) => {
        const { say, settings } = aServer();
        await say(typed.join(' ')).catch((error: unknown) => {
          if (!(error instanceof UserError)) throw error;
        });
        const { emojis, channels } = await settings();
        for (const id of channels) expect(id).toMatch(/^[A-Za-z0-9]+$/);
        for (const network of Object.values(emojis)) expect(network).not.toContain('=');
      }),
      { numRuns: 100 },
    );
  });
});
