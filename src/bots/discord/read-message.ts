import type { Message } from 'discord.js';
import type { Readable, WireContent } from './wire.ts';

/** A message that the library brought with an event, as `picturesOf` reads it. */
export function readableOf(message: Message): Readable {
  return {
    ...contentOf(message),
    message_snapshots: message.messageSnapshots.map((snapshot) => ({ message: contentOf(snapshot) })),
  };
}

function contentOf({
  content,
  attachments,
  embeds,
  stickers,
}: Pick<Message, 'content' | 'attachments' | 'embeds' | 'stickers'>): WireContent {
  return {
    content,
    attachments: attachments.map(({ id, name, url, contentType, description, flags }) => ({
      id,
      filename: name,
      url,
      content_type: contentType,
      description,
      flags: flags.bitfield,
    })),
    embeds: embeds.map(({ url, image, thumbnail }) => ({
      url,
      image: image === null ? null : { url: image.url, proxy_url: image.proxyURL },
      thumbnail: thumbnail === null ? null : { url: thumbnail.url, proxy_url: thumbnail.proxyURL },
    })),
    sticker_items: stickers.map(({ id, name, format }) => ({ id, name, format_type: format })),
  };
}
