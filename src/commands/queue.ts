import type { Command, Invocation } from './command.ts';
import { type Button, progressText, type Reply, textReply } from './reply.ts';
import { taskLabel } from './task-label.ts';

/** A row of buttons holds so many, on every platform. */
const MOST_SHOWN = 5;

/** `/queue`: what is ahead, what is mine, and buttons to cancel mine. */
export const queue: Command = {
  name: 'queue',
  subcommand: 'queue',
  describe: ({ commands }) => commands.queue.about,
  options: [],
  takesPicture: false,
  audience: 'everyone',
  private: true,
  example: () => '',
  preconditions: [],
  run: async (invocation) => ({ kind: 'reply', reply: await reply(invocation) }),
};

async function reply({ platform, person, registry, messages, services }: Invocation): Promise<Reply> {
  const [line, mine] = await Promise.all([services.queue.line(), services.queue.openOf(platform, person.id)]);
  if (line.waiting + line.running + mine.length === 0) return textReply(messages.queueEmpty);
  const shown = mine.slice(0, MOST_SHOWN);
  const lines = shown.map(({ request, progress }, index) => {
    const stands = progressText(progress, messages, request);
    return `${index + 1}. ${[taskLabel(request.task, registry), stands].filter(Boolean).join(': ')}`;
  });
  const text = [
    messages.queueHead(line),
    mine.length === 0 ? messages.queueNoneMine : messages.queueMine,
    ...lines,
    ...(mine.length > shown.length ? [messages.queueMore({ more: mine.length - shown.length })] : []),
  ].join('\n');
  const buttons = shown.map(({ request }, index): Button => {
    return { action: 'cancel', label: messages.cancelNumber({ number: index + 1 }), request: request.id };
  });
  return { ...textReply(text), buttons };
}
