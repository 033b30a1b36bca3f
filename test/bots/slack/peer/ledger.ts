import type { Json } from './json.ts';

/** What people saw of a message at one time. */
export interface Edit {
  readonly at: number;
  readonly text: string;
  readonly blocks: readonly Json[];
  readonly metadata: Json | undefined;
}

/** A message as people see it. */
export interface SeenMessage extends Edit {
  readonly team: string;
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | undefined;
  readonly user: string;
  readonly byBot: boolean;
  readonly files: readonly Json[];
  /** Messages that were forwarded in it, and previews of links. */
  readonly attachments?: readonly Json[];
  /** Who alone sees it. */
  readonly ephemeralTo: string | undefined;
  /** Everything that it ever said, the first text first. */
  readonly edits: readonly Edit[];
  readonly reactions: ReadonlyMap<string, readonly string[]>;
  readonly deletedAt: number | undefined;
}

type Fresh = Pick<
  SeenMessage,
  'team' | 'channel' | 'ts' | 'threadTs' | 'user' | 'byBot' | 'files' | 'attachments' | 'ephemeralTo'
> &
  Omit<Edit, 'at'>;

/** Everything that was said, with its history; messages that are gone stay in it. */
export interface Ledger {
  post(message: Fresh): SeenMessage;
  edit(channel: string, ts: string, change: Partial<Omit<Edit, 'at'>>): void;
  remove(channel: string, ts: string): void;
  react(channel: string, ts: string, name: string, user: string, on: boolean): void;
  find(channel: string, ts: string): SeenMessage | undefined;
  all(): readonly SeenMessage[];
}

export function createLedger(): Ledger {
  const messages = new Map<string, Kept>();
  const at = (channel: string, ts: string) => messages.get(`${channel} ${ts}`);
  return {
    post(fresh) {
      const first: Edit = {
        at: Date.now(),
        text: fresh.text,
        blocks: fresh.blocks,
        metadata: fresh.metadata,
      };
      const kept: Kept = {
        ...fresh,
        at: first.at,
        edits: [first],
        reactions: new Map(),
        deletedAt: undefined,
      };
      messages.set(`${fresh.channel} ${fresh.ts}`, kept);
      return kept;
    },
    edit(channel, ts, change) {
      const kept = at(channel, ts);
      if (kept === undefined) return;
      kept.text = change.text ?? kept.text;
      kept.blocks = change.blocks ?? kept.blocks;
      kept.metadata = change.metadata ?? kept.metadata;
      kept.edits.push({ at: Date.now(), text: kept.text, blocks: kept.blocks, metadata: kept.metadata });
    },
    remove(channel, ts) {
      const kept = at(channel, ts);
      if (kept !== undefined) kept.deletedAt ??= Date.now();
    },
    react(channel, ts, name, user, on) {
      const reactions = at(channel, ts)?.reactions;
      const others = (reactions?.get(name) ?? []).filter((each) => each !== user);
      reactions?.set(name, on ? [...others, user] : others);
    },
    find: at,
    all: () => [...messages.values()].sort((a, b) => (a.ts < b.ts ? -1 : 1)),
  };
}

interface Kept extends SeenMessage {
  text: string;
  blocks: readonly Json[];
  metadata: Json | undefined;
  deletedAt: number | undefined;
  readonly edits: Edit[];
  readonly reactions: Map<string, readonly string[]>;
}
