/** What commands and their options are for, as help and a platform's own lists show it: 100 characters at most. */
export interface CommandMessages {
  readonly stylize: {
    readonly about: string;
    readonly style: string;
    readonly strength: string;
    readonly keepColors: string;
    readonly detail: string;
  };
  readonly animation: string;
  readonly upscale: { readonly about: string; readonly factor: string };
  readonly styles: { readonly about: string };
  readonly queue: { readonly about: string };
  readonly help: { readonly about: string; readonly command: string };
  readonly settings: {
    readonly about: string;
    readonly enabled: string;
    readonly channels: string;
    readonly defaultStyle: string;
    readonly emoji: string;
    readonly perPerson: string;
    readonly perServer: string;
    readonly threads: string;
  };
  readonly forget: { readonly about: string };
  /** Options that a platform adds by itself, for commands that take a picture. */
  readonly platformOptions: { readonly picture: string; readonly avatarOf: string };
}
