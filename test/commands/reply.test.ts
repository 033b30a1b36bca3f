import { describe, expect, it } from 'vitest';
import { en } from '../../src/commands/messages/en.ts';
import { parseLine } from '../../src/commands/parse.ts';
import { outcomeReply, placeholderReply, progressText } from '../../src/commands/reply.ts';
import type { CommandRequest } from '../../src/commands/request.ts';
import { run } from '../../src/commands/run.ts';
import type { Progress, RequestState } from '../../src/queue/request.ts';
import { invocation, someRegistry, someStyles } from './support.ts';

function someRequest(): CommandRequest {
  const answer = run(parseLine('/stylize great-wave', someRegistry, en), invocation());
  const request = answer.kind === 'requests' ? answer.requests[0] : undefined;
  if (request === undefined) throw new Error('expected a request');
  return request;
}

const request = someRequest();
const artefact = { hash: 'ab'.repeat(32), contentType: 'image/jpeg', bytes: 10, width: 4, height: 3 };

describe('what is said about a request', () => {
  it('begins with a placeholder that can be cancelled', () => {
    expect(placeholderReply(request).buttons).toEqual([
      { action: 'cancel', label: 'Cancel', request: request.id },
    ]);
  });

  it('ends with the picture, credited', () => {
    const reply = outcomeReply(
      request,
      { kind: 'pictures', parts: [{ kind: 'picture', artefact, source: artefact, seconds: 1.25 }] },
      someStyles,
    );
    expect(reply).toMatchObject({
      tone: 'plain',
      buttons: [],
      picture: { artefact, fileName: expect.stringMatching(/^impasto-great-wave-[0-9a-f]{8}$/) },
    });
    expect(reply.text).toMatch(/^The Great Wave, Hokusai, 1831\. Painted in 1\.[23] s\.$/);
    expect(reply.picture?.alt).toContain('The Great Wave');
  });

  it('names a style that is no longer listed by its name', () => {
    const part = { kind: 'picture', artefact, source: artefact, seconds: 1 } as const;
    const reply = outcomeReply(request, { kind: 'pictures', parts: [part] }, []);
    expect(reply.text).toContain('great-wave');
  });

  it('gives sentence and incident of a failure, and no code', () => {
    const reply = outcomeReply(
      request,
      {
        kind: 'failure',
        code: 'image-damaged',
        data: {},
        userMessage: 'This file is damaged.',
        incident: 'k3x9',
      },
      someStyles,
    );
    expect(reply).toEqual({ text: 'This file is damaged. (incident k3x9)', tone: 'failure', buttons: [] });
  });

  it('says when it was cancelled', () => {
    expect(outcomeReply(request, { kind: 'cancelled' }, someStyles).text).toBe('Cancelled.');
  });
});

describe('progress in words', () => {
  const text = (state: RequestState, more: Partial<Progress> = {}) =>
    progressText({ request: request.id, platform: 'playground', state, ...more }, en);

  it('counts those in line and the share that is painted', () => {
    expect(text('waiting', { before: 2 })).toBe('In line, 2 before you.');
    expect(text('waiting', { before: 0 })).toBe('In line, next up.');
    expect(text('waiting')).toBe('In line.');
    expect(text('running', { fraction: 0.499 })).toBe('Painting, 49 %.');
    expect(text('running')).toBe('Painting.');
  });

  it('has a sentence while the request is open, and leaves the end to the outcome', () => {
    for (const state of ['accepted', 'fetching', 'delivering'] as const) expect(text(state)).not.toBe('');
    for (const state of ['answered', 'failed', 'cancelled'] as const) expect(text(state)).toBeUndefined();
  });
});
