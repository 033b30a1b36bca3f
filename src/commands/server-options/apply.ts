import { UserError } from '../../errors.ts';
import type { ServerSettings } from '../../queue/server-settings.ts';
import type { OptionValues } from '../command.ts';
import type { Messages } from '../messages/messages.ts';
import { channelIds } from './channels.ts';
import { NO_STYLE } from './default-style.ts';
import { withEmojis } from './emoji-map.ts';
import { pictures } from './limits.ts';

/** All settings are shown in one message, which holds 2,000 letters on Discord; an own emoji takes up to 60 of them. */
const MOST_CHANNELS = 20;
const MOST_EMOJIS = 12;

/**
 * Settings after what a manager gave; what was not given stays.
 * @throws UserError `setting-too-long`
 */
export function applyOptions(
  before: ServerSettings,
  options: OptionValues,
  messages: Messages,
): ServerSettings {
  const after = changed(before, options);
  checkLength('channels', after.channels.length, MOST_CHANNELS, messages);
  checkLength('emoji', Object.keys(after.emojis).length, MOST_EMOJIS, messages);
  return after;
}

function checkLength(option: string, length: number, most: number, messages: Messages): void {
  if (length <= most) return;
  const about = { option, most };
  throw new UserError('setting-too-long', messages.settingTooLong(about), { data: about });
}

function changed(before: ServerSettings, options: OptionValues): ServerSettings {
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
