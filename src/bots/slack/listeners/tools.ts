import type { Registry } from '../../../commands/registry.ts';
import type { CommandRequest } from '../../../commands/request.ts';
import type { RequestQueue } from '../../../queue/contract.ts';
import type { Log } from '../../../queue/log.ts';
import type { People } from '../../../queue/people.ts';
import type { ServerSettingsStore } from '../../../queue/server-settings.ts';
import type { Invoker } from '../../invoke.ts';
import type { Presses } from '../../press.ts';
import type { Gallery } from '../answer/gallery.ts';
import type { Hints } from '../answer/hints.ts';
import type { Previews } from '../answer/previews.ts';
import type { Asking } from '../asking.ts';
import type { EmojiNames } from '../emoji-names.ts';
import type { Modals } from '../modals.ts';
import type { Workspaces } from '../workspaces.ts';

/** What listeners answer with; made in one place and handed down. */
export interface Tools {
  readonly platform: string;
  readonly asking: Asking;
  readonly invoker: Invoker;
  readonly presses: Presses;
  readonly registry: Registry;
  readonly queue: RequestQueue<CommandRequest>;
  readonly people: People;
  readonly serverSettings: ServerSettingsStore;
  readonly workspaces: Workspaces;
  readonly hints: Hints;
  readonly previews: Previews;
  readonly gallery: Gallery;
  readonly modals: Modals;
  readonly emojis: EmojiNames;
  readonly mostPictures: number;
  readonly log: Log;
}
