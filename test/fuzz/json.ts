import fc from 'fast-check';

/** Anything that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** One thing done to a value; `at` chooses the place among all there are, modulo their number. */
export type JsonDamage =
  | { readonly kind: 'remove'; readonly at: number }
  | { readonly kind: 'replace'; readonly at: number; readonly by: Json }
  | { readonly kind: 'repeat'; readonly at: number; readonly times: number }
  | { readonly kind: 'swap'; readonly at: number; readonly from: number }
  | { readonly kind: 'nest'; readonly at: number; readonly depth: number }
  | { readonly kind: 'lengthen'; readonly at: number; readonly times: number }
  | { readonly kind: 'add'; readonly at: number; readonly name: string; readonly value: Json };

/** Words that are more to some programs than to others. */
const HOSTILE = [
  ...[
    '../../etc/passwd',
    '/etc/passwd',
    'a/../../b',
    '..',
    '%2e%2e/',
    'C:\\x',
    'file:///etc/passwd',
    'a\u0000b',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '',
    ' ',
    '-1',
    '0',
    '1e400',
    'null',
    '\ud83d',
    '\u202e',
    '<!channel>',
  ],
  ...['http://169.254.169.254/', 'https://127.0.0.1/', 'javascript:1', '9'.repeat(30)],
];
const NUMBERS = [-1, 0, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 53, 2 ** 63];

/** Any JSON value, with what programs stumble over more often than chance would have it. */
export const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom<Json>(null, true, false, {}, []),
    fc.constantFrom<Json>(...NUMBERS),
    fc.constantFrom<Json>(...HOSTILE),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom(...HOSTILE)), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
})).value;

const at = fc.nat(10_000);

/** What can be done to a value, smallest first. */
export const jsonDamage: fc.Arbitrary<JsonDamage> = fc.oneof(
  fc.record({ kind: fc.constant('remove' as const), at }),
  fc.record({ kind: fc.constant('replace' as const), at, by: json }),
  fc.record({ kind: fc.constant('swap' as const), at, from: at }),
  fc.record({
    kind: fc.constant('add' as const),
    at,
    name: fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom(...HOSTILE)),
    value: json,
  }),
  fc.record({ kind: fc.constant('repeat' as const), at, times: fc.constantFrom(2, 30, 3000) }),
  fc.record({ kind: fc.constant('lengthen' as const), at, times: fc.constantFrom(2, 500, 50_000) }),
  fc.record({ kind: fc.constant('nest' as const), at, depth: fc.constantFrom(1, 50, 700) }),
);

/** A value after damage, in order. */
export function spoilJson(value: Json, all: readonly JsonDamage[]): Json {
  return all.reduce<Json>(spoilt, value);
}

function spoilt(value: Json, done: JsonDamage): Json {
  const places = count(value);
  const target = done.at % places;
  return changed(value, { left: target }, (found) => {
    switch (done.kind) {
      case 'remove':
        return undefined;
      case 'replace':
        return done.by;
      case 'swap':
        return placeAt(value, { left: done.from % places });
      case 'add':
        return isRecord(found) ? { ...found, [done.name]: done.value } : done.value;
      case 'repeat':
        return Array.from({ length: done.times }, () => found);
      case 'lengthen':
        return typeof found === 'string'
          ? found.repeat(Math.min(done.times, 200_000 / (found.length + 1)))
          : found;
      case 'nest':
        return Array.from({ length: done.depth }).reduce<Json>((inner) => ({ inner }), found);
    }
  });
}

function isRecord(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Values in a value, that one included. */
function count(value: Json): number {
  return inside(value).reduce<number>((sum, each) => sum + count(each), 1);
}

function inside(value: Json): readonly Json[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

/** Counts down to the place that is meant, in the order in which values are met. */
interface Countdown {
  left: number;
}

function changed(value: Json, to: Countdown, change: (found: Json) => Json | undefined): Json {
  return visit(value, to, change) ?? null;
}

function visit(value: Json, to: Countdown, change: (found: Json) => Json | undefined): Json | undefined {
  if (to.left-- === 0) return change(value);
  if (Array.isArray(value)) {
    return value.flatMap((each) => {
      const kept = visit(each, to, change);
      return kept === undefined ? [] : [kept];
    });
  }
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).map(([name, each]) => [name, visit(each, to, change)] as const);
  return Object.fromEntries(kept.flatMap(([name, each]) => (each === undefined ? [] : [[name, each]])));
}

function placeAt(value: Json, to: Countdown): Json {
  let found: Json = null;
  changed(value, to, (there) => {
    found = there;
    return there;
  });
  return found;
}
