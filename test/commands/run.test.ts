import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/commands/command.ts';
import { en } from '../../src/commands/messages/en.ts';
import { messagesFor } from '../../src/commands/messages/language.ts';
import { zhHant } from '../../src/commands/messages/zh-hant.ts';
import { parseLine, readReaction } from '../../src/commands/parse.ts';
import { complete, createRegistry } from '../../src/commands/registry.ts';
import type { CommandRequest } from '../../src/commands/request.ts';
import { run } from '../../src/commands/run.ts';
import { invocation, refused, someRegistry, someServices, someStyles, usualSettings } from './support.ts';

type Change = Parameters<typeof invocation>[0];

const ask = async (text: string, change: Change = {}): Promise<Answer> => {
  const { registry = someRegistry, messages = en, server } = change;
  return run(parseLine(text, registry, messages, server?.settings), invocation(change));
};

function requests(answer: Answer): readonly CommandRequest[] {
  if (answer.kind !== 'requests') throw new Error('expected requests');
  return answer.requests;
}

function only(answer: Answer): CommandRequest {
  const [request, ...rest] = requests(answer);
  if (request === undefined || rest.length > 0) throw new Error('expected one request');
  return request;
}

function said(answer: Answer): string {
  if (answer.kind !== 'reply') throw new Error('expected a reply');
  return answer.reply.text;
}

const pictures = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ source: { picture: `p${index}` }, target: `m/p${index}` }));

describe('/stylize', () => {
  it('makes a request that holds all the queue needs', async () => {
    expect(only(await ask('/stylize great-wave strength:0.5'))).toMatchObject({
      platform: 'playground',
      command: 'stylize',
      trigger: 'command',
      eventKey: 'event-1',
      person: { id: 'ann', locale: 'en-GB' },
      source: { picture: 'p1' },
      task: { network: 'great-wave', options: { strength: 0.5, keep_colors: false } },
      createdAt: 1_000,
    });
  });

  it('names a request by its event, and nothing else', async () => {
    const first = only(await ask('/stylize great-wave'));
    expect(first.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const id = async (change: Change) => only(await ask('/stylize great-wave', change)).id;
    expect(await id({ now: 9_000 })).toBe(first.id);
    expect(await id({ eventKey: 'event-2' })).not.toBe(first.id);
    expect(await id({ platform: 'slack' })).not.toBe(first.id);
  });

  it('takes the same wish for one intent, whoever reacts, but tells people apart who command', async () => {
    const bob = { person: { id: 'bob', locale: 'en' }, eventKey: 'event-2' };
    const intent = async (text: string, change: Change = {}) => only(await ask(text, change)).intentKey;
    const wish = await intent('/stylize great-wave');
    expect(await intent('/stylize strength:1 style:great-wave', { eventKey: 'event-2' })).toBe(wish);
    expect(await intent('/stylize great-wave', bob)).not.toBe(wish);
    expect(await intent('/stylize starry-night')).not.toBe(wish);
    expect(await intent('/stylize great-wave strength:0.9')).not.toBe(wish);
    expect(await intent('/stylize great-wave', { pictures: pictures(1) })).not.toBe(wish);

    const react = async (change: Change) => {
      const call = readReaction('🌊', someRegistry, en);
      return only(await run(call, invocation({ trigger: 'reaction', ...change }))).intentKey;
    };
    expect(await react({})).toBe(await react(bob));
  });

  it('makes one request for each picture, each with an id of its own', async () => {
    const made = requests(await ask('/stylize great-wave', { pictures: pictures(4) }));
    expect(made.map(({ source }) => source)).toEqual(pictures(4).map(({ source }) => source));
    expect(new Set(made.flatMap(({ id, eventKey, intentKey }) => [id, eventKey, intentKey])).size).toBe(12);
  });

  it('asks for a picture where there is none, and for fewer where there are too many', async () => {
    const none = await refused(ask('/stylize great-wave', { pictures: [] }));
    expect(none.code).toBe('picture-missing');
    expect(none.userMessage).toContain('/stylize starry-night');
    const five = await refused(ask('/stylize great-wave', { pictures: pictures(5) }));
    expect(five).toMatchObject({ code: 'pictures-too-many', userMessage: expect.stringContaining('4') });
  });

  it('takes the style of the server where none is given, and lists styles where there is none', async () => {
    const server = {
      id: 'g1',
      settings: { ...usualSettings, defaultStyle: 'great-wave' },
      manages: false,
    };
    const request = only(await ask('/stylize strength:0.5', { server }));
    expect(request).toMatchObject({ server: 'g1', task: { network: 'great-wave' } });
    expect(only(await ask('/stylize composition', { server })).task.network).toBe('composition');
    const gone = { ...server, settings: { ...usualSettings, defaultStyle: 'taken-out' } };
    const error = await refused(ask('/stylize', { server: gone }));
    expect(error.code).toBe('option-missing');
    expect(error.userMessage).toContain('starry-night, great-wave and composition');
  });
});

describe('/upscale', () => {
  it.each(['x4', '4', '4x', '×4', '4 times', 'X4', 'factor:x4', ''])('reads “%s” as x4', async (typed) => {
    expect(only(await ask(`/upscale ${typed}`))).toMatchObject({
      command: 'upscale',
      task: { network: 'sr-x4', options: {} },
    });
  });

  it.each([
    ['x3', 'did you mean x4?'],
    ['16', 'did you mean x8?'],
    ['4y', 'did you mean x4?'],
    ['0', 'did you mean x4?'],
    ['large', 'I can do x8 and x4'],
  ])('refuses “%s” and says what it can do', async (typed, words) => {
    const error = await refused(ask(`/upscale ${typed}`));
    expect(error.code).toBe('factor-unknown');
    expect(error.userMessage).toContain(words);
  });

  it('takes one network for each factor, that with the emoji', async () => {
    const upscalers = [
      { name: 'x4-pixel', factor: 4 },
      { name: 'x4', factor: 4, emoji: '🔍' },
    ];
    const registry = createRegistry({ styles: someStyles, upscalers });
    expect(registry.upscalers.map(({ name }) => name)).toEqual(['x4']);
    expect(only(await ask('/upscale', { registry })).task.network).toBe('x4');
  });

  it('is not there where nothing can enlarge', async () => {
    const registry = createRegistry({ styles: someStyles, upscalers: [] });
    expect((await refused(ask('/upscale x4', { registry }))).code).toBe('command-unknown');
    expect(said(await ask('/help', { registry }))).not.toContain('/upscale');
  });
});

describe('/styles and /help', () => {
  it('lists every style with emoji, credit, and whether it is provisional', async () => {
    const answer = await ask('/styles');
    expect(said(answer).split('\n')).toEqual([
      'I paint in 3 styles:',
      '🌌 starry-night: The Starry Night, Vincent van Gogh, 1889',
      '🌊 great-wave: The Great Wave, Hokusai, 1831 (still being trained)',
      '⬛️ composition: Composition, Mondrian, 1930',
    ]);
    expect(answer).toMatchObject({ reply: { gallery: someStyles } });
  });

  it('tells of every command, of reactions, of ways to give a picture, and of privacy', async () => {
    const text = said(await ask('/help'));
    for (const { name, audience } of someRegistry.commands) {
      expect(text.includes(`/${name}`)).toBe(audience === 'everyone');
    }
    expect(text).toContain('/stylize <style> [strength:0–1] [keep_colors:true|false]');
    expect(text).toContain('🌌 🌊 ⬛️ 🔍');
    expect(text).toContain('24 hours');
    for (const platform of ['discord', 'slack', 'playground']) {
      for (const messages of [en, zhHant]) {
        const help = said(await ask('/help', { platform, messages }));
        expect(help).toContain(
          Object.entries(messages.helpPictures).find(([key]) => key === platform)?.[1][0],
        );
        expect(help.length).toBeLessThan(2_000);
      }
    }
  });

  it('tells managers of the settings, and everyone of the emojis that work in their server', async () => {
    const settings = { ...usualSettings, emojis: { '🎨': 'great-wave', '🌌': '', '👍': 'taken-out' } };
    const server = { id: 'g1', settings, manages: true };
    const text = said(await ask('/help', { server }));
    expect(text).toContain('/impasto-settings');
    expect(text).toContain('🌊 ⬛️ 🔍 🎨\n');
  });

  it('explains every option of one command', async () => {
    const text = said(await ask('/help stylize'));
    expect(text).toContain('strength: ');
    expect(text).toContain('keep_colors: ');
    expect(text).not.toContain('/styles');
    expect((await refused(ask('/help stilize'))).userMessage).toContain('did you mean /stylize?');
  });

  it('writes commands as the platform has them', async () => {
    const registry = createRegistry({ styles: someStyles, upscalers: [] }, { grouped: true });
    const text = said(await ask('/impasto', { registry }));
    expect(text).toContain('/impasto queue:');
    expect(text).toContain('/stylize <style>');
    expect(text).not.toContain('/impasto-');
    expect((await refused(ask('/impasto quue', { registry }))).userMessage).toContain('/impasto queue?');
  });

  it('stays sensible without any style', async () => {
    const registry = createRegistry({ styles: [], upscalers: [] });
    expect(said(await ask('/styles', { registry }))).toContain('no styles yet');
    expect(said(await ask('/help', { registry }))).not.toContain('put an emoji on any picture');
    expect((await refused(ask('/stylize x', { registry }))).code).toBe('style-unknown');
  });
});

describe('/queue', () => {
  const open = async (count: number) =>
    requests(await ask('/stylize great-wave', { pictures: pictures(4) }))
      .concat(requests(await ask('/upscale', { pictures: pictures(4), eventKey: 'event-2' })))
      .slice(0, count)
      .map((request, before) => ({
        request,
        progress: { request: request.id, platform: 'playground', state: 'waiting' as const, before },
      }));

  it('tells what is ahead and what is mine, each with a button', async () => {
    const services = someServices({ open: await open(2), line: { waiting: 7, running: 1 } });
    const answer = await ask('/queue', { services });
    expect(said(answer).split('\n')).toEqual([
      '7 pictures in line, 1 being worked on just now.',
      'Yours:',
      '1. 🌊 great-wave: In line, next up.',
      '2. 🌊 great-wave: In line, 1 before you.',
    ]);
    const ids = (await open(2)).map(({ request }) => request.id);
    expect(answer).toMatchObject({
      reply: {
        buttons: ids.map((request, index) => ({ action: 'cancel', label: `Cancel ${index + 1}`, request })),
      },
    });
  });

  it('shows five at most, and nobody else’s', async () => {
    const services = someServices({ open: await open(8), line: { waiting: 8, running: 0 } });
    const answer = await ask('/queue', { services });
    expect(said(answer)).toContain('And 3 more of yours.');
    expect(answer.kind === 'reply' && answer.reply.buttons).toHaveLength(5);
    const bob = await ask('/queue', { services, person: { id: 'bob', locale: 'en' } });
    expect(said(bob)).toContain('Nothing of it is yours.');
    expect(said(await ask('/queue'))).toBe('The line is empty.');
  });
});

describe('/impasto-forget', () => {
  it('says what was deleted, and what stays', async () => {
    const services = someServices({ kept: { pictures: 3, requests: 1 } });
    const text = said(await ask('/impasto-forget', { services }));
    expect(text).toContain('3 pictures and 1 request of yours');
    expect(text).toContain('stays there');
    expect(said(await ask('/impasto forget'))).toContain('nothing of yours');
  });
});

describe('autocomplete', () => {
  const offered = (typed: string, most?: number) => {
    const option = parseLine('/stylize 🌌', someRegistry, en).command.options[0];
    if (option?.type !== 'string') throw new Error('expected a string option first');
    return complete(option, typed, someRegistry, most).map(({ value }) => value);
  };

  it('offers all for nothing typed, as many as the platform shows', () => {
    expect(offered('')).toEqual(['starry-night', 'great-wave', 'composition']);
    expect(offered('', 2)).toHaveLength(2);
  });

  it('finds by beginning, then by anything in the label, then by a near miss', () => {
    expect(offered('gr')).toEqual(['great-wave']);
    expect(offered('night')).toEqual(['starry-night']);
    expect(offered('Mondrian')).toEqual(['composition']);
    expect(offered('gerat-wave')).toEqual(['great-wave']);
    expect(offered('zzz')).toEqual([]);
  });
});

it('speaks English where it has no better', () => {
  expect(['en-GB', 'EN_us', 'de-DE', '', '__proto__'].map((locale) => messagesFor(locale))).toEqual(
    Array(5).fill(en),
  );
  expect(['zh-TW', 'zh-Hant', 'zh-HK', 'zh', 'ZH_tw'].map((locale) => messagesFor(locale))).toEqual(
    Array(5).fill(zhHant),
  );
});
