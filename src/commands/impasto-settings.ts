import { defaultServerSettings, type ServerSettings, unlessDamaged } from '../queue/server-settings.ts';
import type { BooleanOption, Command, Invocation } from './command.ts';
import type { Messages } from './messages/messages.ts';
import { managesServer } from './preconditions/manages-server.ts';
import { type Reply, textReply } from './reply.ts';
import { applyOptions } from './server-options/apply.ts';
import { channels } from './server-options/channels.ts';
import { defaultStyle } from './server-options/default-style.ts';
import { emoji } from './server-options/emoji-map.ts';
import { perPerson, perServer } from './server-options/limits.ts';
import { settingLines } from './server-options/lines.ts';
import { exampleLine } from './usage.ts';

/**
 * `/impasto-settings`: shows all settings of the server; with options, changes those and says so. Where they can't be read
 * any more, the options given and the defaults take their place.
 */
export const impastoSettings: Command = {
  name: 'impasto-settings',
  subcommand: 'settings',
  describe: ({ commands }) => commands.settings.about,
  options: [
    onOrOff('enabled', ({ commands }) => commands.settings.enabled),
    channels,
    defaultStyle,
    emoji,
    perPerson,
    perServer,
    onOrOff('threads', ({ commands }) => commands.settings.threads),
  ],
  takesPicture: false,
  audience: 'managers',
  private: true,
  example: ({ styles }) =>
    styles
      .slice(0, 1)
      .map(({ name }) => `default_style:${name}`)
      .join(''),
  preconditions: [managesServer],
  run: async (invocation) => ({ kind: 'reply', reply: await reply(invocation) }),
};

function onOrOff(name: string, describe: (messages: Messages) => string): BooleanOption {
  return { name, type: 'boolean', required: false, describe };
}

async function reply(invocation: Invocation): Promise<Reply> {
  const { platform, server, options, registry, messages, services } = invocation;
  if (server === undefined) throw new TypeError('managesServer lets nobody through without a server');
  // Read anew: what came along may be older than another manager's change.
  const known = await unlessDamaged(services.serverSettings.read(platform, server.id));
  const before = known ?? defaultServerSettings();
  const lines = settingLines(before, messages);
  if (options.size === 0) {
    const how = messages.settingsHow({ example: exampleLine(impastoSettings, registry) });
    return textReply(
      [...(known === undefined ? [messages.settingsDamaged] : [messages.settingsHead, ...lines]), how].join(
        '\n',
      ),
    );
  }
  const after: ServerSettings = applyOptions(before, options, messages);
  if (known === undefined) {
    await services.serverSettings.write(platform, server.id, after);
    return textReply([messages.settingsReplaced, ...settingLines(after, messages)].join('\n'));
  }
  const changed = settingLines(after, messages).filter((line) => !lines.includes(line));
  if (changed.length === 0) return textReply(messages.settingsAsBefore);
  await services.serverSettings.write(platform, server.id, after);
  return textReply([messages.settingsChanged, ...changed].join('\n'));
}
