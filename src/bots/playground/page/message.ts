import { button, element } from './dom.ts';
import { createCanvas, createPicture, type PictureView } from './picture.ts';
import type { Wish } from './reactions.ts';
import type { Message, Picture, Progress } from './wire.ts';

export interface MessageActions {
  react(message: string, picture: string, emoji: string): Promise<void>;
  cancel(request: string): Promise<void>;
}

export interface MessageOptions {
  readonly message: Message;
  readonly wishes: readonly Wish[];
  readonly actions: MessageActions;
  /** What an open placeholder is being made from. */
  readonly source: Picture | undefined;
}

export interface MessageView {
  readonly root: HTMLElement;
  update(message: Message): void;
  progress(progress: Progress): void;
}

/** One message of the thread. It changes in place, and keeps the pictures that it has already drawn. */
export function createMessage(options: MessageOptions): MessageView {
  const { message, actions } = options;
  const drawn = new Map<string, PictureView>();
  const wait = createWait(options);
  const body = element('div', { class: 'body' });
  const root = element(
    'article',
    { class: `message ${message.author}`, 'data-message': message.id, 'aria-label': byline(message) },
    avatar(message.author),
    element(
      'p',
      { class: 'byline' },
      element('strong', {}, nameOf(message.author)),
      element('time', { datetime: new Date(message.at).toISOString() }, clock(message.at)),
    ),
    body,
  );
  // What speaks of other requests, such as a list of them, has its buttons below it.
  const cancels = message.request === null ? createCancels(message, actions) : [];
  const offers = cancels.length === 0 ? [] : [element('div', { class: 'tools' }, ...cancels)];
  let waited = false;
  let said: { readonly of: string; readonly words: readonly HTMLElement[] } = { of: '', words: [] };

  const show = (now: Message): void => {
    const open = now.request?.state === 'open';
    root.dataset.state = now.request?.state ?? 'said';
    const pictures = now.pictures.map((picture) => {
      const view = drawn.get(picture.id) ?? createPicture(pictureOptions(picture));
      drawn.set(picture.id, view);
      view.show(now.reactions.filter((each) => each.picture === picture.id).map((each) => each.emoji));
      return view.root;
    });
    if (open) wait.say(now.text);
    const of = `${now.tone} ${now.text}`;
    if (said.of !== of) said = { of, words: words(now) };
    const inside = [...(open ? [wait.root] : said.words), ...pictures, ...offers];
    // A picture taken out and put back would arrive again before the reader's eyes, and lose the keyboard.
    if (inside.some((child, at) => body.children[at] !== child) || body.children.length !== inside.length) {
      body.replaceChildren(...inside);
    }
    waited = open;
  };
  const pictureOptions = (picture: Picture): Parameters<typeof createPicture>[0] => ({
    picture,
    wishes: options.wishes,
    fresh: waited,
    react: (emoji) => actions.react(message.id, picture.id, emoji),
  });

  show(message);
  return { root, update: show, progress: wait.progress };
}

/** The placeholder's inside: how it stands, a bar, and a way out. */
function createWait({ message, actions, source }: MessageOptions): {
  readonly root: HTMLElement;
  say(text: string): void;
  progress(progress: Progress): void;
} {
  const text = element('p', { class: 'text stand' });
  const bar = element('progress', { max: 1, 'aria-label': 'How far the picture is' });
  const cancels = createCancels(message, actions);
  // Read aloud once as it begins and once as it ends, not at every step between.
  const root = element(
    'div',
    { class: 'wait', 'aria-live': 'off' },
    text,
    ...(source === undefined ? [] : [createCanvas(source)]),
    element('div', { class: 'tools' }, bar, ...cancels),
  );
  return {
    root,
    say: (said) => {
      text.textContent = said;
    },
    progress: (progress) => {
      text.textContent = progress.text;
      if (progress.fraction === undefined) bar.removeAttribute('value');
      else bar.value = progress.fraction;
    },
  };
}

/** A button for each request that this message offers to cancel. */
function createCancels({ buttons }: Message, actions: MessageActions): readonly HTMLElement[] {
  return buttons
    .filter(({ action }) => action === 'cancel')
    .map(({ label, request }) => {
      const cancel = button(
        { 'data-does': 'cancel' },
        async () => {
          cancel.setAttribute('aria-disabled', 'true');
          await actions.cancel(request);
          cancel.removeAttribute('aria-disabled');
        },
        label,
      );
      return cancel;
    });
}

function words(message: Message): readonly HTMLElement[] {
  if (message.text === '') return [];
  const kind = message.tone === 'plain' ? (message.text.startsWith('/') ? 'command' : 'plain') : message.tone;
  const lines = message.text.split('\n').map((line) => element('span', { class: 'line' }, line));
  return [element('p', { class: `text ${kind}` }, ...lines)];
}

function avatar(author: Message['author']): HTMLElement {
  return author === 'you'
    ? element('span', { class: 'avatar you', 'aria-hidden': 'true' }, 'you')
    : element('img', { class: 'avatar', src: 'logo.svg', alt: '', width: 38, height: 38 });
}

function byline(message: Message): string {
  return `${nameOf(message.author)}, ${clock(message.at)}`;
}

function nameOf(author: Message['author']): string {
  return author === 'you' ? 'You' : 'Impasto';
}

function clock(at: number): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}
