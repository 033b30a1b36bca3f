import type { Action } from '../../commands/reply.ts';

/** What a button or a select of ours carries; Discord sends it back untouched, and takes it from nobody else. */
export interface Carried {
  /** `press`: a button below a reply; `choose`: a choice that a button asked for; `pick`: one that a menu asked for. */
  readonly kind: 'press' | 'choose' | 'pick';
  /** For `pick`, the command. */
  readonly action: string;
  /** The request that it acts on; for `pick`, what the menu's picture is kept under. */
  readonly subject: string;
  /** Whoever asked for what stands above the button. */
  readonly asker: string;
  /** Tells rows of one message apart, where a choice needs several. */
  readonly row: number;
}

const actions: readonly Action[] = ['cancel', 'restyle', 'strength', 'upscale', 'delete'];

/** At most a hundred characters, as Discord asks: a request's id and a person's take sixty of them. */
export function customId({ kind, action, subject, asker, row }: Carried): string {
  return [kind, action, subject, asker, row].join(':');
}

/** Undefined where it is none of ours. */
export function readCustomId(id: string): Carried | undefined {
  const [kind, action, subject, asker, row, ...rest] = id.split(':');
  if (kind !== 'press' && kind !== 'choose' && kind !== 'pick') return undefined;
  if (!action || !subject || !asker || row === undefined || rest.length > 0) return undefined;
  return { kind, action, subject, asker, row: Number(row) };
}

/** The action of a button; undefined for a word that names none. */
export function actionOf({ action }: Carried): Action | undefined {
  return actions.find((each) => each === action);
}
