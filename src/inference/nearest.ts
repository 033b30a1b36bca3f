/**
 * The candidate that was probably meant by `word`: a part of it, or at most a third of its letters away
 * (insertions, deletions, replacements and swaps of neighbours count one each); undefined where none is near.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-');
  if (wanted === '') return undefined;
  const within = candidates.find((candidate) => wanted.length >= 3 && candidate.includes(wanted));
  const ranked = candidates
    .map((candidate) => ({ candidate, away: distance(wanted, candidate) }))
    .filter(({ candidate, away }) => away <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.away - b.away);
  return ranked[0]?.candidate ?? within;
}

/** Damerau and Levenshtein's distance, of neighbouring swaps only, row by row. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next[j] = Math.min(
        at(row, j) + 1,
        at(next, j - 1) + 1,
        at(row, j - 1) + (same ? 0 : 1),
        swapped ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = row;
    row = next;
  }
  return at(row, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
