type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Make an element. Attributes that are `undefined` or `false` are left out, `true` stands empty; children are
 * appended as they are, strings as text (never as markup).
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children);
  return made;
}

/**
 * The element of the page under `id`, known to be of the given class.
 * @throws TypeError where index.html does not hold it: a defect of the page, not of its reader.
 */
export function byId<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`expected a ${kind.name} with id ${id} in the page`);
  return found;
}

/** A `<button type="button">` that calls `press`. */
export function button(
  attributes: Attributes,
  press: (event: MouseEvent) => void,
  ...children: readonly (Node | string)[]
): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, ...children);
  made.addEventListener('click', press);
  return made;
}
