import { describe, expect, it } from 'vitest';
import { en } from '../../src/commands/messages/en.ts';
import { parseLine } from '../../src/commands/parse.ts';
import {
  choicesOf,
  mayDelete,
  type Pressed,
  picturesFor,
  requestFromPress,
} from '../../src/commands/press.ts';
import { createRegistry } from '../../src/commands/registry.ts';
import type { CommandRequest } from '../../src/commands/request.ts';
import { run } from '../../src/commands/run.ts';
import type { Outcome, Source } from '../../src/queue/request.ts';
import {
  aSource,
  invocation,
  refusal,
  someRegistry,
  someStyles,
  someUpscalers,
  usualSettings,
} from './support.ts';

async function oldRequest(): Promise<CommandRequest> {
  const call = parseLine('/stylize great-wave strength:0.5 keep_colors:true', someRegistry, en);
  const server = { id: 'g1', settings: usualSettings, manages: false };
  const answer = await run(call, invocation({ platform: 'discord', server }));
  const request = answer.kind === 'requests' ? answer.requests[0] : undefined;
  if (request === undefined) throw new Error('expected a request');
  return request;
}

const old = await oldRequest();
const pressed = (change: Partial<Pressed> & Pick<Pressed, 'action'>): Pressed => ({
  request: old.id,
  person: 'bob',
  locale: 'zh-TW',
  moderates: false,
  ...change,
});
const press = (
  change: Partial<Pressed> & Pick<Pressed, 'action'>,
  kept: readonly Source[] = [aSource('a', { alt: 'Boats' })],
  eventKey = 'press-1',
) => requestFromPress(pressed(change), eventKey, old, kept, someRegistry, 2_000);

describe('a pressed button', () => {
  it('makes a request of the presser, in the same server, from the pictures that are kept', () => {
    const request = press({ action: 'restyle', choice: 'starry-night' });
    expect(request).toMatchObject({
      platform: 'discord',
      server: 'g1',
      command: 'stylize',
      trigger: 'button',
      person: { id: 'bob', locale: 'zh-TW' },
      source: { kind: 'kept', sources: [aSource('a', { alt: 'Boats' })] },
      task: { network: 'starry-night', options: { strength: 0.5, keep_colors: true } },
      createdAt: 2_000,
    });
    expect(JSON.parse(JSON.stringify(request))).toEqual(request);
    expect(request.id).not.toBe(old.id);
  });

  it('changes the strength alone, or enlarges', () => {
    expect(press({ action: 'strength', choice: '0.25' }).task).toEqual({
      network: 'great-wave',
      options: { strength: 0.25, keep_colors: true },
    });
    const upscale = press({ action: 'upscale', choice: 'sr-x8' });
    expect(upscale).toMatchObject({ command: 'upscale', task: { network: 'sr-x8', options: {} } });
    expect(press({ action: 'upscale' }).task.network).toBe('sr-x4');
  });

  it('is one wish however often it is pressed, and by whomever', () => {
    const first = press({ action: 'upscale' });
    const again = press({ action: 'upscale' }, undefined, 'press-2');
    expect(again.id).not.toBe(first.id);
    expect(again.intentKey).toBe(first.intentKey);
    expect(press({ action: 'upscale', person: 'cat' }, undefined, 'press-3').intentKey).toBe(first.intentKey);
    expect(press({ action: 'upscale', choice: 'sr-x8' }).intentKey).not.toBe(first.intentKey);
    expect(press({ action: 'upscale' }, [aSource('b')]).intentKey).not.toBe(first.intentKey);
  });

  it('is refused in the presser’s language where pictures or networks are gone', () => {
    const gone = refusal(() => press({ action: 'strength', choice: 1 }, []));
    expect(gone).toMatchObject({ code: 'picture-gone', userMessage: expect.stringContaining('不在了') });
    expect(refusal(() => press({ action: 'restyle', choice: 'great-wav' })).code).toBe('style-unknown');
    expect(refusal(() => press({ action: 'upscale', choice: 'sr-x16' })).code).toBe('upscaler-unknown');
    for (const choice of ['2', 'x', undefined] as const) {
      const change = choice === undefined ? {} : { choice };
      expect(refusal(() => press({ action: 'strength', ...change })).code).toBe('strength-out-of-range');
    }
    expect(() => press({ action: 'cancel' })).toThrow(RangeError);
  });
});

describe('choices after a button', () => {
  const values = (action: Pressed['action'], registry = someRegistry) =>
    choicesOf(action, old, registry, en)?.map(({ value }) => value);

  it('are those that differ from what is there', () => {
    expect(values('restyle')).toEqual(['starry-night', 'composition']);
    expect(values('strength')).toEqual(['0.25', '0.75', '1']);
    expect(values('upscale')).toEqual(['sr-x8', 'sr-x4']);
    expect(choicesOf('strength', old, someRegistry, en)?.[0]?.label).toBe('25 % paint');
  });

  it('to enlarge are those by which the result does not become too large', () => {
    const catalogue = { styles: someStyles, upscalers: someUpscalers };
    const limited = createRegistry(catalogue, { upscaleMegapixels: 1 });
    const offered = (width: number, frames = 1) => {
      const artefact = { ...aSource('result'), width, height: 100, frames };
      const parts = [{ kind: 'picture', artefact, source: aSource('a'), seconds: 1 }] as const;
      return choicesOf('upscale', old, limited, en, { kind: 'pictures', parts })?.map(({ value }) => value);
    };
    expect(offered(100)).toEqual(['sr-x8', 'sr-x4']);
    expect(offered(400)).toEqual(['sr-x4']);
    expect(offered(100, 4)).toEqual(['sr-x4']);
  });

  it('are not asked for where there is nothing to choose', () => {
    const one = createRegistry({ styles: someStyles, upscalers: [{ name: 'sr-x4', factor: 4 }] });
    expect(values('upscale', one)).toBeUndefined();
    expect(values('cancel')).toBeUndefined();
    expect(values('delete')).toBeUndefined();
  });
});

it('lets the asker and moderators delete, and nobody else', () => {
  const by = (person: string, moderates = false) =>
    mayDelete(pressed({ action: 'delete', person, moderates }), old);
  expect([by('ann'), by('bob'), by('bob', true)]).toEqual([true, false, true]);
});

it('works on what was made to enlarge it, and to paint what was enlarged; else on what it was made from', () => {
  const source = aSource('a', { alt: 'Boats', spoiler: true });
  const made = { kind: 'picture', artefact: aSource('result'), source, seconds: 1 } as const;
  const broken = { kind: 'failure', code: 'x', data: {}, userMessage: 'x', incident: 'x' } as const;
  const outcome: Outcome = { kind: 'pictures', parts: [broken, made] };
  const result = { ...aSource('result'), alt: 'Boats', spoiler: true };
  const enlarged = { ...old, command: 'upscale' };
  expect(picturesFor('upscale', old, [source], outcome)).toEqual([result]);
  expect(picturesFor('restyle', old, [source], outcome)).toEqual([source]);
  expect(picturesFor('strength', old, [source], outcome)).toEqual([source]);
  expect(picturesFor('restyle', enlarged, [source], outcome)).toEqual([result]);
  expect(picturesFor('upscale', old, [source], broken)).toEqual([]);
  expect(picturesFor('upscale', old, [source], undefined)).toEqual([]);
});

it('paints what was enlarged as it is painted by default, an animation in the format that was asked for', () => {
  const task = { network: 'sr-x4', options: { animation: 'gif' } };
  const enlarged: CommandRequest = { ...old, command: 'upscale', task };
  const kept = [aSource('a')];
  const by = (change: Partial<Pressed> & Pick<Pressed, 'action'>) =>
    requestFromPress(pressed(change), 'press-1', enlarged, kept, someRegistry, 2_000);
  expect(by({ action: 'restyle', choice: 'great-wave' })).toMatchObject({
    command: 'stylize',
    task: { network: 'great-wave', options: { strength: 1, keep_colors: false, animation: 'gif' } },
  });
  expect(by({ action: 'upscale', choice: 'sr-x8' }).task).toEqual({
    network: 'sr-x8',
    options: { animation: 'gif' },
  });
});
