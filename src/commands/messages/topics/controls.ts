/** Labels of what people press, choose from and fill in. */
export interface ControlMessages {
  readonly cancel: string;
  readonly cancelNumber: (about: { readonly number: number }) => string;
  readonly button: {
    readonly restyle: string;
    readonly strength: string;
    readonly upscale: string;
    readonly delete: string;
  };
  readonly percent: (about: { readonly percent: number }) => string;
  /** Names of what can be done with a message, in its own menu: 24 letters at most. */
  readonly messageAction: { readonly stylize: string; readonly upscale: string };
  readonly picker: {
    /** Titles: 24 letters at most. */
    readonly stylizeTitle: string;
    readonly upscaleTitle: string;
    readonly styleLabel: string;
    readonly stylePlaceholder: string;
    readonly strengthLabel: string;
    readonly strengthPlaceholder: string;
    readonly strengthOther: string;
    readonly strengthHint: string;
    readonly factorLabel: string;
    readonly factorPlaceholder: string;
    readonly keepColorsLabel: string;
    /** Stands in a list of which nothing need be chosen. */
    readonly choicePlaceholder: string;
    readonly pictureLabel: string;
    readonly pictureHint: string;
    readonly submit: string;
    readonly close: string;
  };
  readonly home: {
    readonly title: string;
    readonly intro: string;
    readonly stylesHead: string;
    readonly recentHead: string;
    readonly recentNone: string;
    readonly howHead: string;
    readonly privacyHead: string;
  };
}
