import { describe, expect, it } from 'vitest';
import { en } from '../../src/commands/messages/en.ts';
import { parseLine } from '../../src/commands/parse.ts';
import { createRegistry } from '../../src/commands/registry.ts';
import { outcomeReply, placeholderReply, progressText } from '../../src/commands/reply.ts';
import type { CommandRequest } from '../../src/commands/request.ts';
import { run } from '../../src/commands/run.ts';
import type { Outcome, PartOutcome, Progress, RequestState, Source } from '../../src/queue/request.ts';
import { aSource, invocation, someRegistry, someStyles, someUpscalers } from './support.ts';

async function requestFor(line: string, locale = 'en'): Promise<CommandRequest> {
  const call = parseLine(line, someRegistry, en);
  const answer = await run(call, invocation({ person: { id: 'ann', locale } }));
  const request = answer.kind === 'requests' ? answer.requests[0] : undefined;
  if (request === undefined) throw new Error('expected a request');
  return request;
}

const painting = await requestFor('/stylize great-wave');
const enlarging = await requestFor('/upscale');
const made = (source: Source, factor = 1): PartOutcome => {
  const { width, height } = source;
  const artefact = { ...aSource('result'), width: width * factor, height: height * factor };
  return { kind: 'picture', artefact, source, seconds: 1.25 };
};
const pictures = (...parts: PartOutcome[]): Outcome => ({ kind: 'pictures', parts });
const failure = {
  kind: 'failure',
  code: 'image-damaged',
  data: {},
  userMessage: 'See the log.',
  incident: 'k3x9',
} as const;

describe('what is said about a request', () => {
  it('begins with a placeholder that can be cancelled', () => {
    expect(placeholderReply(painting).buttons).toEqual([
      { action: 'cancel', label: 'Cancel', request: painting.id },
    ]);
  });

  it('ends with the picture, credited, and what can be done with it', () => {
    const reply = outcomeReply(painting, pictures(made(aSource('a'))), someRegistry);
    expect(reply).toMatchObject({
      tone: 'plain',
      pictures: [{ fileName: expect.stringMatching(/^impasto-great-wave-[0-9a-f]{8}$/), spoiler: false }],
    });
    expect(reply.text).toMatch(/^The Great Wave, Hokusai, 1831\. Painted in 1\.[23] s\.$/);
    expect(reply.pictures[0]?.alt).toContain('The Great Wave');
    expect(reply.buttons.map(({ action, danger }) => [action, danger ?? false])).toEqual([
      ['restyle', false],
      ['strength', false],
      ['upscale', false],
      ['delete', true],
    ]);
  });

  it('offers nothing that the catalogue has not', () => {
    const bare = createRegistry({ styles: [], upscalers: [] });
    const actions = (request: CommandRequest) =>
      outcomeReply(request, pictures(made(aSource('a'))), bare).buttons.map(({ action }) => action);
    expect(actions(painting)).toEqual(['strength', 'delete']);
    expect(actions(enlarging)).toEqual(['delete']);
  });

  it('offers to paint what was enlarged, and to enlarge it further while that fits', () => {
    const registry = createRegistry(
      { styles: someStyles, upscalers: someUpscalers },
      { upscaleMegapixels: 0.1 },
    );
    const buttons = (factor: number) =>
      outcomeReply(enlarging, pictures(made(aSource('a'), factor)), registry).buttons.map(
        ({ action, label }) => `${action} ${label}`,
      );
    expect(buttons(1)).toEqual(['restyle Stylize…', 'upscale Upscale', 'delete Delete']);
    expect(buttons(4)).toEqual(['restyle Stylize…', 'delete Delete']);
  });

  it('states both sizes of what was enlarged', () => {
    const reply = outcomeReply(enlarging, pictures(made(aSource('a'), 4)), someRegistry);
    expect(reply.text).toContain('Enlarged 4 times');
    expect(reply.text).toContain('From 40 × 30 to 160 × 120 pixels.');
    expect(reply.pictures[0]?.alt).toContain('160 × 120');
  });

  it('carries over what hides and describes a source, and says what was done', () => {
    const source = aSource('a', { alt: ' Two boats ', spoiler: true });
    const [picture] = outcomeReply(painting, pictures(made(source)), someRegistry).pictures;
    expect(picture?.spoiler).toBe(true);
    expect(picture?.alt).toMatch(/The Great Wave.*Two boats$/);
    const long = made(aSource('a', { alt: '🌊'.repeat(5_000) }));
    const [described] = outcomeReply(enlarging, pictures(long), someRegistry).pictures;
    expect(described?.alt.length).toBeLessThan(1_700);
    expect(described?.alt).toMatch(/🌊…$/);
  });

  it('answers several pictures at once, and says which did not work', () => {
    const reply = outcomeReply(
      painting,
      pictures(made(aSource('a')), failure, made(aSource('c', { spoiler: true }))),
      someRegistry,
    );
    expect(reply.text).toContain('Painted 2 pictures in 2.5 s.');
    expect(reply.text.split('\n')[1]).toBe(`Picture 2: ${en.failures['image-damaged']} (incident k3x9)`);
    expect(reply.pictures.map(({ spoiler }) => spoiler)).toEqual([false, true]);
    expect(new Set(reply.pictures.map(({ fileName }) => fileName)).size).toBe(2);
  });

  it('names a style that is no longer listed by its name', () => {
    const reply = outcomeReply(painting, pictures(made(aSource('a'))), { styles: [], upscalers: [] });
    expect(reply.text).toContain('great-wave');
  });

  it('gives sentence and incident of a failure, and no code', () => {
    expect(outcomeReply(painting, failure, someRegistry)).toEqual({
      text: `${en.failures['image-damaged']} (incident k3x9)`,
      tone: 'failure',
      pictures: [],
      buttons: [{ action: 'delete', label: 'Delete', request: painting.id, danger: true }],
    });
  });

  it('says when it was cancelled, in the language of whoever asked', async () => {
    const cancelled = outcomeReply(painting, { kind: 'cancelled' }, someRegistry);
    expect(cancelled.text).toBe('Cancelled.');
    expect(cancelled.buttons.map(({ action }) => action)).toEqual(['delete']);
    const request = await requestFor('/stylize great-wave', 'zh-TW');
    expect(outcomeReply(request, { kind: 'cancelled' }, someRegistry).text).toBe('已取消。');
  });
});

describe('progress in words', () => {
  const text = (state: RequestState, more: Partial<Progress> = {}, request = painting) =>
    progressText({ request: request.id, platform: 'playground', state, ...more }, en, request);

  it('counts those in line and the share that is painted', () => {
    expect(text('waiting', { before: 2 })).toBe('In line, 2 before you.');
    expect(text('waiting', { before: 0 })).toBe('In line, next up.');
    expect(text('waiting', { before: 2, seconds: 31 })).toBe('In line, 2 before you: about 40 seconds.');
    expect(text('waiting', { before: 9, seconds: 61 })).toBe('In line, 9 before you: about 2 minutes.');
    expect(text('waiting', { before: 1, seconds: 4 })).toBe('In line, 1 before you.');
    expect(text('waiting')).toBe('In line.');
    expect(text('running', { fraction: 0.499 })).toBe('Painting, 49 %.');
    expect(text('running')).toBe('Painting.');
    expect(text('running', { fraction: 0.5 }, enlarging)).toBe('Enlarging, 50 %.');
  });

  it('has a sentence while the request is open, and leaves the end to the outcome', () => {
    for (const state of ['accepted', 'fetching', 'delivering'] as const) expect(text(state)).not.toBe('');
    for (const state of ['answered', 'failed', 'cancelled'] as const) expect(text(state)).toBeUndefined();
  });
});
