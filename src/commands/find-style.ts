import { UserError } from '../errors.ts';
import { plainEmoji } from './emojis.ts';
import type { Messages } from './messages/messages.ts';
import { nearest } from './near.ts';
import { MOST_NAMED, shown } from './options.ts';
import type { Registry } from './registry.ts';
import { type StyleInfo, styleLabel } from './style-info.ts';
import { styles as stylesCommand } from './styles.ts';

/**
 * The style that a person names, by its name or its emoji.
 * @throws UserError `style-unknown`, with the nearest one where there is one
 */
export function findStyle(typed: string, registry: Registry, messages: Messages): StyleInfo {
  const { styles } = registry;
  const word = typed
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  const emoji = plainEmoji(typed);
  const found = styles.find((style) => style.name === word || plainEmoji(style.emoji) === emoji);
  if (found !== undefined) return found;
  const near = nearest(
    word,
    styles.map(({ name }) => name),
  );
  const about = { typed: shown(typed), ...(near === undefined ? {} : { near }) };
  const list = registry.write(stylesCommand);
  throw new UserError(
    'style-unknown',
    messages.styleUnknown({ ...about, styles: styles.slice(0, MOST_NAMED).map(styleLabel), list }),
    { data: about },
  );
}
