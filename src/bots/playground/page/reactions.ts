import { button, element } from './dom.ts';
import type { Catalogue } from './wire.ts';

/** What an emoji on a picture asks for. */
export interface Wish {
  readonly emoji: string;
  readonly name: string;
  readonly title: string;
}

export interface Reactions {
  /** Opens and closes the menu. */
  readonly button: HTMLButtonElement;
  readonly menu: HTMLElement;
  /** The emoji that were put on the picture. */
  readonly given: HTMLElement;
  show(emoji: readonly string[]): void;
}

/** Every style, and every upscaler that has an emoji. */
export function wishesOf({ styles, upscalers }: Pick<Catalogue, 'styles' | 'upscalers'>): readonly Wish[] {
  return [
    ...styles.map(({ emoji, name, artwork }) => ({
      emoji,
      name,
      title: `${artwork.title}, ${artwork.artist}`,
    })),
    ...upscalers.flatMap(({ emoji, name }) =>
      emoji === null ? [] : [{ emoji, name, title: `Enlarge ${name}` }],
    ),
  ];
}

/** The emoji that a picture can be restyled or enlarged with: a button, the menu that it opens, and the ones already given. */
export function createReactions(options: {
  readonly wishes: readonly Wish[];
  react(emoji: string): Promise<void>;
}): Reactions {
  const choose = ({ emoji, name, title }: Wish): HTMLButtonElement =>
    button(
      { 'data-emoji': emoji, title },
      async () => {
        toggle(false);
        opener.focus();
        opener.setAttribute('aria-busy', 'true');
        await options.react(emoji);
        opener.removeAttribute('aria-busy');
      },
      element('span', { class: 'emoji', 'aria-hidden': 'true' }, emoji),
      name,
    );
  const choices = options.wishes.map(choose);
  const menu = element(
    'div',
    { class: 'menu', role: 'group', 'aria-label': 'Restyle in', hidden: true },
    ...choices,
  );
  const given = element('span', { class: 'given' });
  const opener = button(
    { 'aria-expanded': 'false', 'data-does': 'react', title: 'Put an emoji on it to restyle it' },
    () => toggle(menu.hidden !== false),
    element('span', { 'aria-hidden': 'true' }, '🙂'),
    'React',
  );

  function toggle(open: boolean): void {
    menu.hidden = !open;
    opener.setAttribute('aria-expanded', String(open));
    if (open) {
      choices[0]?.focus();
      menu.scrollIntoView({ block: 'nearest' });
    }
  }

  menu.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') {
      toggle(false);
      opener.focus();
    } else if (step !== undefined) {
      event.preventDefault();
      const held = document.activeElement;
      const at = held instanceof HTMLButtonElement ? choices.indexOf(held) : -1;
      choices.at((at + step) % choices.length)?.focus();
    }
  });
  menu.addEventListener('focusout', (event) => {
    const to = event.relatedTarget;
    if (to !== opener && !(to instanceof Node && menu.contains(to))) toggle(false);
  });

  return {
    button: opener,
    menu,
    given,
    show: (emoji) => {
      const chips = [...new Set(emoji)].map((each) =>
        element('span', { class: 'chip', role: 'img', 'aria-label': `You reacted with ${each}` }, each),
      );
      given.replaceChildren(...chips);
    },
  };
}
