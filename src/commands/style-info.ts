/** A style as commands and adapters see it: plain data, taken from the catalogue by whoever wires them. */
export interface StyleInfo {
  /** As typed in a command and stored in a task, such as `starry-night`. */
  readonly name: string;
  /** One emoji; as a reaction it asks for this style. */
  readonly emoji: string;
  readonly artwork: { readonly title: string; readonly artist: string; readonly year: number };
  /** True while its network is still being improved. */
  readonly provisional?: boolean;
  /** Path of an example painting, relative to the folder of previews. */
  readonly preview?: string;
}

/** `🌌 starry-night`: how a style is listed in a sentence. */
export function styleLabel(style: StyleInfo): string {
  return `${style.emoji} ${style.name}`;
}

/** `The Starry Night, Vincent van Gogh, 1889`. */
export function artworkLabel({ artwork }: StyleInfo): string {
  return `${artwork.title}, ${artwork.artist}, ${artwork.year}`;
}
