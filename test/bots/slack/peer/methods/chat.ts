import { type Call, invalidBlocks, type Method, reach, refuse } from '../call.ts';
import { blocksFaults, slackFileFaults } from '../checking.ts';
import { channelType, messageEvent } from '../events.ts';
import { type Json, jsonAt, listAt, textAt } from '../json.ts';
import { named } from '../view-book.ts';
import type { Channel } from '../workspace.ts';

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': async (call) => {
    const found = await target(call);
    if ('error' in found) return refuse(found.error);
    const refused = contentRefused(call);
    if (refused !== undefined) return refused;
    checkThread(call, found.channel);
    const { workspace, world } = call;
    const blocks = named(listAt(call.args, 'blocks'));
    const author = { bot_id: workspace.botId, app_id: world.app.id };
    const answer = await call.pass({ ...call.args, channel: found.channel.id, blocks, ...author });
    if (answer.ok !== true) return answer;
    world.ledger.post({
      ...saidBy(call, found.channel, textAt(answer, 'ts')),
      blocks,
      ephemeralTo: undefined,
    });
    tell(call, found.channel, { ...jsonAt(answer, 'message'), type: 'message', event_ts: answer.ts });
    return answer;
  },
  'chat.postEphemeral': async (call) => {
    const found = reach(call, textAt(call.args, 'channel'));
    if ('error' in found) return refuse(found.error);
    const refused = contentRefused(call);
    if (refused !== undefined) return refused;
    const blocks = named(listAt(call.args, 'blocks'));
    const answer = await call.pass({ ...call.args, blocks });
    if (answer.ok !== true) return answer;
    call.world.ledger.post({
      ...saidBy(call, found.channel, textAt(answer, 'message_ts')),
      blocks,
      ephemeralTo: textAt(call.args, 'user'),
    });
    return answer;
  },
  'chat.update': async (call) => {
    const found = reach(call, textAt(call.args, 'channel'));
    if ('error' in found) return refuse(found.error);
    const refused = contentRefused(call);
    if (refused !== undefined) return refused;
    const { args, world } = call;
    const changed = 'blocks' in args ? { blocks: named(listAt(args, 'blocks')) } : {};
    const before = world.ledger.find(found.channel.id, textAt(args, 'ts'));
    const answer = await call.pass({ ...args, ...changed });
    if (answer.ok !== true) return answer;
    const message = jsonAt(answer, 'message');
    world.ledger.edit(found.channel.id, textAt(args, 'ts'), {
      text: textAt(message, 'text'),
      blocks: listAt(message, 'blocks'),
      ...('metadata' in args ? { metadata: jsonAt(args, 'metadata') } : {}),
    });
    const previous = { type: 'message', user: before?.user, text: before?.edits.at(-2)?.text, ts: args.ts };
    tell(call, found.channel, {
      subtype: 'message_changed',
      hidden: true,
      message,
      previous_message: previous,
    });
    return answer;
  },
  'chat.delete': async (call) => {
    const found = reach(call, textAt(call.args, 'channel'));
    if ('error' in found) return refuse(found.error);
    const answer = await call.pass();
    if (answer.ok !== true) return answer;
    call.world.ledger.remove(found.channel.id, textAt(call.args, 'ts'));
    tell(call, found.channel, { subtype: 'message_deleted', hidden: true, deleted_ts: call.args.ts });
    return answer;
  },
  'chat.getPermalink': (call) => call.pass(),
};

/** A person's id stands for the conversation with them. */
async function target(call: Call): Promise<ReturnType<typeof reach>> {
  const id = textAt(call.args, 'channel');
  const member = call.workspace.members.get(id);
  if (member !== undefined) return { channel: await call.workspace.direct(member) };
  const granted = call.workspace.scopes;
  return reach(call, id, granted.includes('chat:write.public'));
}

function contentRefused(call: Call): Json | undefined {
  const { args, world, workspace, method } = call;
  const filled = ['text', 'blocks', 'attachments', 'markdown_text'].some((key) => {
    const value = args[key];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '';
  });
  if (!filled) {
    world.problems.push(`${method}: neither text nor blocks`);
    return refuse('no_text');
  }
  // A message of blocks alone says nothing in a notification, nor to a screen reader.
  if (!textAt(args, 'text') && !textAt(args, 'markdown_text'))
    world.problems.push(`${method}: blocks without text`);
  const faults = 'blocks' in args ? blocksFaults(world, args.blocks, 50) : [];
  world.problems.push(...faults.map((fault) => `${method}: ${fault}`));
  if (faults.length > 0) return invalidBlocks(faults);
  const files = slackFileFaults(world, workspace, args.blocks);
  return files.length > 0 ? invalidBlocks(files) : undefined;
}

/** Slack shows a reply to a reply, but its reference calls it wrong. */
function checkThread({ args, world, method }: Call, channel: Channel): void {
  const threadTs = textAt(args, 'thread_ts');
  if (threadTs === '') return;
  const parent = world.ledger.find(channel.id, threadTs);
  if (parent === undefined) world.problems.push(`${method}: no message ${threadTs} to reply to`);
  else if (parent.threadTs !== undefined && parent.threadTs !== threadTs) {
    world.problems.push(`${method}: thread_ts ${threadTs} is a reply’s, not its thread’s`);
  }
}

function saidBy({ args, workspace }: Call, channel: Channel, ts: string) {
  return {
    team: workspace.id,
    channel: channel.id,
    ts,
    threadTs: textAt(args, 'thread_ts') || undefined,
    user: workspace.botUser,
    byBot: true,
    text: textAt(args, 'text') || textAt(args, 'markdown_text'),
    files: [],
    metadata: 'metadata' in args ? jsonAt(args, 'metadata') : undefined,
  };
}

/** Slack tells an app of its own messages too. */
function tell({ world, workspace }: Call, channel: Channel, event: Json): void {
  const place = { type: 'message', channel: channel.id, channel_type: channelType(channel) };
  world.events.tell(workspace, messageEvent(channel), { ...event, ...place });
}
