import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/commands/command.ts';
import { en } from '../../src/commands/messages/en.ts';
import { messagesFor } from '../../src/commands/messages/language.ts';
import { parseLine, readReaction } from '../../src/commands/parse.ts';
import { complete, createRegistry } from '../../src/commands/registry.ts';
import type { CommandRequest } from '../../src/commands/request.ts';
import { run } from '../../src/commands/run.ts';
import { invocation, refusal, someRegistry } from './support.ts';

const ask = (text: string, change: Parameters<typeof invocation>[0] = {}): Answer =>
  run(parseLine(text, change.registry ?? someRegistry, en), invocation(change));

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
  it('makes a request that holds all the queue needs', () => {
    expect(only(ask('/stylize great-wave strength:0.5'))).toMatchObject({
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

  it('names a request by its event, and nothing else', () => {
    const first = only(ask('/stylize great-wave'));
    expect(first.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(only(ask('/stylize great-wave', { now: 9_000 })).id).toBe(first.id);
    expect(only(ask('/stylize great-wave', { eventKey: 'event-2' })).id).not.toBe(first.id);
    expect(only(ask('/stylize great-wave', { platform: 'slack' })).id).not.toBe(first.id);
  });

  it('takes the same wish for one intent, whoever reacts, but tells people apart who command', () => {
    const bob = { person: { id: 'bob', locale: 'en' }, eventKey: 'event-2' };
    const intent = (text: string, change = {}) => only(ask(text, change)).intentKey;
    const wish = intent('/stylize great-wave');
    expect(intent('/stylize strength:1 style:great-wave', { eventKey: 'event-2' })).toBe(wish);
    expect(intent('/stylize great-wave', bob)).not.toBe(wish);
    expect(intent('/stylize starry-night')).not.toBe(wish);
    expect(intent('/stylize great-wave strength:0.9')).not.toBe(wish);
    expect(intent('/stylize great-wave', { pictures: pictures(1) })).not.toBe(wish);

    const react = (change: object) => {
      const call = readReaction('🌊', someRegistry, en);
      return only(run(call, invocation({ trigger: 'reaction', ...change }))).intentKey;
    };
    expect(react({})).toBe(react(bob));
  });

  it('makes one request for each picture, each with an id of its own', () => {
    const made = requests(ask('/stylize great-wave', { pictures: pictures(4) }));
    expect(made.map(({ source }) => source)).toEqual(pictures(4).map(({ source }) => source));
    expect(new Set(made.flatMap(({ id, eventKey, intentKey }) => [id, eventKey, intentKey])).size).toBe(12);
  });

  it('asks for a picture where there is none, and for fewer where there are too many', () => {
    const none = refusal(() => ask('/stylize great-wave', { pictures: [] }));
    expect(none.code).toBe('picture-missing');
    expect(none.userMessage).toContain('/stylize starry-night');
    expect(refusal(() => ask('/stylize great-wave', { pictures: pictures(5) })).code).toBe(
      'pictures-too-many',
    );
  });
});

describe('/styles and /help', () => {
  it('lists every style with emoji, credit, and whether it is provisional', () => {
    expect(said(ask('/styles')).split('\n')).toEqual([
      'I paint in 3 styles:',
      '🌌 starry-night: The Starry Night, Vincent van Gogh, 1889',
      '🌊 great-wave: The Great Wave, Hokusai, 1831 (still being trained)',
      '⬛️ composition: Composition, Mondrian, 1930',
    ]);
  });

  it('tells of every command, and of reactions', () => {
    const text = said(ask('/help'));
    for (const command of someRegistry.commands) expect(text).toContain(`/${command.name}`);
    expect(text).toContain('/stylize <style> [strength:0–1] [keep_colors:true|false]');
    expect(text).toContain('🌌 🌊 ⬛️');
  });

  it('explains every option of one command', () => {
    const text = said(ask('/help stylize'));
    expect(text).toContain('strength: ');
    expect(text).toContain('keep_colors: ');
    expect(text).not.toContain('/styles');
    expect(refusal(() => ask('/help stilize')).userMessage).toContain('did you mean /stylize?');
  });

  it('stays sensible without any style', () => {
    const registry = createRegistry([]);
    expect(said(ask('/styles', { registry }))).toContain('no styles yet');
    expect(said(ask('/help', { registry }))).not.toContain('emoji');
    expect(refusal(() => ask('/stylize x', { registry })).code).toBe('style-unknown');
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
  expect(['en-GB', 'EN_us', 'de-DE', '', '__proto__'].map(messagesFor)).toEqual(Array(5).fill(en));
});
