/**
 * The name that a person most likely meant: one they began to type, or the nearest within a third of its
 * letters. Undefined where none is near.
 */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  if (word === '') return undefined;
  const begun = names.find((name) => word.length >= 3 && name.toLowerCase().includes(word));
  if (begun !== undefined) return begun;
  let best: { name: string; distance: number } | undefined;
  for (const name of names) {
    const distance = editDistance(word, name.toLowerCase());
    if (distance > Math.max(1, Math.floor(name.length / 3))) continue;
    if (best === undefined || distance < best.distance) best = { name, distance };
  }
  return best?.name;
}

/**
 * Letters to insert, remove, replace or swap with their neighbour (optimal string alignment) to turn one
 * word into the other.
 */
function editDistance(from: string, to: string): number {
  const a = [...from];
  const b = [...to];
  let twoAgo: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          at(last, column) + 1,
          at(current, column - 1) + 1,
          at(last, column - 1) + (same ? 0 : 1),
          swapped ? at(twoAgo, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    twoAgo = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
