import type { Command, Invocation, Option } from './command.ts';
import { findCommand } from './find-command.ts';
import { textReply } from './reply.ts';
import { usage } from './usage.ts';

/** `/help` for everything, `/help stylize` for one command. */
export const help: Command = {
  name: 'help',
  describe: (messages) => messages.help.about,
  options: [
    {
      name: 'command',
      type: 'string',
      required: false,
      describe: (messages) => messages.help.command,
      choices: ({ commands }) => commands.map(({ name }) => ({ value: name, label: `/${name}` })),
      read: (typed, registry, messages) => findCommand(typed, registry, messages).name,
    },
  ],
  takesPicture: false,
  example: () => '/help',
  preconditions: [],
  run: (invocation) => ({ kind: 'reply', reply: textReply(text(invocation)) }),
};

function text(invocation: Invocation): string {
  const { registry, messages, options } = invocation;
  const name = options.get('command');
  const one = registry.commands.find((command) => command.name === name);
  if (one !== undefined) return explain(one, invocation);
  const emojis = registry.styles.map(({ emoji }) => emoji);
  return [
    messages.helpHead,
    ...registry.commands.map((command) => `${usage(command)}: ${command.describe(messages)}`),
    ...(emojis.length === 0 ? [] : [messages.helpReaction({ emojis })]),
  ].join('\n');
}

function explain(command: Command, { registry, messages }: Invocation): string {
  return [
    `${usage(command)}: ${command.describe(messages)}`,
    ...command.options.map((option) => `${option.name}: ${option.describe(messages)}${bounds(option)}`),
    command.example(registry.styles),
  ].join('\n');
}

function bounds(option: Option): string {
  return option.type === 'number' ? ` (${option.min}–${option.max})` : '';
}
