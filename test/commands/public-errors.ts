import { parseAst } from 'vitest/node';

/** An error that a source throws towards people. */
export interface PublicError {
  readonly code: string;
  /** True where its sentence is made of a language's messages there. */
  readonly said: boolean;
}

/**
 * Every `new UserError` of a source, and every `new ImpastoError` whose sentence people in a chat may read: that is not
 * reported, or has a public message.
 */
export function publicErrorsIn(code: string): readonly PublicError[] {
  const found: PublicError[] = [];
  walk(parseAst(code, { lang: 'ts' }), (node) => {
    if (node.type !== 'NewExpression' || !isNode(node.callee) || !Array.isArray(node.arguments)) return;
    const [first, second]: unknown[] = node.arguments;
    if (node.callee.name === 'UserError') found.push(...errors(codesOf(first), textOf(code, second)));
    if (node.callee.name === 'ImpastoError' && isNode(first) && Array.isArray(first.properties)) {
      const fields = new Map(first.properties.filter(isNode).map((each) => [nameOf(each), each.value]));
      const reported = isNode(fields.get('report')) && literal(fields.get('report')) === true;
      if (reported && !fields.has('publicMessage')) return;
      found.push(...errors(codesOf(fields.get('code')), textOf(code, fields.get('userMessage'))));
    }
  });
  return found;
}

function errors(codes: readonly string[], sentence: string): PublicError[] {
  return codes.map((code) => ({ code, said: sentence.startsWith('messages.') }));
}

type Node = Readonly<Record<string, unknown>>;

/** A literal, or both of a choice; a code that comes from elsewhere is seen where it is written. */
function codesOf(value: unknown): string[] {
  if (!isNode(value)) return [];
  if (value.type === 'ConditionalExpression')
    return [...codesOf(value.consequent), ...codesOf(value.alternate)];
  const code = literal(value);
  return typeof code === 'string' ? [code] : [];
}

function literal(value: unknown): unknown {
  return isNode(value) && value.type === 'Literal' ? value.value : undefined;
}

function nameOf(property: Node): string {
  return isNode(property.key) ? String(property.key.name) : '';
}

function textOf(code: string, value: unknown): string {
  return isNode(value) ? code.slice(Number(value.start), Number(value.end)) : '';
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (isNode(value)) {
    visit(value);
    for (const child of Object.values(value)) walk(child, visit);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
