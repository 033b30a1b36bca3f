import { type Channels, createChannels } from './channels.ts';
import type { QueueContext } from './context.ts';
import type { RequestQueue } from './contract.ts';
import { progress as progressFormat } from './formats.ts';
import { keys } from './keys.ts';

/** Live progress of requests, for all who listen. */
export interface ProgressNews {
  readonly listen: RequestQueue['onProgress'];
  close(): void;
}

/** The connection is made when somebody first listens. */
export function createProgressNews(context: QueueContext): ProgressNews {
  let channels: Channels | undefined;
  return {
    listen: async (platform, listener) => {
      channels ??= createChannels(context.subscriber());
      return channels.follow(keys.progress(platform), (text) => {
        try {
          listener(progressFormat.parse(JSON.parse(text)));
        } catch (error) {
          context.log.error({ err: error }, 'A listener of progress failed');
        }
      });
    },
    close: () => channels?.close(),
  };
}
