import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { artworkLabel, type StyleInfo, styleLabel } from '../../../commands/style-info.ts';
import { ImpastoError } from '../../../errors.ts';
import { contentTypeOf } from '../../../images/content-type.ts';
import type { Log } from '../../../queue/log.ts';
import { PREFIX } from '../../../queue/redis.ts';
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

/** A preview that has changed has another name, so it is uploaded anew. */
interface Preview {
  readonly style: StyleInfo;
  readonly bytes: Buffer;
  readonly field: string;
}

export function createPreviews(options: PreviewsOptions): Previews {
  const { redis, workspaces, folder, unsafeOrigins, log } = options;
  const keyOf = ({ team }: Workspace): string => `${PREFIX}:slack-previews:${team}`;
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
      const contentType = await contentTypeOf(bytes);
      const name = `impasto-${style.name}`;
      const file = await upload(voice, { bytes, contentType, name, alt: altOf(style) }, unsafeOrigins);
      await untilShowable(voice, file);
      await redis.hset(keyOf(workspace), field, file);
    } catch (error) {
      if (!(error instanceof ImpastoError)) throw error;
      log.warn(
        { style: style.name, workspace: workspace.team, err: error },
        'A preview could not be uploaded',
      );
    }
  }

  return {
    known,
    all: async (workspace) => {
      const there = await known(workspace);
      const missing = (await previews()).filter(({ style }) => !there.has(style.name));
      if (missing.length === 0) return there;
      for (const preview of missing) await give(preview, workspace);
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
