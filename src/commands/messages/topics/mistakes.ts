/** What is said of a line that cannot be understood. `help` and `list` are commands as they are written here. */
export interface MistakeMessages {
  readonly commandUnknown: (about: {
    readonly typed: string;
    readonly near?: string;
    readonly help: string;
  }) => string;
  readonly optionUnknown: (about: {
    readonly typed: string;
    readonly command: string;
    readonly near?: string;
    readonly options: readonly string[];
  }) => string;
  readonly optionMissing: (about: {
    readonly option: string;
    readonly usage: string;
    readonly choices: readonly string[];
  }) => string;
  readonly optionTwice: (about: { readonly option: string }) => string;
  readonly optionTooMany: (about: { readonly typed: string; readonly usage: string }) => string;
  readonly optionNotNumber: (about: OptionBounds) => string;
  readonly optionOutOfRange: (about: OptionBounds) => string;
  readonly optionNotBoolean: (about: { readonly option: string; readonly typed: string }) => string;
  readonly choiceUnknown: (about: {
    readonly option: string;
    readonly typed: string;
    readonly near?: string;
    readonly choices: readonly string[];
  }) => string;
  readonly styleUnknown: (about: {
    readonly typed: string;
    readonly near?: string;
    readonly styles: readonly string[];
    readonly list: string;
  }) => string;
  readonly factorUnknown: (about: {
    readonly typed: string;
    readonly near?: string;
    readonly factors: readonly string[];
  }) => string;
  readonly emojiUnknown: (about: { readonly styles: readonly string[] }) => string;
  readonly pictureWithoutCommand: (about: { readonly example: string }) => string;
  readonly noCommand: (about: { readonly example: string; readonly help: string }) => string;
  readonly channelsUnreadable: (about: { readonly typed: string }) => string;
  readonly emojiMapUnreadable: (about: { readonly typed: string }) => string;
  readonly settingTooLong: (about: { readonly option: string; readonly most: number }) => string;
  readonly limitUnreadable: (about: { readonly option: string; readonly typed: string }) => string;
}

interface OptionBounds {
  readonly option: string;
  readonly typed: string;
  readonly min: number;
  readonly max: number;
}
