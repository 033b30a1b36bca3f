import { createHash } from 'node:crypto';
import type { Owner } from './contract.ts';
import { PREFIX } from './redis.ts';
import { type QueuedRequest, sortedOptions, type Task } from './request.ts';

/** The names of all keys and channels of the queue, apart from those that BullMQ makes under the same prefix. */
export const keys: {
  /** Hash: the request and how it stands (`records.ts`). */
  readonly request: (id: string) => string;
  /** Bytes: what is needed to speak in the place, encrypted (`places.ts`). */
  readonly place: (id: string) => string;
  /** String: the request that the event or the intent stands for. */
  readonly event: (request: QueuedRequest) => string;
  readonly intent: (request: QueuedRequest) => string;
  /** Sorted set of the requests that are not finished, by the time of their admission. */
  readonly open: string;
  /** Set of the requests that wait for one inference job. */
  readonly waiters: (job: string) => string;
  /** String: what an inference job made (`results.ts`). */
  readonly result: (job: string) => string;
  /** String, kept for a moment: someone is looking at the line. */
  readonly lineLease: string;
  /** Hash: facts that the adapters keep about a request. */
  readonly notes: (id: string) => string;
  /** Sorted set of what a person has asked, open or not, by the time of its admission or of its end. */
  readonly asked: (owner: Owner) => string;
  /** String, kept for a moment: someone is editing the placeholder. */
  readonly editLease: (id: string) => string;
  /** Which process tells of a request's progress. */
  readonly editor: (id: string) => string;
  /** Sorted set of what was taken in the last hour, on a person's and on a server's account (`limits.ts`). */
  readonly personShare: (owner: Owner) => string;
  readonly serverShare: (platform: string, server: string) => string;
  /** String: JSON of what a server's managers decided (`server-settings.ts`). */
  readonly serverSettings: (platform: string, server: string) => string;
  /** By queue: the virtual time (string), and until when people and servers have paid (sorted sets; `turns.ts`). */
  readonly turns: (queue: string) => readonly [now: string, people: string, servers: string];
  /** Hash: how many seconds jobs take, by kind and size (`costs.ts`). */
  readonly costs: string;
  /** Hash: how many seconds each job in line will take, as far as one can tell. */
  readonly lineCosts: string;
  /** String: the process that sweeps. */
  readonly sweeperLease: string;
  /** The bytes of an artefact, and JSON of what is known of them (`artefacts.ts`). */
  readonly artefactBytes: (hash: string) => string;
  readonly artefactInfo: (hash: string) => string;
  /** Set: whose artefact it is (`ownerName`); lives as long as the artefact. */
  readonly owners: (hash: string) => string;
  /** When each artefact expires (sorted set), how large each is (hash), and the bytes of all together. */
  readonly books: readonly [expiry: string, sizes: string, total: string];
  /** Channel: progress of one platform's requests. */
  readonly progress: (platform: string) => string;
  /** Channel: ids of jobs that someone has cancelled. */
  readonly cancelled: string;
} = {
  request: (id) => `${PREFIX}:request:${id}`,
  place: (id) => `${PREFIX}:place:${id}`,
  event: ({ platform, eventKey }) => `${PREFIX}:event:${platform}:${digest(eventKey)}`,
  intent: ({ platform, intentKey }) => `${PREFIX}:intent:${platform}:${digest(intentKey)}`,
  open: `${PREFIX}:open`,
  waiters: (job) => `${PREFIX}:waiters:${job}`,
  result: (job) => `${PREFIX}:result:${job}`,
  lineLease: `${PREFIX}:line-lease`,
  notes: (id) => `${PREFIX}:notes:${id}`,
  asked: (owner) => `${PREFIX}:asked:${ownerName(owner)}`,
  editLease: (id) => `${PREFIX}:edit-lease:${id}`,
  editor: (id) => `${PREFIX}:editor:${id}`,
  personShare: (owner) => `${PREFIX}:share:person:${ownerName(owner)}`,
  serverShare: (platform, server) => `${PREFIX}:share:server:${platform}:${server}`,
  serverSettings: (platform, server) => `${PREFIX}:server-settings:${platform}:${server}`,
  turns: (queue) => [
    `${PREFIX}:turns:${queue}:now`,
    `${PREFIX}:turns:${queue}:people`,
    `${PREFIX}:turns:${queue}:servers`,
  ],
  costs: `${PREFIX}:costs`,
  lineCosts: `${PREFIX}:line-costs`,
  sweeperLease: `${PREFIX}:sweeper-lease`,
  artefactBytes: (hash) => `${PREFIX}:artefact:${hash}`,
  artefactInfo: (hash) => `${PREFIX}:artefact-info:${hash}`,
  owners: (hash) => `${PREFIX}:owners:${hash}`,
  books: [`${PREFIX}:artefact-expiry`, `${PREFIX}:artefact-sizes`, `${PREFIX}:artefact-total`],
  progress: (platform) => `${PREFIX}:progress:${platform}`,
  cancelled: `${PREFIX}:cancelled`,
};

/**
 * The inference job for a task on a source: the same for everyone who asks for the same thing. Options count
 * by name and value, not by their order. BullMQ refuses ids that hold `:` or are a number.
 * @param source SHA-256 (hex) of the source's bytes
 */
export function inferenceJobId(source: string, { network, options }: Task): string {
  return `inference-${digest(JSON.stringify([source, network, sortedOptions(options)]))}`;
}

/** A person in the names and values of keys: who it is can't be read from them. */
export function ownerName({ platform, person }: Owner): string {
  return `${platform}:${digest(person)}`;
}

/** SHA-256 (hex): keys made of strangers' words stay short and plain. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
