import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { artworkLabel, type StyleInfo, styleLabel } from '../../../commands/style-info.ts';
import { ImpastoError } from '../../../errors.ts';
import { contentTypeOf } from '../../../images/content-type.ts';
import { createLease } from '../../../queue/lease.ts';
import type { Log } from '../../../queue/log.ts';
import { PREFIX } from '../../../queue/redis.ts';
import { isCoded } from '../errors.ts';
import type { Workspace } from '../where.ts';
import type { Workspaces } from '../workspaces.ts';
import type { ShownPicture } from './blocks.ts';
import { untilShowable, upload } from './upload.ts';

/** Example paintings, as files of a workspace. */
export interface Previews {
  /** Those that the workspace holds already, by style; the rest is not waited for. */
  known(workspace: Workspace): Promise<ReadonlyMap<string, ShownPicture>>;
  /** The same once all are uploaded, each once for a workspace. One that can't be had is left out, and logged. */
  all(workspace: Workspace): Promise<ReadonlyMap<string, ShownPicture>>;
  /** A file of theirs was deleted in the workspace: upload all again when they are next wanted. */
  forget(workspace: Workspace): Promise<void>;
}

/** What previews are made from. */
export interface PreviewsOptions {
  readonly redis: Redis;
  readonly workspaces: Workspaces;
  readonly styles: readonly StyleInfo[];
  /** Folder that the styles' `preview` paths start from. */
  readonly folder: string;
  readonly unsafeOrigins: readonly string[];
  readonly log: Log;
}

/** Longer than one upload takes. */
const UPLOADING_MS = 90_000;
/** How long somebody waits whose previews another process uploads, and how often it is asked for them. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 200;

/** A preview that has changed has another name, so it is uploaded anew. */
interface Preview {
  readonly style: StyleInfo;
  readonly bytes: Buffer;
  readonly field: string;
}

export function createPreviews(options: PreviewsOptions): Previews {
  const { redis, workspaces, folder, unsafeOrigins, log } = options;
  const keyOf = ({ team }: Workspace): string => `${PREFIX}:slack-previews:${team}`;
  /** Beside a preview's own field: a file that was uploaded and could not be shown yet. */
  const lateOf = (field: string): string => `${field}.late`;
  const underWay = new Map<string, Promise<void>>();
  let read: Promise<readonly Preview[]> | undefined;

  function previews(): Promise<readonly Preview[]> {
    read ??= Promise.all(options.styles.map((style) => readPreview(style, folder, log))).then((all) =>
      all.flat(),
    );
    return read;
  }

  async function known(workspace: Workspace): Promise<ReadonlyMap<string, ShownPicture>> {
    const files = await redis.hgetall(keyOf(workspace));
    const found = new Map<string, ShownPicture>();
    for (const { style, field } of await previews()) {
      const file = files[field];
      if (file !== undefined) found.set(style.name, { file, alt: altOf(style) });
    }
    return found;
  }

  async function give({ style, bytes, field }: Preview, workspace: Workspace): Promise<void> {
    try {
      const voice = await workspaces.voice(workspace);
      const key = keyOf(workspace);
      let file = await redis.hget(key, lateOf(field));
      if (file === null) {
        const contentType = await contentTypeOf(bytes);
        const name = `impasto-${style.name}`;
        file = await upload(voice, { bytes, contentType, name, alt: altOf(style) }, unsafeOrigins);
        await redis.hset(key, lateOf(field), file);
      }
      await untilShowable(voice, file);
      await redis.multi().hset(key, field, file).hdel(key, lateOf(field)).exec();
    } catch (error) {
      if (!(error instanceof ImpastoError)) throw error;
      // It was deleted before it was ever shown.
      if (isCoded(error, 'picture-link-expired')) await redis.hdel(keyOf(workspace), lateOf(field));
      log.warn(
        { style: style.name, workspace: workspace.team, err: error },
        'A preview could not be uploaded',
      );
    }
  }

  async function missing(workspace: Workspace): Promise<readonly Preview[]> {
    const there = await known(workspace);
    return (await previews()).filter(({ style }) => !there.has(style.name));
  }

  /** Upload what is missing, or wait until whoever does so is done. */
  async function fill(workspace: Workspace): Promise<void> {
    const lease = createLease(redis, `${keyOf(workspace)}:uploading`);
    const end = Date.now() + PATIENCE_MS;
    while (!(await lease.take(UPLOADING_MS))) {
      await pause(LOOK_MS);
      if (Date.now() > end || (await missing(workspace)).length === 0) return;
    }
    try {
      for (const preview of await missing(workspace)) {
        if (!(await lease.take(UPLOADING_MS))) return;
        await give(preview, workspace);
      }
    } finally {
      await lease.release();
    }
  }

  /** However many people of a workspace want them: once in this process. */
  async function filled(workspace: Workspace): Promise<void> {
    const key = keyOf(workspace);
    const filling = underWay.get(key) ?? fill(workspace).finally(() => underWay.delete(key));
    underWay.set(key, filling);
    await filling;
  }

  return {
    known,
    all: async (workspace) => {
      if ((await missing(workspace)).length > 0) await filled(workspace);
      return known(workspace);
    },
    forget: async (workspace) => {
      await redis.del(keyOf(workspace));
    },
  };
}

async function readPreview(style: StyleInfo, folder: string, log: Log): Promise<readonly Preview[]> {
  if (style.preview === undefined) return [];
  try {
    const bytes = await readFile(join(folder, style.preview));
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    return [{ style, bytes, field: `${style.name}.${hash}` }];
  } catch (error) {
    log.warn({ style: style.name, err: error }, 'A preview could not be read');
    return [];
  }
}

function altOf(style: StyleInfo): string {
  return `${styleLabel(style)}: ${artworkLabel(style)}`;
}
