import { en } from '../../commands/messages/en.ts';
import { ImpastoError } from '../../errors.ts';

/** Bounds how many uploads go on at once. */
export interface UploadTurns {
  /** Begin one; call what is returned when it is over. @throws ImpastoError `too-many-uploads` */
  begin(session: string): () => void;
}

/**
 * @param most of all sessions together
 * @param mostOfOne of one session, so that its slow uploads do not keep all others out
 */
export function createTurns(most: number, mostOfOne: number): UploadTurns {
  const underWay = new Map<string, number>();
  let total = 0;

  return {
    begin: (session) => {
      const own = underWay.get(session) ?? 0;
      if (total >= most || own >= mostOfOne) throw tooManyUploads();
      total++;
      underWay.set(session, own + 1);
      return () => {
        total--;
        const left = (underWay.get(session) ?? 1) - 1;
        if (left === 0) underWay.delete(session);
        else underWay.set(session, left);
      };
    },
  };
}

function tooManyUploads(): ImpastoError {
  return new ImpastoError({
    code: 'too-many-uploads',
    userMessage: en.failures['too-many-uploads'],
    retryable: true,
  });
}
