/** What commands answer that make no picture. */
export interface AnswerMessages {
  readonly helpHead: string;
  readonly helpReaction: (about: { readonly emojis: readonly string[] }) => string;
  /** One line for each way to give a picture. */
  readonly helpPictures: Readonly<Record<'discord' | 'slack' | 'playground', readonly string[]>>;
  /** Two lines; `hours` is undefined where it is not known. */
  readonly helpPrivacy: (about: { readonly hours: number | undefined; readonly forget: string }) => string;
  readonly stylesHead: (about: { readonly count: number }) => string;
  readonly stylesNone: string;
  readonly provisional: string;

  readonly queueHead: (about: { readonly waiting: number; readonly running: number }) => string;
  readonly queueEmpty: string;
  readonly queueMine: string;
  readonly queueNoneMine: string;
  readonly queueMore: (about: { readonly more: number }) => string;

  readonly forgot: (about: { readonly pictures: number; readonly requests: number }) => string;
  readonly forgotNothing: string;

  readonly settingsHead: string;
  readonly settingsChanged: string;
  readonly settingsAsBefore: string;
  /** In place of the settings, where they can't be read, and before those that replace them. */
  readonly settingsDamaged: string;
  readonly settingsReplaced: string;
  readonly settingsHow: (about: { readonly example: string }) => string;
  readonly setting: {
    readonly enabled: (about: { readonly on: boolean }) => string;
    /** Empty: all. */
    readonly channels: (about: { readonly channels: readonly string[] }) => string;
    readonly defaultStyle: (about: { readonly style: string | undefined }) => string;
    /** Pairs as `🎨 great-wave`; empty: the catalogue's own alone. */
    readonly emojis: (about: { readonly pairs: readonly string[] }) => string;
    readonly emojiOff: string;
    /** 0: no limit; undefined: the program's own. */
    readonly perPerson: (about: { readonly most: number | undefined }) => string;
    readonly perServer: (about: { readonly most: number | undefined }) => string;
    readonly threads: (about: { readonly on: boolean }) => string;
  };
}
