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

/** The style that an emoji asks for; variation selectors and skin tones make no difference. */
export function styleOfEmoji(emoji: string, styles: readonly StyleInfo[]): StyleInfo | undefined {
  const plain = plainEmoji(emoji);
  return plain === '' ? undefined : styles.find((style) => plainEmoji(style.emoji) === plain);
}

/** `🌌 starry-night`: how a style is listed in a sentence. */
export function styleLabel(style: StyleInfo): string {
  return `${style.emoji} ${style.name}`;
}

/** `The Starry Night, Vincent van Gogh, 1889`. */
export function artworkLabel({ artwork }: StyleInfo): string {
  return `${artwork.title}, ${artwork.artist}, ${artwork.year}`;
}

// Platforms send the same emoji with and without U+FE0F; a skin tone is a matter of the sender's keyboard.
function plainEmoji(emoji: string): string {
  return emoji.trim().replace(/[\u{FE0E}\u{FE0F}\u{1F3FB}-\u{1F3FF}]/gu, '');
}
