import type { types } from '@slack/bolt';

/** Letters that Slack takes in one text of a block; the rest goes into a further one. */
const MOST_LETTERS = 2_900;
/** Letters that Slack takes in a notification. */
const MOST_NOTIFIED = 3_500;

/**
 * A plain text as Slack's markup: nothing in it calls anybody; a channel's mention (`<#C1>`), a moment of `momentOf` and
 * addresses are what they are.
 */
export function markup(plain: string): string {
  const escaped = plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped
    .replace(/&lt;(#\w+|!date\^\d+\^\{time\}\|[\d: UTC]+)&gt;/g, '<$1>')
    .replace(/https?:\/\/[^\s<>|]+/g, (address) => `<${address}>`);
}

/** A moment (ms since the epoch), which Slack shows in each reader's own time. */
export function momentOf(ms: number): string {
  return `<!date^${Math.floor(ms / 1000)}^{time}|${new Date(ms).toISOString().slice(11, 16)} UTC>`;
}

/** What a person wrote, without Slack's escapes. */
export function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** A plain text as blocks. */
export function sections(plain: string): types.SectionBlock[] {
  return chunks(plain).map((chunk) => ({
    type: 'section',
    text: { type: 'mrkdwn', text: markup(chunk), verbatim: true },
  }));
}

/** A plain text as what notifications and screen readers get. */
export function notified(plain: string): string {
  return markup(clipped(plain, MOST_NOTIFIED));
}

/** At most so many letters. */
export function clipped(text: string, most: number): string {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}

/** Cut between lines. A line that is too long by itself is clipped: nobody writes one. */
function chunks(plain: string): string[] {
  const found: string[] = [];
  for (const line of plain.split('\n')) {
    const last = found.at(-1);
    const longer = last === undefined ? line : `${last}\n${line}`;
    if (last === undefined || markup(longer).length > MOST_LETTERS)
      found.push(clipped(line, MOST_LETTERS / 5));
    else found[found.length - 1] = longer;
  }
  return found.filter((chunk) => chunk.trim() !== '');
}
