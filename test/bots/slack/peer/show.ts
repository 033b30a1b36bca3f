import type { Json } from './json.ts';
import type { SeenMessage } from './ledger.ts';
import { named } from './view-book.ts';
import type { Channel, Workspace } from './workspace.ts';
import type { World } from './world.ts';

/** Show a message of the app that came by no method: by a `response_url`, or in an acknowledgement. */
export async function show(
  world: World,
  workspace: Workspace,
  channel: Channel,
  said: {
    readonly text: string;
    readonly blocks: readonly Json[];
    readonly threadTs: string | undefined;
    readonly ephemeralTo: string | undefined;
  },
): Promise<SeenMessage> {
  const blocks = named(said.blocks);
  const inside = channel.members.has(workspace.botUser);
  // Such an answer is shown also where the app is no member; the emulator needs one to speak for it.
  const posted = await workspace.demand(
    inside ? workspace.botToken : workspace.owner.token,
    said.ephemeralTo === undefined ? 'chat.postMessage' : 'chat.postEphemeral',
    {
      channel: channel.id,
      text: said.text,
      blocks,
      bot_id: workspace.botId,
      ...(said.threadTs === undefined ? {} : { thread_ts: said.threadTs }),
      ...(said.ephemeralTo === undefined ? {} : { user: said.ephemeralTo }),
    },
  );
  return world.ledger.post({
    ...said,
    blocks,
    team: workspace.id,
    channel: channel.id,
    ts: String(posted.ts ?? posted.message_ts),
    user: workspace.botUser,
    byBot: true,
    files: [],
    metadata: undefined,
  });
}
