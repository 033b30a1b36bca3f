import { type Call, type Method, reach, refuse } from '../call.ts';
import { type Json, listAt, textAt } from '../json.ts';

/** More than any test's channel holds. */
const ALL = 1000;

export const conversationMethods: Readonly<Record<string, Method>> = {
  'conversations.history': async (call) => {
    const found = reach(call, textAt(call.args, 'channel'));
    if ('error' in found) return refuse(found.error);
    const answer = await call.pass({ channel: found.channel.id, limit: ALL });
    return answer.ok === true ? page(call, listAt(answer, 'messages')) : answer;
  },
  'conversations.replies': async (call) => {
    const found = reach(call, textAt(call.args, 'channel'));
    if ('error' in found) return refuse(found.error);
    const answer = await call.pass({ channel: found.channel.id, ts: call.args.ts });
    if (answer.ok !== true) return answer;
    const messages = listAt(answer, 'messages');
    return messages.length === 0 ? refuse('thread_not_found') : page(call, messages);
  },
  'conversations.info': (call) => known(call),
  'conversations.members': (call) => known(call),
  'conversations.list': (call) => call.pass(),
  'conversations.join': async (call) => {
    const channel = call.workspace.channels.get(textAt(call.args, 'channel'));
    if (channel === undefined || channel.kind !== 'public') return refuse('channel_not_found');
    const answer = await call.pass();
    if (answer.ok === true) channel.members.add(call.workspace.botUser);
    return answer;
  },
  'conversations.open': async (call) => {
    const answer = await call.pass();
    const users = textAt(call.args, 'users').split(',');
    const member = call.workspace.members.get(users[0] ?? '');
    if (answer.ok === true && member !== undefined && users.length === 1) await call.workspace.direct(member);
    return answer;
  },
};

async function known(call: Call): Promise<Json> {
  const found = reach(call, textAt(call.args, 'channel'), true);
  return 'error' in found ? refuse(found.error) : call.pass();
}

/** The part that was asked for: the emulator knows no times, and shows metadata to all. */
function page({ args }: Call, messages: readonly Json[]): Json {
  const oldest = textAt(args, 'oldest') || '0';
  const latest = textAt(args, 'latest') || '9'.repeat(12);
  const inclusive = args.inclusive === true;
  const parent = textAt(args, 'ts');
  const within = messages.filter((message) => {
    const ts = Number(textAt(message, 'ts'));
    if (textAt(message, 'ts') === parent) return true;
    return inclusive
      ? ts >= Number(oldest) && ts <= Number(latest)
      : ts > Number(oldest) && ts < Number(latest);
  });
  const start = Number(textAt(args, 'cursor') || 0);
  const limit = typeof args.limit === 'number' && args.limit > 0 ? args.limit : 100;
  const more = start + limit < within.length;
  return {
    ok: true,
    messages: within.slice(start, start + limit).map((message) => asShown(message, args)),
    has_more: more,
    pin_count: 0,
    ...(more ? { response_metadata: { next_cursor: String(start + limit) } } : {}),
  };
}

function asShown(message: Json, args: Json): Json {
  const { metadata, ...rest } = message;
  const thread = typeof message.reply_count === 'number' ? { thread_ts: message.ts } : {};
  const shown = args.include_all_metadata === true && metadata !== undefined ? { metadata } : {};
  return { ...rest, ...thread, ...shown };
}
