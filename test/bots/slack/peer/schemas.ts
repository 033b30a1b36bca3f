import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';
import { isJson, type Json, jsonAt, listAt, readJson, textAt } from './json.ts';

/** Checks what a bot sends against the SDK's own types. */
export interface Schemas {
  /** What is wrong with a method's arguments; nothing where the method is not known. */
  request(method: string, value: Json): readonly string[];
  knows(method: string): boolean;
  /** What is wrong with one block, against the member of `KnownBlock` that has its type. */
  block(value: Json): readonly string[];
  /** What is wrong with a view, its blocks aside. */
  view(value: Json): readonly string[];
}

const root = join(import.meta.dirname, '..', '..', '..', '..');
const source = join(import.meta.dirname, 'bot-requests.ts');

/** Make the schemas, or read those that an earlier run made from the same types. */
export function loadSchemas(): Schemas {
  const { parts, properties } = readParts(generated());
  const ajv = new Ajv({ allErrors: false, strict: false, inlineRefs: false });
  ajv.addSchema({ $id: 'parts', definitions: parts });
  const compiled = new Map<string, ValidateFunction>();
  const check = (name: string, schema: () => unknown, value: Json): readonly string[] => {
    const made = compiled.get(name) ?? ajv.compile({ ...object(schema()) });
    compiled.set(name, made);
    return made(value) ? [] : (made.errors ?? []).map(sentence);
  };
  return {
    knows: (method) => method in properties,
    request: (method, value) => check(method, () => properties[method], value),
    view: (value) => {
      const type = textAt(value, 'type');
      if (type !== 'home' && type !== 'modal') return [`a view of type “${type}”`];
      return check(type, () => properties[type], value);
    },
    block: (value) => {
      const type = textAt(value, 'type');
      const schema = { anyOf: blocksOf(jsonAt(properties, 'block'), type) };
      if (schema.anyOf.length === 0) return [`a block of type “${type}”`];
      return check(`block ${type}`, () => schema, value);
    },
  };
}

function blocksOf(union: Json, type: string): readonly Json[] {
  const typeOf = (schema: Json) => textAt(jsonAt(jsonAt(schema, 'properties'), 'type'), 'const');
  return listAt(union, 'anyOf').filter((schema) => typeOf(schema) === type);
}

function object(value: unknown): Json {
  if (!isJson(value)) throw new Error('there is no schema for it');
  return value;
}

function sentence({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath || '/'} ${message ?? 'is wrong'} ${JSON.stringify(params)}`;
}

function readParts(kept: Json): { readonly parts: Json; readonly properties: Json } {
  return { parts: jsonAt(kept, 'parts'), properties: jsonAt(kept, 'properties') };
}

/** Parts at least so long that stand more than once are stated once. */
const PART_LENGTH = 120;

/**
 * The schemas with what they repeat moved out: the generator writes every type in place, and compiling the same
 * button a hundred times takes seconds.
 */
function shared({ definitions }: Json): Json {
  const properties = jsonAt(jsonAt({ definitions }, 'definitions'), 'BotRequests').properties;
  const names = new Map<string, string>();
  const parts: Record<string, unknown> = {};
  const move = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(move);
    if (!isJson(value)) return value;
    const made = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, move(item)]));
    const text = JSON.stringify(made);
    if (!('type' in made || 'anyOf' in made) || typeof made.type === 'object' || text.length < PART_LENGTH)
      return made;
    const name = names.get(text) ?? `part${names.size}`;
    names.set(text, name);
    parts[name] = made;
    return { $ref: `parts#/definitions/${name}` };
  };
  const moved = Object.entries(isJson(properties) ? properties : {}).map(([key, value]) => {
    const inner = isJson(value) ? value : {};
    // The union of blocks is looked into by its members' types, so its first level stays.
    const kept =
      key === 'block' ? { anyOf: listAt(inner, 'anyOf').map(inPlace(move)) } : inPlace(move)(inner);
    return [key, kept] as const;
  });
  return { parts, properties: Object.fromEntries(moved) };
}

/** A schema whose parts are moved, but not itself, nor the list of its properties. */
function inPlace(move: (value: unknown) => unknown): (schema: Json) => Json {
  return (schema) => {
    const properties = Object.entries(jsonAt(schema, 'properties')).map(([key, value]) => [key, move(value)]);
    const alternatives = Array.isArray(schema.anyOf) ? { anyOf: schema.anyOf.map(move) } : {};
    return {
      ...schema,
      ...('properties' in schema ? { properties: Object.fromEntries(properties) } : {}),
      ...alternatives,
    };
  };
}

/** Generating takes seconds, so what comes of it is kept below the system's temporary folder. */
function generated(): Json {
  const versions = ['@slack/web-api', '@slack/types', 'ts-json-schema-generator'].map((name) =>
    textAt(readJson(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')), 'version'),
  );
  const key = createHash('sha256')
    .update(readFileSync(source))
    .update(versions.join())
    .update(readFileSync(import.meta.filename))
    .digest('hex');
  const folder = join(tmpdir(), `impasto-slack-schemas-${process.getuid?.() ?? 0}`);
  const file = join(folder, `${key}.json`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    return readJson(readFileSync(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const schema = createGenerator({
    path: source,
    tsconfig: join(root, 'tsconfig.json'),
    type: 'BotRequests',
    expose: 'none',
    jsDoc: 'none',
    skipTypeCheck: true,
  }).createSchema('BotRequests');
  const text = JSON.stringify(shared(readJson(JSON.stringify(schema))));
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
  return readJson(text);
}
