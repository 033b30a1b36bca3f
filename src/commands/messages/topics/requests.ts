/** What is said while a request is open, and of its end. */
export interface RequestMessages {
  readonly accepted: string;
  readonly fetching: string;
  /** `wait`, a length of time, is left out where nobody can tell. */
  readonly waiting: (about: {
    readonly before: number | undefined;
    readonly wait?: string | undefined;
  }) => string;
  readonly seconds: (about: { readonly seconds: number }) => string;
  readonly minutes: (about: { readonly minutes: number }) => string;
  readonly running: (about: { readonly percent: number | undefined }) => string;
  readonly upscaling: (about: { readonly percent: number | undefined }) => string;
  readonly delivering: string;
  readonly cancelled: string;
  /** Where the platform takes no later answer. */
  readonly tooLate: string;
  readonly alreadyOpen: string;
  readonly painted: (about: {
    readonly artwork: string;
    readonly pictures: number;
    readonly seconds: number;
  }) => string;
  readonly upscaled: (about: {
    readonly factor: number | undefined;
    readonly pictures: number;
    readonly seconds: number;
  }) => string;
  /** Sizes are written as `640 × 480`. */
  readonly sizes: (about: { readonly from: string; readonly to: string }) => string;
  /** Stands before what happened to one of several pictures. */
  readonly partFailed: (about: { readonly number: number; readonly sentence: string }) => string;
  /** The text alternative of a result; `alt` is that of its source. */
  readonly paintingAlt: (about: { readonly artwork: string; readonly alt: string | undefined }) => string;
  readonly upscaledAlt: (about: { readonly size: string; readonly alt: string | undefined }) => string;
  /** The text alternative of a picture that a person sent. */
  readonly photoAlt: string;
  readonly failed: (about: { readonly sentence: string; readonly incident: string }) => string;
  /** Beside a result that went out smaller than it is, and what it has lost; `format` is JPEG, WebP or PNG. */
  readonly sentRecoded: (about: {
    readonly format: string;
    readonly loss: 'quality' | 'colors' | 'transparency';
  }) => string;
  /** In place of a result that is too large to be sent; works until `when`. */
  readonly sentAsLink: (about: { readonly url: string; readonly when: string }) => string;
  readonly deleted: string;
  readonly lost: string;
}
