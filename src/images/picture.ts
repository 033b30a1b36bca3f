/** A decoded picture: upright, sRGB, 8 bits. */
export interface Picture {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** HWC: red, green, blue of each pixel, row by row, 0–255; not premultiplied. */
  readonly rgb: Uint8Array;
  /** HW: opacity of each pixel, 0–255; left out where the picture knows none. */
  readonly alpha?: Uint8Array;
}

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
