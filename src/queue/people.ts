import type { QueueContext } from './context.ts';
import type { Artefacts, Owner, RequestQueue } from './contract.ts';
import { keys, ownerName } from './keys.ts';
import { answered } from './redis.ts';
import type { ArtefactInfo, Source } from './request.ts';
import { createResults } from './results.ts';
import type { StoredRecord } from './stored-record.ts';

/** A picture that somebody was given not long ago. */
export interface Recent {
  readonly request: string;
  readonly network: string;
  readonly source: Source;
  readonly artefact: ArtefactInfo;
  /** When it was asked for: milliseconds since the epoch. */
  readonly at: number;
}

/** What is kept of a person. */
export interface People {
  /** Newest first, only those whose artefacts are still there. @throws ImpastoError `redis-away` */
  recent(platform: string, person: string, most: number): Promise<readonly Recent[]>;
  /**
   * Cancel what is open, delete pictures (sources and results) that nobody else owns, records, notes, recents. The
   * record of a request that is open goes as soon as its place was told. What was taken of the person's limits stays.
   * @returns how many of each went
   * @throws ImpastoError `redis-away`; it may be repeated
   */
  forget(platform: string, person: string): Promise<{ readonly pictures: number; readonly requests: number }>;
}

/**
 * Whose a picture is stands beside it: its owners are those who uploaded it, and those whose requests it is a source or
 * a result of.
 * @param context made from a producer's connection
 */
export function createPeople(
  context: QueueContext,
  artefacts: Artefacts,
  queue: Pick<RequestQueue, 'cancel' | 'openOf'>,
): People {
  const { redis, records } = context;
  const results = createResults(context, artefacts);

  async function recent(owner: Owner, most: number): Promise<Recent[]> {
    const found: Recent[] = [];
    for (const id of (await records.askedBy(owner)).reverse()) {
      if (found.length >= most) break;
      const record = await records.read(id);
      for (const one of record === undefined ? [] : picturesOf(record)) {
        if (found.length < most && (await stored(one))) found.push(one);
      }
    }
    return found;
  }

  async function stored({ source, artefact }: Recent): Promise<boolean> {
    const names = [source.hash, artefact.hash].map(keys.artefactInfo);
    return (await redis.exists(...names)) === names.length;
  }

  async function forget(owner: Owner): Promise<{ pictures: number; requests: number }> {
    let requests = 0;
    const jobs = new Set<string>();
    for (const id of await records.askedBy(owner)) {
      for (const { job } of (await records.read(id))?.parts ?? []) if (job !== undefined) jobs.add(job);
      // First marked, then cancelled: however soon its end comes, its record goes with it.
      if (await records.erase(id, owner)) requests++;
    }
    for (const { request } of await queue.openOf(owner.platform, owner.person)) {
      await queue.cancel(request.id, owner.person);
    }
    const pictures = await removePictures(owner);
    // What is looked for and no longer stored is no longer named either.
    for (const job of jobs) await results.find(job);
    return { pictures, requests };
  }

  /** Of all that is stored: a person's pictures outlive the records that name them, where others keep them. */
  async function removePictures(owner: Owner): Promise<number> {
    let removed = 0;
    const [stored] = keys.books;
    for (const hash of await redis.zrange(stored, 0, '-1')) {
      const disowned = await redis.srem(keys.owners(hash), ownerName(owner));
      if (disowned === 1 && (await artefacts.remove(hash))) removed++;
    }
    return removed;
  }

  return {
    recent: (platform, person, most) => answered(redis, recent({ platform, person }, most)),
    forget: (platform, person) => answered(redis, forget({ platform, person })),
  };
}

function picturesOf({ request, outcome }: StoredRecord): Recent[] {
  if (outcome?.kind !== 'pictures') return [];
  return outcome.parts.flatMap((part) =>
    part.kind === 'picture'
      ? [
          {
            request: request.id,
            network: request.task.network,
            source: part.source,
            artefact: part.artefact,
            at: request.createdAt,
          },
        ]
      : [],
  );
}
