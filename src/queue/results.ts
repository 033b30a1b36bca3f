import type { QueueContext } from './context.ts';
import type { Artefacts } from './contract.ts';
import { result } from './formats.ts';
import { keys } from './keys.ts';
import type { ArtefactInfo, Outcome } from './request.ts';

/** What inference jobs have made, so that a wish that was granted before is granted at once. */
export interface Results {
  /** Undefined where the job has made nothing yet, or where what it made has expired; renews its TTL otherwise. */
  find(job: string, source: ArtefactInfo): Promise<Outcome | undefined>;
  keep(job: string, artefact: ArtefactInfo, seconds: number): Promise<void>;
}

/** Results live as long as records do; what they name may expire before. */
export function createResults({ redis, settings }: QueueContext, artefacts: Artefacts): Results {
  return {
    find: async (job, source) => {
      const text = await redis.get(keys.result(job));
      if (text === null) return undefined;
      const { artefact, seconds } = result.parse(JSON.parse(text));
      if (await artefacts.touch(artefact.hash)) return { kind: 'picture', artefact, source, seconds };
      await redis.del(keys.result(job));
      return undefined;
    },
    keep: async (job, artefact, seconds) => {
      await redis.set(keys.result(job), JSON.stringify({ artefact, seconds }), 'EX', settings.recordSeconds);
    },
  };
}
