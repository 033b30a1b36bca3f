import type { QueueContext } from './context.ts';
import type { Artefacts } from './contract.ts';
import { result } from './formats.ts';
import { keys } from './keys.ts';
import type { ArtefactInfo } from './request.ts';

/** What an inference job has made. */
export interface Made {
  readonly artefact: ArtefactInfo;
  readonly seconds: number;
}

/** What inference jobs have made, so that a wish that was granted before is granted at once. */
export interface Results {
  /** Undefined where the job has made nothing yet, or where what it made has expired; renews its TTL otherwise. */
  find(job: string): Promise<Made | undefined>;
  keep(job: string, made: Made): Promise<void>;
}

/** Results live as long as records do; what they name may expire before. */
export function createResults({ redis, settings }: QueueContext, artefacts: Artefacts): Results {
  return {
    find: async (job) => {
      const text = await redis.get(keys.result(job));
      if (text === null) return undefined;
      const made = result.parse(JSON.parse(text));
      if (await artefacts.touch(made.artefact.hash)) return made;
      await redis.del(keys.result(job));
      return undefined;
    },
    keep: async (job, { artefact, seconds }) => {
      await redis.set(keys.result(job), JSON.stringify({ artefact, seconds }), 'EX', settings.recordSeconds);
    },
  };
}
