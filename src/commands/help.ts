import type { Command, Invocation, Option } from './command.ts';
import { emojisOf } from './emojis.ts';
import { findCommand } from './find-command.ts';
import { impastoForget } from './impasto-forget.ts';
import { textReply } from './reply.ts';
import { exampleLine, usage } from './usage.ts';

/** `/help` for everything, `/help stylize` for one command. */
export const help: Command = {
  name: 'help',
  subcommand: 'help',
  describe: ({ commands }) => commands.help.about,
  options: [
    {
      name: 'command',
      type: 'string',
      required: false,
      describe: ({ commands }) => commands.help.command,
      choices: (registry) =>
        registry.commands.map((command) => ({ value: command.name, label: registry.write(command) })),
      read: (typed, registry, messages) => findCommand(typed, registry, messages).name,
    },
  ],
  takesPicture: false,
  audience: 'everyone',
  private: true,
  example: () => '',
  preconditions: [],
  run: (invocation) => ({ kind: 'reply', reply: textReply(text(invocation)) }),
};

function text(invocation: Invocation): string {
  const { registry, messages, options, server } = invocation;
  const name = options.get('command');
  const one = registry.commands.find((command) => command.name === name);
  if (one !== undefined) return explain(one, invocation);
  const commands = registry.commands.filter(
    ({ audience }) => audience === 'everyone' || server?.manages === true,
  );
  const emojis = emojisOf(registry, server?.settings);
  return [
    messages.helpHead,
    ...commands.map((command) => `${briefUsage(command, registry)}: ${command.describe(messages)}`),
    ...(emojis.length === 0 ? [] : [messages.helpReaction({ emojis })]),
    ...waysToGive(invocation),
    messages.helpPrivacy({ hours: hoursOf(registry.keepSeconds), forget: registry.write(impastoForget) }),
  ].join('\n');
}

/** How a picture is given on this platform, a line each. */
function waysToGive({ platform, messages }: Invocation): readonly string[] {
  const ways: Readonly<Record<string, readonly string[]>> = messages.helpPictures;
  return (Object.hasOwn(ways, platform) ? ways[platform] : undefined) ?? [];
}

function hoursOf(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.max(1, Math.round(seconds / 3600));
}

/** A manager's command has many options: they are explained where it is asked about by name. */
function briefUsage(command: Command, registry: Invocation['registry']): string {
  return command.audience === 'managers' ? registry.write(command) : usage(command, registry);
}

function explain(command: Command, { registry, messages }: Invocation): string {
  return [
    `${usage(command, registry)}: ${command.describe(messages)}`,
    ...command.options.map((option) => `${option.name}: ${option.describe(messages)}${bounds(option)}`),
    exampleLine(command, registry),
  ].join('\n');
}

function bounds(option: Option): string {
  return option.type === 'number' ? ` (${option.min}–${option.max})` : '';
}
