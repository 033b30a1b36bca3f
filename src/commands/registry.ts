import type { Choice, Command, StringOption } from './command.ts';
import { help } from './help.ts';
import { nearest } from './near.ts';
import type { StyleInfo } from './style-info.ts';
import { styles } from './styles.ts';
import { stylize } from './stylize.ts';

/** All that can be asked for: every platform's commands, help and autocomplete are made from it. */
export interface Registry {
  readonly commands: readonly Command[];
  readonly styles: readonly StyleInfo[];
}

/** @param catalogue the styles that can be served just now, in the order of listing */
export function createRegistry(catalogue: readonly StyleInfo[]): Registry {
  return { commands: [stylize, styles, help], styles: catalogue };
}

/**
 * What autocomplete offers for what is typed so far: those that begin so, those that contain it, then a near
 * miss; all of them for nothing typed.
 * @param most Discord shows at most 25
 */
export function complete(
  option: StringOption,
  typed: string,
  registry: Registry,
  most = 25,
): readonly Choice[] {
  const choices = option.choices(registry);
  const word = typed.trim().toLowerCase();
  if (word === '') return choices.slice(0, most);
  const begins = choices.filter(({ value }) => value.startsWith(word));
  const contains = choices.filter(
    ({ value, label }) => !value.startsWith(word) && label.toLowerCase().includes(word),
  );
  if (begins.length + contains.length > 0) return [...begins, ...contains].slice(0, most);
  const near = nearest(
    word,
    choices.map(({ value }) => value),
  );
  return choices.filter(({ value }) => value === near);
}
