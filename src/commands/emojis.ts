import type { ServerSettings } from '../queue/server-settings.ts';
import type { Registry } from './registry.ts';
import type { StyleInfo } from './style-info.ts';
import type { UpscalerInfo } from './upscaler-info.ts';

/** What an emoji asks for. */
export type Wish =
  | { readonly kind: 'style'; readonly style: StyleInfo }
  | { readonly kind: 'upscaler'; readonly upscaler: UpscalerInfo };

/**
 * What an emoji on a picture asks for: what the server's settings say, else what the catalogue does. Undefined for
 * one that asks for nothing. Variation selectors and skin tones make no difference.
 */
export function wishOf(
  emoji: string,
  registry: Pick<Registry, 'styles' | 'upscalers'>,
  settings?: Pick<ServerSettings, 'emojis'>,
): Wish | undefined {
  const plain = plainEmoji(emoji);
  if (plain === '') return undefined;
  const own = Object.entries(settings?.emojis ?? {}).find(([each]) => plainEmoji(each) === plain);
  const network = own?.[1];
  const meant = (each: { readonly name: string; readonly emoji?: string }): boolean =>
    network === undefined ? plainEmoji(each.emoji ?? '') === plain : each.name === network;
  const style = registry.styles.find(meant);
  if (style !== undefined) return { kind: 'style', style };
  const upscaler = registry.upscalers.find(meant);
  return upscaler === undefined ? undefined : { kind: 'upscaler', upscaler };
}

/** An emoji as settings and comparisons have it. */
export function plainEmoji(emoji: string): string {
  // Platforms send the same emoji with and without U+FE0F; a skin tone is a matter of the sender's keyboard.
  // An animated one of a server's own is written with an `a`, and arrives without.
  return emoji
    .trim()
    .replace(/^<a:/, '<:')
    .replace(/[\u{FE0E}\u{FE0F}\u{1F3FB}-\u{1F3FF}]/gu, '');
}

/** Every emoji that asks for something, those of the server's own last. */
export function emojisOf(
  registry: Pick<Registry, 'styles' | 'upscalers'>,
  settings?: Pick<ServerSettings, 'emojis'>,
): readonly string[] {
  const own = [...registry.styles, ...registry.upscalers].flatMap(({ emoji }) => emoji ?? []);
  const all = [...own, ...Object.keys(settings?.emojis ?? {})];
  const working = all.filter((emoji) => wishOf(emoji, registry, settings) !== undefined);
  return working.filter(
    (emoji, at) => working.findIndex((one) => plainEmoji(one) === plainEmoji(emoji)) === at,
  );
}
