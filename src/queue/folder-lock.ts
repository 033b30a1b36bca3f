import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { systemCode } from '../errors.ts';

/**
 * A process that can't be mistaken for a later one of the same number: `started` is its start time in clock
 * ticks since boot (proc(5), `stat`, field 22), and empty where there is no `/proc`.
 */
export interface ProcessMark {
  readonly pid: number;
  readonly started: string;
}

/** Who holds a state folder: the program, and the Redis that it started there (once it has). */
export interface Holder {
  readonly owner: ProcessMark;
  readonly redis?: ProcessMark;
}

/** A state folder that belongs to this process until `release`. */
export interface FolderLock {
  /** Record the Redis that runs in the folder, so that a later start can find it should we be killed. */
  note(redisPid: number): void;
  release(): void;
}

/** The lock, or who has it. */
export type LockResult =
  | { readonly held: true; readonly lock: FolderLock }
  /** `holder` is undefined where another start took the folder in this very moment. */
  | { readonly held: false; readonly holder: Holder | undefined };

/**
 * Take a folder for this process; a lock whose owner is dead is passed on, never one whose owner lives.
 * @returns `held: false` with the holder while its owner, or the Redis that it left behind, still lives
 */
export function lockFolder(folder: string): LockResult {
  const path = join(folder, 'impasto.lock');
  const own: Holder = { owner: mark(process.pid) };
  if (create(path, own)) return { held: true, lock: folderLock(path, own) };
  const holder = read(path);
  if (holder !== undefined && (alive(holder.owner) || (holder.redis !== undefined && alive(holder.redis)))) {
    return { held: false, holder };
  }
  // Moved away, not removed: of two starts that both saw it dead, one finds nothing to move and gives way.
  const aside = `${path}.${randomUUID()}`;
  if (!succeeds(() => renameSync(path, aside), 'ENOENT')) return { held: false, holder: undefined };
  const removed = read(aside);
  const stale = removed?.owner.pid === holder?.owner.pid && removed?.owner.started === holder?.owner.started;
  if (!stale) linkSync(aside, path);
  unlinkSync(aside);
  return stale && create(path, own)
    ? { held: true, lock: folderLock(path, own) }
    : { held: false, holder: stale ? read(path) : removed };
}

/** True while the very process that was marked runs. */
export function alive({ pid, started }: ProcessMark): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
  return started === '' || startTime(pid) === started;
}

function folderLock(path: string, own: Holder): FolderLock {
  return {
    note: (redisPid) => {
      const next = `${path}.${randomUUID()}`;
      writeFileSync(next, JSON.stringify({ ...own, redis: mark(redisPid) }), { mode: 0o600 });
      renameSync(next, path);
    },
    release: () => unlinkSync(path),
  };
}

function create(path: string, holder: Holder): boolean {
  const next = `${path}.${randomUUID()}`;
  writeFileSync(next, JSON.stringify(holder), { mode: 0o600 });
  try {
    // A link appears whole or not at all, so no one ever reads half a lock.
    return succeeds(() => linkSync(next, path), 'EEXIST');
  } finally {
    unlinkSync(next);
  }
}

/** Take a step; false where it fails with this code of the system. */
function succeeds(step: () => void, refusal: string): boolean {
  try {
    step();
    return true;
  } catch (error) {
    if (systemCode(error) === refusal) return false;
    throw error;
  }
}

function read(path: string): Holder | undefined {
  try {
    return holderFormat.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const markFormat = z.object({ pid: z.number(), started: z.string() });

const holderFormat: z.ZodType<Holder> = z.object({ owner: markFormat, redis: markFormat.exactOptional() });

function mark(pid: number): ProcessMark {
  return { pid, started: startTime(pid) };
}

function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in brackets and may hold blanks; the third follows the last bracket.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ESRCH') return '';
    throw error;
  }
}
