import { type Call, invalidBlocks, type Method, refuse } from '../call.ts';
import { slackFileFaults, viewFaults } from '../checking.ts';
import { type Json, jsonAt, listAt, textAt } from '../json.ts';
import { named, type OpenView } from '../view-book.ts';

const MOST_MODALS = 3;

export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': (call) => open(call, 1),
  'views.push': (call) => open(call, MOST_MODALS),
  'views.publish': async (call) => {
    const { args, world, workspace } = call;
    const user = textAt(args, 'user_id');
    if (!workspace.members.has(user)) return refuse('user_not_found');
    const before = world.views.home(user);
    if (typeof args.hash === 'string' && before !== undefined && before.json.hash !== args.hash) {
      return refuse('hash_conflict');
    }
    const view = readView(call, 'home');
    if ('refused' in view) return view.refused;
    return shown(world.views.publish(workspace, user, view.json));
  },
  'views.update': async (call) => {
    const { args, world, workspace } = call;
    const id = textAt(args, 'view_id');
    const found =
      id === '' ? world.views.byExternalId(workspace.id, textAt(args, 'external_id')) : world.views.find(id);
    if (found === undefined || found.team !== workspace.id) return refuse('not_found');
    if (typeof args.hash === 'string' && found.json.hash !== args.hash) return refuse('hash_conflict');
    const view = readView(call, textAt(found.json, 'type'));
    return 'refused' in view ? view.refused : shown(world.views.replace(found, view.json));
  },
};

async function open(call: Call, most: number): Promise<Json> {
  const { args, world, workspace } = call;
  const view = readView(call, 'modal');
  if ('refused' in view) return view.refused;
  const trigger = world.triggers.exchange(textAt(args, 'trigger_id'), workspace.id);
  if ('error' in trigger) return refuse(trigger.error);
  const modals = world.views.modals(trigger.user);
  if (most > 1 && modals.length >= most) return refuse('push_limit_reached');
  // Slack's client shows one stack at a time.
  const top = modals.at(-1);
  if (most === 1 && top !== undefined) world.views.close(top, true);
  return shown(world.views.push(workspace, trigger.user, view.json));
}

function readView(call: Call, type: string): { readonly json: Json } | { readonly refused: Json } {
  const { args, world, workspace, method } = call;
  const view = jsonAt(args, 'view');
  const faults = [...viewFaults(world, view), ...(view.type === type ? [] : [`a ${type} is wanted`])];
  world.problems.push(...faults.map((fault) => `${method}: ${fault}`));
  const messages = faults.map((fault) => `[ERROR] ${fault}`);
  if (faults.length > 0) return { refused: refuse('invalid_arguments', { response_metadata: { messages } }) };
  const files = slackFileFaults(world, workspace, view.blocks);
  if (files.length > 0) return { refused: invalidBlocks(files) };
  return { json: { ...view, blocks: named(listAt(view, 'blocks')) } };
}

function shown(view: OpenView): Json {
  return { ok: true, view: view.json };
}
