import { escapeMarkdown } from 'discord.js';

const MOST_LETTERS = 2000;
const MOST_IN_LABEL = 100;

/** A plain text as Discord shows it as it is, within what one message holds. */
export function plain(text: string): string {
  const escaped = escapeMarkdown(text, { heading: true, maskedLink: true });
  if (escaped.length <= MOST_LETTERS) return escaped;
  const kept = cut(escaped, MOST_LETTERS - 2);
  // A whole line less reads better than half a line more, and never cuts an escape in two.
  const end = kept.lastIndexOf('\n');
  return `${end > 0 ? kept.slice(0, end) : kept.replace(/\\$/, '')}\n…`;
}

/** A description, a label, a name in a list: Discord takes a hundred letters. */
export function short(text: string, most: number = MOST_IN_LABEL): string {
  return text.length <= most ? text : `${cut(text, most - 1).trimEnd()}…`;
}

/** The beginning of a text, no letter of which is cut in two. */
function cut(text: string, most: number): string {
  return text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
}

/** A moment, which Discord shows in the reader's own time. */
export function moment(ms: number): string {
  return `<t:${Math.floor(ms / 1000)}:t>`;
}
