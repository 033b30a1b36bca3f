import { CDNRoutes, ImageFormat, StickerFormatType } from 'discord.js';
import { MOST_PICTURES } from '../../commands/preconditions/pictures-given.ts';
import type { Link } from './source.ts';
import type { Readable, WireAttachment, WireContent } from './wire.ts';

/** Bit of an attachment's flags; names of files were the only way to say it before there was one. */
const IS_SPOILER = 1 << 3;
const SPOILER_NAME = 'SPOILER_';
const DISCORDS_CDN = 'https://cdn.discordapp.com';
const MEDIA_PROXY = 'https://media.discordapp.net';
/** What Discord shows once it is clicked only. */
const HIDDEN = /\|\|([\s\S]+?)\|\|/g;
const ADDRESS = /https?:\/\//i;
const PICTURE_NAME = /\.(jpe?g|png|webp|gif|avif|heic|tiff?|bmp)$/i;

/**
 * The pictures of a message: its own, else those of the message that it replies to.
 * @param cdn where stickers lie
 */
export function picturesOf(message: Readable, cdn: string): readonly Link[] {
  const own = ownPicturesOf(message, cdn);
  if (own.length > 0) return own;
  const { referenced_message: repliedTo } = message;
  return repliedTo === null || repliedTo === undefined ? [] : picturesOf(repliedTo, cdn);
}

/** The pictures that a message holds itself, in its order: attached, embedded, stickers; and those of what it forwards. */
export function ownPicturesOf(message: Readable, cdn: string): readonly Link[] {
  return [message, ...(message.message_snapshots ?? []).map((snapshot) => snapshot.message)]
    .flatMap((content) => picturesIn(content, cdn))
    .slice(0, MOST_PICTURES);
}

function picturesIn(
  { content, attachments, embeds, sticker_items: stickers }: WireContent,
  cdn: string,
): Link[] {
  const embedded = embeds.flatMap(({ url: page, image, thumbnail }, index): Link[] => {
    const shown = image ?? thumbnail;
    // Discord's own copy: we do not fetch from the sites that embeds come from.
    const url = shown?.proxy_url ?? shown?.url;
    const spoiler = isHidden(content ?? '', page ?? shown?.url ?? '');
    return typeof url === 'string' ? [{ id: `embed-${index}`, url, ...(spoiler ? { spoiler } : {}) }] : [];
  });
  return [
    ...attachments.filter(isPicture).map(linkOf),
    ...embedded,
    ...stickers.map((each) => sticker(each, cdn)),
  ];
}

/**
 * Whether a text shows a page's address only where it hides something: `||https://…||`. The address of an embed may be
 * another than the one that was written, so one that stands nowhere in a text that hides addresses counts as hidden.
 */
function isHidden(text: string, page: string): boolean {
  const hidden = [...text.matchAll(HIDDEN)].some(([, inside = '']) => ADDRESS.test(inside));
  return hidden && (page === '' || !text.replaceAll(HIDDEN, '').includes(page));
}

function isPicture({ content_type: type, filename }: WireAttachment): boolean {
  return typeof type === 'string' ? type.startsWith('image/') : PICTURE_NAME.test(filename);
}

/** An attachment as something to be fetched. */
export function linkOf({ id, url, description, filename, flags }: WireAttachment): Link {
  const spoiler = filename.startsWith(SPOILER_NAME) || ((flags ?? 0) & IS_SPOILER) !== 0;
  return {
    id,
    url,
    ...(typeof description === 'string' && description !== '' ? { alt: description } : {}),
    ...(spoiler ? { spoiler } : {}),
  };
}

function sticker({ id, name, format_type: type }: WireContent['sticker_items'][number], cdn: string): Link {
  if (type === StickerFormatType.Lottie) return { id, url: cdn, alt: name, refused: 'lottie' };
  // Those that are GIFs are served by the media proxy alone.
  const gif = type === StickerFormatType.GIF;
  const host = gif && cdn === DISCORDS_CDN ? MEDIA_PROXY : cdn;
  return { id, url: `${host}${CDNRoutes.sticker(id, gif ? ImageFormat.GIF : ImageFormat.PNG)}`, alt: name };
}
