/**
 * What the server sends, as docs/playground.md has it. Page and server are of one release and one origin, so
 * the page takes these shapes at their word.
 */
export interface Picture {
  readonly id: string;
  readonly url: string;
  readonly contentType: string;
  /** Pixels, of the upright picture. */
  readonly width: number;
  readonly height: number;
  readonly alt: string;
}

export interface Message {
  readonly id: string;
  /** The thread is sorted by this. */
  readonly order: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly author: 'you' | 'impasto';
  readonly tone: 'plain' | 'hint' | 'failure';
  /** Plain text with line breaks, never markup. */
  readonly text: string;
  readonly replyTo: string | null;
  readonly pictures: readonly Picture[];
  readonly reactions: readonly { readonly picture: string; readonly emoji: string }[];
  readonly request: {
    readonly id: string;
    readonly state: 'open' | 'answered' | 'failed' | 'cancelled';
  } | null;
  /** `request` is what a button acts on. */
  readonly buttons: readonly { readonly action: string; readonly label: string; readonly request: string }[];
}

/** How the placeholder `message` stands; `fraction` (0 to 1) is there once it is being painted. */
export interface Progress {
  readonly message: string;
  readonly state: 'accepted' | 'fetching' | 'waiting' | 'running' | 'delivering';
  readonly text: string;
  readonly before?: number;
  readonly fraction?: number;
}

export interface CommandOption {
  readonly name: string;
  readonly type: 'string' | 'number' | 'boolean';
  readonly description: string;
  readonly required: boolean;
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  readonly min?: number;
  readonly max?: number;
  readonly default?: string | number | boolean;
}

export interface Command {
  readonly name: string;
  readonly description: string;
  readonly usage: string;
  readonly example: string;
  readonly takesPicture: boolean;
  readonly options: readonly CommandOption[];
}

export interface Style {
  readonly name: string;
  readonly emoji: string;
  readonly provisional: boolean;
  /** Address of a small picture, where the style has one. */
  readonly preview: string | null;
  readonly artwork: { readonly title: string; readonly artist: string; readonly year: number };
}

export interface Upscaler {
  /** As it is written after its command: `x4`. */
  readonly name: string;
  readonly emoji: string | null;
  readonly provisional: boolean;
}

export interface Limits {
  /** How many pictures one message may hold. */
  readonly pictures: number;
  readonly pictureBytes: number;
  /** Characters in one message. */
  readonly text: number;
}

/** All that help and autocomplete need. */
export interface Catalogue {
  readonly commands: readonly Command[];
  readonly styles: readonly Style[];
  readonly upscalers: readonly Upscaler[];
  readonly limits: Limits;
}

export interface Sample {
  readonly name: string;
  readonly title: string;
  readonly url: string;
}
