import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { en } from '../../commands/messages/en.ts';
import { refuse } from '../../commands/messages/failures.ts';
import type { UserError } from '../../errors.ts';
import type { Artefacts } from '../../queue/contract.ts';
import { artefactInfo } from '../../queue/formats.ts';
import { answered } from '../../queue/redis.ts';
import type { ArtefactInfo } from '../../queue/request.ts';
import type { Picture } from './page/wire.ts';

/** What the playground knows of a picture: an artefact under a name that cannot be guessed. */
export interface PictureRecord {
  /** 128 random bits, base64url. Whoever knows it may see the picture. */
  readonly id: string;
  /** The thread that it belongs to; nobody else may use it. */
  readonly thread: string;
  readonly artefact: ArtefactInfo;
  readonly alt: string;
  /** Without an ending. */
  readonly fileName: string;
}

/** Pictures of threads, in Redis. The bytes are artefacts, and may be gone before the record of them is. */
export interface Pictures {
  add(about: Omit<PictureRecord, 'id'>): Promise<PictureRecord>;
  find(id: string): Promise<PictureRecord | undefined>;
  /**
   * One that is still stored, for a little longer: its artefact's TTL begins anew.
   * @throws UserError `picture-unknown` (not in this thread), `picture-expired`
   */
  use(id: string, thread: string): Promise<PictureRecord>;
  /** The picture that a command without one means. */
  latest(thread: string): Promise<string | undefined>;
  setLatest(thread: string, id: string): Promise<void>;
}

/** Where pictures are noted, and for how long. */
export interface PicturesOptions {
  /** Stands before every key. */
  readonly prefix: string;
  readonly threadSeconds: number;
}

const pictureRecord: z.ZodType<PictureRecord> = z.object({
  id: z.string(),
  thread: z.string(),
  artefact: artefactInfo,
  alt: z.string(),
  fileName: z.string(),
});

/** Records in Redis, each with the TTL of its thread. */
export function createPictures(redis: Redis, artefacts: Artefacts, options: PicturesOptions): Pictures {
  const key = (id: string): string => `${options.prefix}:playground:picture:${id}`;
  const latestKey = (thread: string): string => `${options.prefix}:playground:latest:${thread}`;
  const keep = (name: string, value: string): Promise<unknown> =>
    answered(redis, redis.set(name, value, 'EX', options.threadSeconds));

  async function find(id: string): Promise<PictureRecord | undefined> {
    const json = await answered(redis, redis.get(key(id)));
    return json === null ? undefined : pictureRecord.parse(JSON.parse(json));
  }

  return {
    find,
    add: async (about) => {
      const record = { ...about, id: randomBytes(16).toString('base64url') };
      await keep(key(record.id), JSON.stringify(record));
      return record;
    },
    use: async (id, thread) => {
      const record = await find(id);
      if (record?.thread !== thread) throw refuse(en, 'picture-unknown');
      if (!(await answered(redis, artefacts.touch(record.artefact.hash)))) throw pictureExpired();
      await keep(key(id), JSON.stringify(record));
      return record;
    },
    latest: async (thread) => (await answered(redis, redis.get(latestKey(thread)))) ?? undefined,
    setLatest: async (thread, id) => {
      await keep(latestKey(thread), id);
    },
  };
}

/** Its record is there, its bytes are gone. */
export function pictureExpired(): UserError {
  return refuse(en, 'picture-expired');
}

/** As the page sees it. */
export function pictureView({ id, artefact, alt }: PictureRecord): Picture {
  const { contentType, width, height } = artefact;
  return { id, url: `/api/pictures/${id}`, contentType, width, height, alt };
}
