import type { ServerSettings } from '../../queue/server-settings.ts';
import type { Messages } from '../messages/messages.ts';

/** All settings, a line each, in the order of the command's options. */
export function settingLines(settings: ServerSettings, { setting }: Messages): readonly string[] {
  const { enabled, channels, defaultStyle, emojis, limits, reactionThreads } = settings;
  const pairs = Object.entries(emojis).map(
    ([emoji, network]) => `${emoji} ${network === '' ? setting.emojiOff : network}`,
  );
  return [
    setting.enabled({ on: enabled }),
    setting.channels({ channels: channels.map((id) => `<#${id}>`) }),
    setting.defaultStyle({ style: defaultStyle }),
    setting.emojis({ pairs }),
    setting.perPerson({ most: limits.personPerHour }),
    setting.perServer({ most: limits.serverPerHour }),
    setting.threads({ on: reactionThreads }),
  ];
}
