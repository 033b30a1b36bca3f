/** An object of JSON whose members are not known yet. */
export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that `text` holds; empty where it holds something else. */
export function readJson(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** A member's text; empty where it has none. */
export function textAt(json: Json, key: string): string {
  const value = json[key];
  return typeof value === 'string' ? value : '';
}

/** A member's objects; none where it is no array. */
export function listAt(json: Json, key: string): readonly Json[] {
  const value = json[key];
  return Array.isArray(value) ? value.filter(isJson) : [];
}

/** A member's object; empty where it is none. */
export function jsonAt(json: Json, key: string): Json {
  const value = json[key];
  return isJson(value) ? value : {};
}

/** Every object within `value`, itself first, changed by `change`. */
export function mapJson(value: unknown, change: (json: Json) => Json): unknown {
  if (Array.isArray(value)) return value.map((item) => mapJson(item, change));
  if (!isJson(value)) return value;
  const changed = change(value);
  return Object.fromEntries(Object.entries(changed).map(([key, item]) => [key, mapJson(item, change)]));
}

/** Every object within `value`, itself first, with its JSON pointer. */
export function* walkJson(
  value: unknown,
  pointer = '',
): Generator<{ readonly json: Json; readonly pointer: string }> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* walkJson(item, `${pointer}/${index}`);
  } else if (isJson(value)) {
    yield { json: value, pointer };
    for (const [key, item] of Object.entries(value)) yield* walkJson(item, `${pointer}/${key}`);
  }
}
