import { createConnection } from 'node:net';
import type { Redis } from 'ioredis';
import { connect } from '../src/queue/redis.ts';
import { eventually, memoryLog } from './queue/support.ts';

/** Secrets by what a person calls them. */
export type Secrets = Readonly<Record<string, string>>;

/**
 * Where secrets stand in a text, and how: as they are, in JSON, in an address, in hexadecimal digits, or in base64,
 * wherever in it they begin. Empty where the text holds none.
 * @param texts by what a person calls them; bytes as latin1
 */
export function findings(texts: Readonly<Record<string, string>>, secrets: Secrets): readonly string[] {
  return Object.entries(texts).flatMap(([place, text]) =>
    Object.entries(secrets).flatMap(([name, secret]) =>
      formsOf(secret).flatMap(([form, written]) =>
        text.includes(written) ? [`${place} holds ${name} (${form})`] : [],
      ),
    ),
  );
}

function formsOf(secret: string): readonly (readonly [form: string, written: string])[] {
  if (secret.length < 8) throw new Error(`a secret of ${secret.length} characters is found anywhere`);
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  // With one or two bytes before it, all other characters are other ones; those at either end depend on the neighbours.
  const base64 = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(before + 1, -4),
  );
  return [
    ['plain', secret],
    ['JSON', JSON.stringify(secret).slice(1, -1)],
    ['address', encodeURIComponent(secret)],
    ['latin1', bytes.toString('latin1')],
    ['hex', hex],
    ['hex', hex.toUpperCase()],
    ...base64.map((text) => ['base64', text] as const),
    ...base64.map((text) => ['base64url', text.replaceAll('+', '-').replaceAll('/', '_')] as const),
  ];
}

/** All that a Redis holds: the names of its keys, and what stands under each, of whichever type, as latin1. */
export async function storedIn(url: string): Promise<string> {
  const parts: string[] = [];
  for await (const { key, content } of entriesOf(url)) parts.push(key, content);
  return parts.join('\n');
}

/** Where secrets stand in all that a Redis holds, however much that is. */
export async function findingsIn(url: string, secrets: Secrets): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { key, content } of entriesOf(url)) {
    found.push(...findings({ 'a key’s name': key, [`what Redis keeps as ${key}`]: content }, secrets));
  }
  return found;
}

/** Each key of a Redis with what stands under it, as latin1. */
async function* entriesOf(url: string): AsyncGenerator<{ readonly key: string; readonly content: string }> {
  const redis = connect(url, 'consumer', memoryLog());
  try {
    for (const key of await redis.keysBuffer('*')) {
      const dump = await redis.dumpBuffer(key);
      const content = `${latin1(await contentOf(redis, key))}\n${dump?.toString('latin1') ?? ''}`;
      yield { key: latin1(key), content };
    }
  } finally {
    redis.disconnect();
  }
}

/** Redis packs what is long when it dumps it: what stands there in clear text is read by its type. */
async function contentOf(redis: Redis, key: Buffer): Promise<unknown> {
  const type = await redis.type(key);
  switch (type) {
    case 'string':
      return redis.getBuffer(key);
    case 'hash':
      return redis.callBuffer('HGETALL', key);
    case 'list':
      return redis.lrangeBuffer(key, 0, -1);
    case 'set':
      return redis.smembersBuffer(key);
    case 'zset':
      return redis.zrangeBuffer(key, '0', '-1');
    case 'stream':
      return redis.callBuffer('XRANGE', key, '-', '+');
    case 'none':
      return '';
    default:
      throw new Error(`a key of the type ${type}, which nobody reads here`);
  }
}

/** All that a log could write of a value, causes of errors too. */
export function everythingIn(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null || depth > 6) return String(value);
  const own = Object.getOwnPropertyNames(value).map((name) => [name, Reflect.get(value, name)] as const);
  return own.map(([name, each]) => `${name}=${everythingIn(each, depth + 1)}`).join(' ');
}

function latin1(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  return Array.isArray(value) ? value.map(latin1).join('\n') : String(value ?? '');
}

/**
 * Every command that a Redis is given from now on, as it is given, published messages included. By a plain connection:
 * a client's own way into MONITOR trips over commands that come while it begins.
 */
export async function watchCommands(url: string): Promise<{ readonly seen: () => string; end(): void }> {
  const redis = connect(url, 'consumer', memoryLog());
  const { path, host = 'localhost', port = 6379, password } = redis.options;
  redis.disconnect();
  const socket = createConnection(path === undefined ? { host, port } : { path });
  let given = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    given += text;
  });
  const said = [...(password ? [`AUTH ${password}`] : []), 'MONITOR'];
  socket.write(said.map((line) => `${line}\r\n`).join(''));
  await eventually(() => given.startsWith('+OK\r\n'.repeat(said.length)));
  return { seen: () => given, end: () => socket.destroy() };
}
