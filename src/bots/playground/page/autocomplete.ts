import { element } from './dom.ts';
import type { Suggestion, Suggestions } from './suggestions.ts';

export interface Autocomplete {
  /** Look again at what is written, and show what may come next. */
  refresh(): void;
  /** Handle a key of the field; true where it was taken, and the field must not see it. */
  key(event: KeyboardEvent): boolean;
  close(): void;
}

/**
 * The list above the field, as the ARIA combobox pattern has it: the field keeps the focus,
 * `aria-activedescendant` names the chosen option. Arrows choose, Enter or Tab take, Escape closes.
 */
export function createAutocomplete(options: {
  readonly field: HTMLInputElement;
  readonly list: HTMLElement;
  suggest(text: string): Suggestions;
  /** The field's text was changed by a choice. */
  taken(): void;
}): Autocomplete {
  const { field, list, suggest, taken } = options;
  let items: readonly Suggestion[] = [];
  let active = -1;

  const mark = (index: number): void => {
    active = index;
    for (const [at, option] of [...list.children].entries()) {
      option.setAttribute('aria-selected', String(at === active));
    }
    const chosen = list.children[active];
    if (chosen === undefined) field.removeAttribute('aria-activedescendant');
    else {
      field.setAttribute('aria-activedescendant', chosen.id);
      chosen.scrollIntoView({ block: 'nearest' });
    }
  };
  const show = (suggestions: Suggestions): void => {
    items = suggestions.items;
    list.replaceChildren(...items.map(draw));
    list.hidden = items.length === 0;
    field.setAttribute('aria-expanded', String(!list.hidden));
    mark(suggestions.eager && items.length > 0 ? 0 : -1);
  };
  const close = (): void => show({ items: [], eager: false });
  const take = (suggestion: Suggestion): void => {
    field.value = suggestion.text;
    field.setSelectionRange(field.value.length, field.value.length);
    field.scrollLeft = field.scrollWidth;
    refresh();
    taken();
  };
  const refresh = (): void => {
    // In the middle of a line there is nothing to complete.
    const atEnd = field.selectionStart === field.value.length;
    show(atEnd ? suggest(field.value) : { items: [], eager: false });
  };
  const draw = (suggestion: Suggestion, at: number): HTMLElement => {
    const option = element(
      'div',
      { role: 'option', id: `suggestion-${at}`, 'data-value': suggestion.value, 'aria-selected': 'false' },
      badge(suggestion),
      element('strong', {}, suggestion.title),
      element('small', {}, suggestion.detail),
    );
    // Before the field loses the focus to the list.
    option.addEventListener('pointerdown', (event) => event.preventDefault());
    option.addEventListener('click', () => take(suggestion));
    return option;
  };

  return {
    refresh,
    close,
    key: (event) => {
      if (items.length === 0 || event.isComposing) return false;
      const chosen = items[active];
      switch (event.key) {
        case 'ArrowDown':
          mark((active + 1) % items.length);
          return true;
        case 'ArrowUp':
          mark(active <= 0 ? items.length - 1 : active - 1);
          return true;
        case 'Escape':
          close();
          return true;
        case 'Tab':
        case 'Enter':
          if (chosen === undefined || event.shiftKey) return false;
          take(chosen);
          return true;
        default:
          return false;
      }
    },
  };
}

function badge(suggestion: Suggestion): HTMLElement {
  const inside =
    suggestion.preview === undefined
      ? (suggestion.emoji ?? '·')
      : element('img', { src: suggestion.preview, alt: '', width: 44, height: 44 });
  return element('span', { class: 'badge', 'aria-hidden': 'true' }, inside);
}
