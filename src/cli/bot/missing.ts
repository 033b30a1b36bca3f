import { ImpastoError } from '../../errors.ts';

/** Something that a bot can't start without is not set. @param sentence names it, and says where it is found */
export function missing(code: string, sentence: string): ImpastoError {
  return new ImpastoError({ code, userMessage: sentence, report: true });
}
