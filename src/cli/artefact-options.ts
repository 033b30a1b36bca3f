import type { Config } from '../config.ts';
import type { ArtefactOptions } from '../queue/artefacts.ts';

/** How long and how many pictures are kept, from the settings. */
export function artefactOptions({ artefactHours, artefactMegabytes }: Config): ArtefactOptions {
  return { ttlSeconds: artefactHours * 3600, budgetBytes: artefactMegabytes * 1024 ** 2 };
}
