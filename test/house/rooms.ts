import { posix } from 'node:path';
import { type Import, importsOf } from './imports.ts';

/** A room of the house: one folder under `src/`, or the few files that count as one. */
interface Room {
  readonly name: string;
  /** Paths below `src/`; a folder ends in a slash. */
  readonly holds: readonly string[];
  /** Rooms that it may not import although they lie below it. */
  readonly notRooms?: readonly string[];
  readonly notPackages?: RegExp;
}

const platforms = /^(discord\.js|discord-api-types|@discordjs\/|@slack\/|fastify|@fastify\/)/;
const platformsAndQueue = new RegExp(`${platforms.source}|^(bullmq|ioredis)`);

/** From top to bottom: an import goes down or stays. */
const rooms: readonly Room[] = [
  { name: 'cli', holds: ['main.ts', 'cli/'] },
  {
    name: 'bots',
    holds: ['bots/'],
    notRooms: ['observing', 'inference', 'training'],
    notPackages: /^onnxruntime/,
  },
  { name: 'commands', holds: ['commands/'], notRooms: ['observing'], notPackages: platforms },
  {
    name: 'observing',
    holds: ['observing/'],
    notPackages: /^(discord\.js|discord-api-types|@discordjs\/|@slack\/)/,
  },
  { name: 'queue', holds: ['queue/'], notPackages: platforms },
  { name: 'training', holds: ['training/'], notPackages: platformsAndQueue },
  { name: 'inference', holds: ['inference/'], notPackages: platformsAndQueue },
  { name: 'graph', holds: ['graph/'], notPackages: platformsAndQueue },
  { name: 'images', holds: ['images/'], notPackages: platformsAndQueue },
  { name: 'config', holds: ['config.ts', 'config/'], notPackages: platformsAndQueue },
  { name: 'errors', holds: ['errors.ts'], notPackages: /./ },
];

/** Runs in browsers: it knows itself only. */
const page = 'bots/playground/page/';

/**
 * What breaks the order of rooms, a sentence each.
 *
 * @param files contents by path below `src/`
 */
export function violations(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files].flatMap(([file, code]) =>
    importsOf(code).flatMap((one) => {
      const wrong = whatIsWrong(file, one);
      return wrong === undefined ? [] : [`src/${file}:${one.line} ${wrong}`];
    }),
  );
}

function whatIsWrong(file: string, { specifier }: Import): string | undefined {
  const room = roomOf(file);
  if (room === undefined) return 'lies in no room';
  if (specifier === undefined) return 'imports something computed';
  const target = specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : undefined;
  if (file.startsWith(page)) {
    return target?.startsWith(page) ? undefined : `is part of the page and imports ${specifier}`;
  }
  if (target === undefined) {
    return room.notPackages?.test(specifier)
      ? `is in ${room.name}, which must not know ${specifier}`
      : undefined;
  }
  const other = roomOf(target);
  if (other === undefined) return `imports ${specifier}, which lies in no room`;
  if (rooms.indexOf(other) < rooms.indexOf(room))
    return `is in ${room.name} and imports ${other.name} above it`;
  return room.notRooms?.includes(other.name)
    ? `is in ${room.name}, which must not know ${other.name}`
    : undefined;
}

function roomOf(path: string): Room | undefined {
  return rooms.find(({ holds }) =>
    holds.some((held) => (held.endsWith('/') ? path.startsWith(held) : path === held)),
  );
}
