/**
 * Every sentence that commands and adapters say to people. A language is one object of this type, so a
 * missing sentence is an error of the compiler. Texts are plain: adapters escape them for their platform.
 */
export interface Messages {
  readonly stylize: {
    readonly about: string;
    readonly style: string;
    readonly strength: string;
    readonly keepColors: string;
  };
  readonly styles: { readonly about: string };
  readonly help: { readonly about: string; readonly command: string };

  readonly commandUnknown: (about: { readonly typed: string; readonly near?: string }) => string;
  readonly optionUnknown: (about: {
    readonly typed: string;
    readonly command: string;
    readonly near?: string;
    readonly options: readonly string[];
  }) => string;
  readonly optionMissing: (about: { readonly option: string; readonly usage: string }) => string;
  readonly optionTwice: (about: { readonly option: string }) => string;
  readonly optionTooMany: (about: { readonly typed: string; readonly usage: string }) => string;
  readonly optionNotNumber: (about: {
    readonly option: string;
    readonly typed: string;
    readonly min: number;
    readonly max: number;
  }) => string;
  readonly optionOutOfRange: (about: {
    readonly option: string;
    readonly typed: string;
    readonly min: number;
    readonly max: number;
  }) => string;
  readonly optionNotBoolean: (about: { readonly option: string; readonly typed: string }) => string;
  readonly styleUnknown: (about: {
    readonly typed: string;
    readonly near?: string;
    readonly styles: readonly string[];
  }) => string;
  readonly emojiUnknown: (about: { readonly styles: readonly string[] }) => string;
  readonly pictureMissing: (about: { readonly example: string }) => string;
  readonly picturesTooMany: (about: { readonly most: number }) => string;
  readonly pictureWithoutCommand: (about: { readonly example: string }) => string;
  readonly noCommand: (about: { readonly example: string }) => string;

  readonly helpHead: string;
  readonly helpReaction: (about: { readonly emojis: readonly string[] }) => string;
  readonly stylesHead: (about: { readonly count: number }) => string;
  readonly stylesNone: string;
  readonly provisional: string;

  readonly accepted: string;
  readonly fetching: string;
  readonly waiting: (about: { readonly before: number | undefined }) => string;
  readonly running: (about: { readonly percent: number | undefined }) => string;
  readonly delivering: string;
  readonly cancel: string;
  readonly cancelled: string;
  readonly alreadyOpen: string;
  readonly painted: (about: { readonly artwork: string; readonly seconds: number }) => string;
  /** The text alternative of a result. */
  readonly paintingAlt: (about: { readonly artwork: string }) => string;
  /** The text alternative of a picture that a person sent. */
  readonly photoAlt: string;
  readonly failed: (about: { readonly sentence: string; readonly incident: string }) => string;
  readonly pictureGone: string;
  readonly lost: string;
}
