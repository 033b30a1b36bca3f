import { parseAst } from 'vitest/node';

/** One mention of another module. */
export interface Import {
  /** As written; undefined where it is computed, so that nobody can say what it names. */
  readonly specifier: string | undefined;
  readonly line: number;
}

/**
 * Every module that a TypeScript source mentions: static and dynamic imports, re-exports, types, and string literals
 * that name a source file beside it, as a worker's entry does.
 */
export function importsOf(code: string): readonly Import[] {
  const found = new Map<number, string | undefined>();
  walk(parseAst(code, { lang: 'ts' }), (node) => {
    if (node.type === 'ImportExpression' && literal(node.source) === undefined) {
      found.set(Number(node.start), undefined);
    }
    const text = literal(node);
    if (text !== undefined && /^\.\.?\/.*\.[jt]s$/.test(text)) found.set(Number(node.start), text);
    const named =
      literal(node.source) ??
      (node.type === 'TSExternalModuleReference' ? literal(node.expression) : undefined);
    if (named !== undefined) found.set(startOf(node.source ?? node.expression), named);
  });
  return [...found].map(([start, specifier]) => ({
    specifier,
    line: code.slice(0, start).split('\n').length,
  }));
}

type Node = Readonly<Record<string, unknown>>;

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (isRecord(value)) {
    visit(value);
    for (const child of Object.values(value)) walk(child, visit);
  }
}

function literal(node: unknown): string | undefined {
  if (!isRecord(node) || node.type !== 'Literal') return undefined;
  return typeof node.value === 'string' ? node.value : undefined;
}

function startOf(node: unknown): number {
  return isRecord(node) ? Number(node.start) : 0;
}

function isRecord(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}
