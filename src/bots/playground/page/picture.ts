import { element } from './dom.ts';
import { createReactions, type Wish } from './reactions.ts';
import type { Picture } from './wire.ts';

export interface PictureOptions {
  readonly picture: Picture;
  readonly wishes: readonly Wish[];
  /** Animate its arrival: for a painting that comes while the reader looks on. */
  readonly fresh: boolean;
  react(emoji: string): Promise<void>;
}

/** A picture in the thread, with what can be done to it. */
export interface PictureView {
  readonly root: HTMLElement;
  /** The emoji that were put on it, each once. */
  show(reactions: readonly string[]): void;
}

export function createPicture(options: PictureOptions): PictureView {
  const { picture, wishes } = options;
  const reactions = createReactions({ wishes, react: options.react });
  const image = element('img', {
    src: picture.url,
    alt: picture.alt,
    width: picture.width,
    height: picture.height,
    class: options.fresh ? 'fresh' : undefined,
  });
  const whole = element(
    'a',
    { class: 'frame', href: picture.url, target: '_blank', rel: 'noopener', title: 'Open in full' },
    image,
  );
  reserve(whole, picture);
  image.addEventListener('error', () => {
    whole.replaceWith(element('p', { class: 'caption gone' }, 'This picture is no longer stored.'));
    tools.remove();
  });

  const tools = element(
    'div',
    { class: 'tools' },
    reactions.button,
    element('a', { href: picture.url, target: '_blank', rel: 'noopener', 'data-does': 'open' }, 'Open'),
    element('a', { href: `${picture.url}?download=1`, download: true, 'data-does': 'download' }, 'Download'),
    reactions.given,
    reactions.menu,
  );
  const root = element('figure', { class: 'picture', 'data-picture': picture.id }, whole, tools);
  return { root, show: reactions.show };
}

/** An empty frame of the picture's shape with the picture faint in it, as a canvas before the first stroke. */
export function createCanvas(source: Picture): HTMLElement {
  const under = element('img', { src: source.url, alt: '', class: 'under' });
  const canvas = element('div', { class: 'frame' }, under);
  under.addEventListener('error', () => under.remove());
  reserve(canvas, source);
  return canvas;
}

/** Tell the stylesheet the picture's shape. By CSSOM, since the page's policy lets no style attribute through. */
function reserve(frame: HTMLElement, picture: Picture): void {
  frame.style.setProperty('--ratio', String(picture.width / picture.height));
  frame.style.setProperty('--width', String(picture.width));
}
