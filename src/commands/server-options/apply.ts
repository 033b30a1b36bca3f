import type { ServerSettings } from '../../queue/server-settings.ts';
import type { OptionValues } from '../command.ts';
import { channelIds } from './channels.ts';
import { NO_STYLE } from './default-style.ts';
import { withEmojis } from './emoji-map.ts';
import { pictures } from './limits.ts';

/** Settings after what a manager gave; what was not given stays. */
export function applyOptions(before: ServerSettings, options: OptionValues): ServerSettings {
  const text = (name: string): string | undefined => {
    const value = options.get(name);
    return value === undefined ? undefined : String(value);
  };
  const flag = (name: string, otherwise: boolean): boolean => {
    const value = options.get(name);
    return typeof value === 'boolean' ? value : otherwise;
  };
  const channels = text('channels');
  const emojis = text('emoji');
  const style = text('default_style') ?? before.defaultStyle ?? NO_STYLE;
  const { defaultStyle: _, ...others } = before;
  return {
    ...others,
    enabled: flag('enabled', before.enabled),
    channels: channels === undefined ? before.channels : channelIds(channels),
    emojis: emojis === undefined ? before.emojis : withEmojis(before.emojis, emojis),
    ...(style === NO_STYLE ? {} : { defaultStyle: style }),
    limits: limitsAfter(before.limits, text('per_person'), text('per_server')),
    reactionThreads: flag('threads', before.reactionThreads),
  };
}

function limitsAfter(
  before: ServerSettings['limits'],
  person: string | undefined,
  server: string | undefined,
): ServerSettings['limits'] {
  const personPerHour = person === undefined ? before.personPerHour : pictures(person);
  const serverPerHour = server === undefined ? before.serverPerHour : pictures(server);
  return {
    ...(personPerHour === undefined ? {} : { personPerHour }),
    ...(serverPerHour === undefined ? {} : { serverPerHour }),
  };
}
