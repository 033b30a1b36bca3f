import type { Json } from './json.ts';
import type { Channel, Workspace } from './workspace.ts';
import type { World } from './world.ts';

/** A call of the bot that is let in: its token is good, its arguments are well formed. */
export interface Call {
  readonly world: World;
  readonly workspace: Workspace;
  readonly token: string;
  readonly method: string;
  readonly args: Json;
  /** Ask the emulator, with the arguments as they came or changed. */
  pass(args?: Json): Promise<Json>;
}

export type Method = (call: Call) => Promise<Json>;

export function refuse(error: string, more: Json = {}): Json {
  return { ok: false, error, ...more };
}

/** Slack's answer to blocks that it does not take. */
export function invalidBlocks(faults: readonly string[]): Json {
  const messages = faults.map((fault) => `[ERROR] ${fault}`);
  return refuse('invalid_blocks', { errors: faults, response_metadata: { messages } });
}

/** A channel that the bot may act in, or why it may not; Slack hides private channels from those outside. */
export function reach(
  call: Call,
  id: string,
  openToAll = false,
): { readonly channel: Channel } | { readonly error: string } {
  const channel = call.workspace.channels.get(id);
  if (channel === undefined) return { error: 'channel_not_found' };
  if (channel.members.has(call.workspace.botUser)) return { channel };
  if (channel.kind !== 'public') return { error: 'channel_not_found' };
  return openToAll ? { channel } : { error: 'not_in_channel' };
}
