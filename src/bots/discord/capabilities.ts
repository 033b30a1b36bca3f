import { ApplicationFlags } from 'discord.js';
import type { Log } from '../../queue/log.ts';

/** Whether Discord shows the application what people post, by the flags of the application. */
export function showsContent(flags: number): boolean {
  const either = ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited;
  return (flags & either) !== 0;
}

/** Tell whoever runs the bot what is off without it, and how to switch it on. */
export function tellOfMissingContent(log: Log): void {
  const facts = { intent: 'MESSAGE_CONTENT' };
  log.warn(
    facts,
    'Message Content Intent is off: switch it on under Bot → Privileged Gateway Intents in the developer portal, then start again',
  );
  log.warn(facts, 'Without it, an emoji on a picture that somebody posted asks for nothing');
  log.warn(facts, 'Without it, a command with no picture does not find the latest one in its channel');
}
