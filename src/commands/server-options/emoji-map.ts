import { UserError } from '../../errors.ts';
import type { ServerSettings } from '../../queue/server-settings.ts';
import type { StringOption } from '../command.ts';
import { plainEmoji } from '../emojis.ts';
import { findStyle } from '../find-style.ts';
import { findUpscaler } from '../find-upscaler.ts';
import type { Messages } from '../messages/messages.ts';
import { shown } from '../options.ts';
import type { Registry } from '../registry.ts';

/** Words in place of a network: does nothing; as the catalogue has it. */
const OFF = 'off';
const DEFAULT = 'default';

/** Pairs `🎨=great-wave`, `🔎=x4`, `🎨=off`, `🎨=default`. Reads to pairs of emoji and network with spaces between. */
export const emoji: StringOption = {
  name: 'emoji',
  type: 'string',
  required: false,
  words: true,
  describe: ({ commands }) => commands.settings.emoji,
  choices: () => [],
  read: (typed, registry, messages) => {
    const pairs = typed.trim().split(/[\s,]+/);
    return pairs.map((pair) => readPair(pair, registry, messages)).join(' ');
  },
};

function readPair(pair: string, registry: Registry, messages: Messages): string {
  const [, sign = '', word = ''] = /^([^=]{1,64})=([^=]+)$/u.exec(pair) ?? [];
  const plain = plainEmoji(sign);
  if (!isEmoji(plain) || word === '') {
    const about = { typed: shown(pair) };
    throw new UserError('emoji-map-unreadable', messages.emojiMapUnreadable(about), { data: about });
  }
  const lower = word.toLowerCase();
  if (lower === OFF || lower === DEFAULT) return `${plain}=${lower}`;
  // No style's name looks like a factor.
  const network = /^[x×]?\d+[x×]?$/.test(lower)
    ? findUpscaler(word, registry, messages)
    : findStyle(word, registry, messages);
  return `${plain}=${network.name}`;
}

/** One of Unicode's, or one of a server's own as platforms write them: `<:name:id>`, `:name:`. */
function isEmoji(sign: string): boolean {
  return (
    /^<a?:\w{1,32}:\d{1,20}>$/.test(sign) ||
    /^:[\w+'-]{1,100}:$/.test(sign) ||
    (/^[\p{Emoji}\p{Emoji_Component}\u200D]+$/u.test(sign) && /[^\d#*]/.test(sign))
  );
}

/** The map after what `emoji` has read: `''` stands for an emoji that does nothing. */
export function withEmojis(map: ServerSettings['emojis'], read: string): ServerSettings['emojis'] {
  const after = new Map(Object.entries(map));
  for (const pair of read.split(' ')) {
    const at = pair.lastIndexOf('=');
    const sign = pair.slice(0, at);
    const network = pair.slice(at + 1);
    if (network === DEFAULT) after.delete(sign);
    else after.set(sign, network === OFF ? '' : network);
  }
  return Object.fromEntries(after);
}
