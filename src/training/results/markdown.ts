import type { Machine } from './machine.ts';

/** What stands where there is no figure. */
export const NOT_MEASURED = 'not measured';

/** A table in Markdown; columns after the first are numbers. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map(line).join('\n');
}

/** A figure by so many decimals, or that there is none. */
export function figure(value: number | undefined, decimals: number): string {
  return value === undefined || !Number.isFinite(value) ? NOT_MEASURED : value.toFixed(decimals);
}

/** A whole number with its thousands apart. */
export function whole(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value)
    ? NOT_MEASURED
    : new Intl.NumberFormat('en', { maximumFractionDigits: 0 }).format(value);
}

/** On what something was measured, in a sentence. */
export function machineLine({ cpu, cores, load, node, onnxruntime, provider, threads }: Machine): string {
  return (
    `${cpu}, ${cores} cores, load ${load} when it began; ${counted(threads, 'thread')}, ${provider}, ` +
    `onnxruntime ${onnxruntime}, Node ${node}`
  );
}

/** Sentences that hold for several tables, each once. */
export function distinct(lines: readonly string[]): string {
  return [...new Set(lines)].map((line) => `- ${line}.`.replace(/\.\.$/, '.')).join('\n');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
