/** What a run came to: figures by name, and what was missed. */
export interface Report {
  readonly title: string;
  readonly figures: Readonly<Record<string, string | number>>;
  readonly misses: readonly string[];
}

/** How many of the misses are told one by one. */
const TOLD = 50;

/** A table for people, and each miss on a line of its own. */
export function written({ title, figures, misses }: Report): string {
  const rows = Object.entries(figures).map(([name, value]) => [name, String(value)] as const);
  const widest = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(widest)}  ${value}`);
  const missed = misses.slice(0, TOLD).map((miss) => `MISSED ${miss}`);
  const more = misses.length > TOLD ? [`… and ${misses.length - TOLD} more`] : [];
  return [title, ...lines, ...missed, ...more, misses.length === 0 ? 'Held.' : 'MISSED.'].join('\n');
}

/** How often each was said, the most frequent first: `3 × “…”`. */
export function tally(all: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a);
  return sorted.map(([one, count]) => `${count} × “${one}”`).join(', ') || 'none';
}

/** `90 s` as `1:30`. */
export function clock(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
