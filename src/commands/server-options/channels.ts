import { UserError } from '../../errors.ts';
import type { StringOption } from '../command.ts';
import { shown } from '../options.ts';

const ALL = 'all';

/** Mentions of channels, as platforms write them (`<#ID>`, `<#ID|name>`), or `all`. Reads to ids with spaces between. */
export const channels: StringOption = {
  name: 'channels',
  type: 'string',
  required: false,
  words: true,
  describe: ({ commands }) => commands.settings.channels,
  choices: () => [],
  read: (typed, _registry, messages) => {
    if (typed.trim().toLowerCase() === ALL) return ALL;
    const words = typed.split(/[\s,]+/).filter((word) => word !== '');
    const ids = words.map((word) => /^<#([A-Za-z0-9]{1,32})(?:\|[^>]*)?>$/.exec(word)?.[1]);
    const wrong = words.find((_, at) => ids[at] === undefined) ?? (words.length === 0 ? typed : undefined);
    if (wrong !== undefined) {
      const about = { typed: shown(wrong) };
      throw new UserError('channels-unreadable', messages.channelsUnreadable(about), { data: about });
    }
    return [...new Set(ids)].join(' ');
  },
};

/** The ids of what `channels` has read; none for all. */
export function channelIds(read: string): readonly string[] {
  return read === ALL ? [] : read.split(' ');
}
