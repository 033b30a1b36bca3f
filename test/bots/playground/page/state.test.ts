import { describe, expect, it } from 'vitest';
import { createState, type State } from '../../../../src/bots/playground/page/state.ts';
import type { Message, Picture } from '../../../../src/bots/playground/page/wire.ts';

function listening(): { state: State; heard: string[] } {
  const heard: string[] = [];
  const state = createState({
    put: (message, after) => heard.push(`put ${message.id} after ${after}`),
    remove: (id) => heard.push(`remove ${id}`),
    progress: ({ message, text }) => heard.push(`progress ${message} ${text}`),
  });
  return { state, heard };
}

function message(id: string, order: number, more: Partial<Message> = {}): Message {
  return {
    id,
    order,
    at: order,
    author: 'impasto',
    tone: 'plain',
    text: id,
    replyTo: null,
    pictures: [],
    reactions: [],
    request: null,
    buttons: [],
    ...more,
  };
}

function picture(id: string): Picture {
  return { id, url: `/api/pictures/${id}`, contentType: 'image/png', width: 4, height: 3, alt: id };
}

const open: Partial<Message> = { request: { id: 'r', state: 'open' } };
const progress = { message: 'a', state: 'running', text: 'Painting.' } as const;

describe('the thread as the page knows it', () => {
  it('puts each message at its place, however they come', () => {
    const { state, heard } = listening();
    state.put(message('c', 3));
    state.put(message('a', 1));
    state.put(message('b', 2));
    expect(state.messages().map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(heard).toEqual(['put c after undefined', 'put a after undefined', 'put b after a']);
  });

  it('hears of a message again only when it has changed', () => {
    const { state, heard } = listening();
    state.put(message('a', 1));
    state.put(message('a', 1));
    state.put(message('a', 1, { text: 'done' }));
    expect(heard).toHaveLength(2);
    expect(state.get('a')?.text).toBe('done');
  });

  it('forgets, after a replay of everything, what was not in it', () => {
    const { state, heard } = listening();
    state.put(message('a', 1));
    state.put(message('b', 2));
    state.replaying();
    state.put(message('b', 2));
    state.put(message('c', 3));
    state.replayed();
    expect(state.messages().map(({ id }) => id)).toEqual(['b', 'c']);
    expect(heard.slice(2)).toEqual(['put c after b', 'remove a']);
  });

  it('keeps all it has when only what was missed is replayed', () => {
    const { state } = listening();
    state.put(message('a', 1));
    state.put(message('b', 2));
    state.replayed();
    expect(state.messages()).toHaveLength(2);
  });

  it('lets the final message win over late progress', () => {
    const { state, heard } = listening();
    state.put(message('a', 1, open));
    state.progress(progress);
    state.put(message('a', 1, { request: { id: 'r', state: 'answered' } }));
    state.progress(progress);
    expect(heard.filter((line) => line.startsWith('progress'))).toEqual(['progress a Painting.']);
  });
});

describe('what a placeholder is being made from', () => {
  it("takes the answered message's picture, or else the person's latest before it", () => {
    const { state } = listening();
    state.put(message('photo', 1, { author: 'you', pictures: [picture('p')] }));
    state.put(message('words', 2, { author: 'you' }));
    state.put(message('painting', 3, { pictures: [picture('q')] }));
    expect(state.sourceOf(message('x', 4, { ...open, replyTo: 'words' }))?.id).toBe('p');
    expect(state.sourceOf(message('y', 5, { ...open, replyTo: 'painting' }))?.id).toBe('q');
    expect(state.latestPicture()?.id).toBe('p');
  });

  it('gives each of several answers its own picture', () => {
    const { state } = listening();
    state.put(message('photos', 1, { author: 'you', pictures: [picture('p'), picture('q')] }));
    const first = message('first', 2, { ...open, replyTo: 'photos' });
    const second = message('second', 3, { ...open, replyTo: 'photos' });
    state.put(first);
    state.put(second);
    expect(state.sourceOf(first)?.id).toBe('p');
    expect(state.sourceOf(second)?.id).toBe('q');
  });

  it('knows none in an empty thread', () => {
    const { state } = listening();
    expect(state.sourceOf(message('x', 1, open))).toBeUndefined();
    expect(state.latestPicture()).toBeUndefined();
  });
});
