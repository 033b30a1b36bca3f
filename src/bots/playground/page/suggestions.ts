import type { Catalogue, Command, CommandOption, Style } from './wire.ts';

export interface Suggestion {
  readonly title: string;
  readonly detail: string;
  /** A word to find it by in tests and stylesheets: the command, style, option or value itself. */
  readonly value: string;
  readonly emoji?: string;
  /** Address of a thumbnail, shown in place of the emoji. */
  readonly preview?: string;
  /** The whole text once this is taken; the caret goes to its end. */
  readonly text: string;
}

export interface Suggestions {
  readonly items: readonly Suggestion[];
  /** Whether the first is chosen from the start, so that Enter takes it. Never for what may be left out: there Enter sends. */
  readonly eager: boolean;
}

const NONE: Suggestions = { items: [], eager: false };

/** What may come next in `text`, whose end is where the caret stands. Pure: the list is drawn elsewhere. */
export function suggest(text: string, catalogue: Catalogue): Suggestions {
  if (!text.startsWith('/')) return NONE;
  const words = text.slice(1).split(/\s+/);
  const last = words.pop() ?? '';
  const head = text.slice(0, text.length - last.length);
  const [name, ...given] = words;
  if (name === undefined) return offer(last, true, catalogue.commands.map(ofCommand));
  const command = catalogue.commands.find((each) => each.name === name);
  return command === undefined ? NONE : suggestOption(command, given, head, last, catalogue.styles);
}

/** The shortest message that carries out the first command for pictures: `/stylize starry-night`. */
export function starter(catalogue: Catalogue): string | undefined {
  const command = catalogue.commands.find((each) => each.takesPicture);
  if (command === undefined) return undefined;
  const values = command.options
    .filter((option) => option.required)
    .map((option) => option.choices?.[0]?.value);
  return values.includes(undefined) ? undefined : [`/${command.name}`, ...values].join(' ');
}

/** The command that `text` calls, where there is one of that name. */
export function commandOf(text: string, catalogue: Catalogue): Command | undefined {
  const name = /^\/(\S+)/.exec(text)?.[1];
  return catalogue.commands.find((command) => command.name === name);
}

function suggestOption(
  command: Command,
  given: readonly string[],
  head: string,
  last: string,
  styles: readonly Style[],
): Suggestions {
  const named = new Set(given.filter((word) => word.includes(':')).map((word) => word.split(':')[0]));
  const [first] = command.options;
  const positional = first !== undefined && given.some((word) => !word.includes(':'));
  const free = command.options.filter(
    (option) => !named.has(option.name) && !(positional && option === first),
  );

  const [key, value] = last.split(':', 2);
  const option = value === undefined ? undefined : free.find((each) => each.name === key);
  if (option !== undefined) return offer(value ?? '', true, valuesOf(option, `${head}${key}:`, styles));
  // The first option is written without its name, so its values stand among the names of the others.
  if (first !== undefined && free.includes(first) && first.choices !== undefined) {
    return offer(last, first.required, valuesOf(first, head, styles));
  }
  const names = free.filter((each) => !each.required).map((each) => ofOption(each, head));
  return offer(last, last !== '', names);
}

function offer(typed: string, eager: boolean, all: readonly Suggestion[]): Suggestions {
  const wanted = typed.toLowerCase();
  // A letter or two of an artist's name would find everything.
  const finds = (item: Suggestion): boolean =>
    (wanted.length < 3 ? item.value : `${item.value} ${item.detail}`).toLowerCase().includes(wanted);
  const starts = (item: Suggestion): number => (item.value.toLowerCase().startsWith(wanted) ? 0 : 1);
  // What is written out in full needs no help: Enter is free to send it.
  if (all.some((item) => item.value.toLowerCase() === wanted)) return NONE;
  return { items: all.filter(finds).sort((a, b) => starts(a) - starts(b)), eager };
}

function ofCommand(command: Command): Suggestion {
  return {
    title: `/${command.name}`,
    detail: command.description,
    value: command.name,
    emoji: '/',
    text: `/${command.name} `,
  };
}

function ofOption(option: CommandOption, head: string): Suggestion {
  const range = option.min === undefined ? option.type : `${option.min}–${option.max ?? ''}`;
  return {
    title: option.name,
    detail: `${option.description} (${option.type === 'boolean' ? 'true or false' : range})`,
    value: option.name,
    emoji: option.type === 'boolean' ? '◐' : '◔',
    text: `${head}${option.name}:`,
  };
}

function valuesOf(option: CommandOption, head: string, styles: readonly Style[]): readonly Suggestion[] {
  const of = (value: string, title: string, detail: string, more: Partial<Suggestion> = {}): Suggestion => ({
    title,
    detail,
    value,
    text: `${head}${value} `,
    ...more,
  });
  if (option.choices !== undefined) {
    return option.choices.map(({ value, label }) => {
      const style = styles.find((each) => each.name === value);
      if (style === undefined) return of(value, value, label);
      const { title, artist, year } = style.artwork;
      const more =
        style.preview === null ? { emoji: style.emoji } : { emoji: style.emoji, preview: style.preview };
      return of(value, `${style.emoji} ${value}`, `${title}, ${artist}, ${year}`, more);
    });
  }
  if (option.type === 'boolean')
    return ['true', 'false'].map((value) => of(value, value, option.description));
  const { min, max } = option;
  if (min === undefined || max === undefined) return [];
  const steps = [0.25, 0.5, 0.75, 1].map((share) => String(min + (max - min) * share));
  return steps.map((value) => of(value, value, option.description));
}
