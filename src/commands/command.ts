import type { RequestQueue } from '../queue/contract.ts';
import type { People } from '../queue/people.ts';
import type { ServerSettings, ServerSettingsStore } from '../queue/server-settings.ts';
import type { Messages } from './messages/messages.ts';
import type { Registry } from './registry.ts';
import type { Reply } from './reply.ts';
import type { CommandRequest, PictureReference, Trigger } from './request.ts';

/** What an option is given, typed or not yet. */
export type OptionValue = string | number | boolean;

/** Something to choose from, as autocomplete shows it. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface OptionBase {
  /** As typed: lower case, with `_` between words, as Discord asks for. */
  readonly name: string;
  readonly describe: (messages: Messages) => string;
}

/** A word, with autocomplete. Required ones come first; the first one may be typed without its name. */
export interface StringOption extends OptionBase {
  readonly type: 'string';
  readonly required: boolean;
  /**
   * What a server's settings put in its place where it is not given. A platform must not insist on an option that has
   * this, even where it is `required`: not before it is asked is it known whether the server has one.
   */
  readonly byServer?: (settings: ServerSettings) => string | undefined;
  /** True where it is several words: in a typed line, what follows it without a name belongs to it. */
  readonly words?: boolean;
  /** What autocomplete offers, in the order of listing; none where it is free text. */
  readonly choices: (registry: Registry) => readonly Choice[];
  /**
   * The value that a person means by what they typed.
   * @throws UserError where it means nothing
   */
  readonly read: (typed: string, registry: Registry, messages: Messages) => string;
}

/** A number within bounds, both included. */
export interface NumberOption extends OptionBase {
  readonly type: 'number';
  readonly required: false;
  readonly min: number;
  readonly max: number;
  /** Left out where not giving it leaves things as they are. */
  readonly default?: number;
}

/** Yes or no. */
export interface BooleanOption extends OptionBase {
  readonly type: 'boolean';
  readonly required: false;
  /** Left out where not giving it leaves things as they are. */
  readonly default?: boolean;
}

/** Whatever a command can be told beside its pictures. */
export type Option = StringOption | NumberOption | BooleanOption;

/** Options by name: complete and validated, defaults filled in. */
export type OptionValues = ReadonlyMap<string, OptionValue>;

/** What commands may use beside what they are told. */
export interface Services {
  readonly queue: RequestQueue<CommandRequest>;
  readonly people: People;
  readonly serverSettings: ServerSettingsStore;
}

/** One use of a command by one person, free of any platform's terms. */
export interface Invocation {
  readonly platform: string;
  /** The platform's own event or interaction id. */
  readonly eventKey: string;
  readonly trigger: Trigger;
  readonly person: { readonly id: string; readonly locale: string };
  /** The server (guild, workspace) in which it was asked; left out in private. */
  readonly server?: {
    readonly id: string;
    readonly settings: ServerSettings;
    /** Whether the person may change its settings. */
    readonly manages: boolean;
  };
  readonly command: Command;
  readonly options: OptionValues;
  /** Pictures that came with it, or that it points to; empty where there are none. */
  readonly pictures: readonly PictureReference[];
  readonly registry: Registry;
  readonly messages: Messages;
  readonly services: Services;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What a command wants done: say something, or have work done. Requests are new; submitting is the adapter's. */
export type Answer =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'requests'; readonly requests: readonly CommandRequest[] };

/** Refuses an invocation by throwing a UserError. */
export type Precondition = (invocation: Invocation) => void;

/** What a person can ask for, the same on every platform. One file each; `registry.ts` lists them. */
export interface Command {
  /** As typed after the slash; lower case. */
  readonly name: string;
  /**
   * Its name below `/impasto`, for platforms where a command's name is taken for everyone; left out for those that keep
   * their own name there too.
   */
  readonly subcommand?: string;
  readonly describe: (messages: Messages) => string;
  readonly options: readonly Option[];
  /** True where it works on pictures: platforms offer an attachment. */
  readonly takesPicture: boolean;
  /** Who may use it; platforms may hide what is for managers (of the server) from others. */
  readonly audience: 'everyone' | 'managers';
  /** True where its reply is for the asker's eyes only. */
  readonly private: boolean;
  /** What follows the name in a line that works, for help and hints; empty where nothing need. */
  readonly example: (registry: Registry) => string;
  /** Checked in order before `run`. */
  readonly preconditions: readonly Precondition[];
  /** @throws UserError */
  readonly run: (invocation: Invocation) => Answer | Promise<Answer>;
}
