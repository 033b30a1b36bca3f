import { ButtonStyle, ComponentType } from 'discord.js';
import type { Choice } from '../../commands/command.ts';
import type { Button } from '../../commands/reply.ts';
import { type Carried, customId } from './custom-id.ts';
import { short } from './text.ts';

const MOST_IN_ROW = 5;
const MOST_ROWS = 5;
const MOST_OPTIONS = 25;
const MOST_IN_BUTTON = 80;

/** Buttons in rows, as Discord's API takes them. */
export function buttonRows(buttons: readonly Button[], asker: string): readonly object[] {
  const shown = buttons.slice(0, MOST_IN_ROW * MOST_ROWS).map(({ action, label, request, danger }) => ({
    type: ComponentType.Button,
    style: danger === true ? ButtonStyle.Danger : ButtonStyle.Secondary,
    label: short(label, MOST_IN_BUTTON),
    custom_id: customId({ kind: 'press', action, subject: request, asker, row: 0 }),
  }));
  return inGroups(shown, MOST_IN_ROW).map(row);
}

/** Lists to choose one from, as many as the choices need. */
export function selectRows(
  choices: readonly Choice[],
  placeholder: string,
  carried: Omit<Carried, 'row'>,
  { optional = false }: { readonly optional?: boolean } = {},
): readonly object[] {
  return inGroups(choices.slice(0, MOST_OPTIONS * MOST_ROWS), MOST_OPTIONS).map((group, index) =>
    row([
      {
        type: ComponentType.StringSelect,
        custom_id: customId({ ...carried, row: index }),
        placeholder: short(placeholder),
        ...(optional ? { min_values: 0 } : {}),
        options: group.map(({ value, label }) => ({ value, label: short(label) })),
      },
    ]),
  );
}

function row(components: readonly object[]): object {
  return { type: ComponentType.ActionRow, components };
}

/** A list in parts of at most `size`. */
export function inGroups<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const groups: T[][] = [];
  for (let at = 0; at < all.length; at += size) groups.push(all.slice(at, at + size));
  return groups;
}
