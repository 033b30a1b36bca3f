import type { RequestQueue } from '../../queue/contract.ts';
import type { Log } from '../../queue/log.ts';
import type { EventStream } from './event-stream.ts';
import { createLiveThread, type LiveThread } from './live-thread.ts';
import type { Session } from './session.ts';
import type { PlaygroundSettings } from './settings.ts';
import type { Threads } from './threads.ts';
import type { Watch } from './watch.ts';

/** All pages that are connected to this process. */
export interface LiveThreads {
  /** Begin to hear of progress. */
  start(): Promise<void>;
  /** Let a page follow its thread until its connection ends. */
  join(session: Session, stream: EventStream, lastEventId: string | undefined): Promise<void>;
  close(): Promise<void>;
}

/** What pages are kept up to date from. */
export interface LiveThreadsOptions {
  readonly platform: string;
  readonly threads: Threads;
  readonly watch: Watch;
  readonly queue: Pick<RequestQueue, 'progress' | 'onProgress'>;
  readonly settings: PlaygroundSettings;
  readonly log: Log;
}

/** No page is connected yet. */
export function createLiveThreads(options: LiveThreadsOptions): LiveThreads {
  const { platform, threads, watch, queue, settings, log } = options;
  const joined = new Map<EventStream, LiveThread>();
  let stopProgress: (() => Promise<void>) | undefined;

  return {
    start: async () => {
      stopProgress = await queue.onProgress(platform, (progress) => {
        for (const live of joined.values()) live.progress(progress);
      });
    },
    join: async (session, stream, lastEventId) => {
      const { lostMs, streamsPerThread } = settings;
      const live = createLiveThread({ session, stream, threads, queue, lostMs, log }, lastEventId);
      const others = [...joined].filter(([, { thread }]) => thread === session.thread);
      for (const [oldest] of others.slice(0, others.length + 1 - streamsPerThread)) oldest.end();
      joined.set(stream, live);
      // First listen, then read: nothing can fall between the two.
      const leave = await watch.follow(threads.channel(session.thread), live.refresh);
      void stream.ended.then(() => {
        leave();
        joined.delete(stream);
      });
      live.refresh();
    },
    close: async () => {
      await stopProgress?.();
      const all = [...joined];
      for (const [stream] of all) stream.end();
      await Promise.all(all.map(([stream, live]) => Promise.all([stream.ended, live.settled()])));
    },
  };
}
