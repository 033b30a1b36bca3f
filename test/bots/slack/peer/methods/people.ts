import { type Call, type Method, reach, refuse } from '../call.ts';
import { type Json, jsonAt, textAt } from '../json.ts';
import { memberJson } from '../members.ts';

export const peopleMethods: Readonly<Record<string, Method>> = {
  'auth.test': async (call) => ({ ...(await call.pass()), is_enterprise_install: false }),
  'team.info': (call) => call.pass(),
  'bots.info': (call) => call.pass(),
  'users.info': async (call) => {
    const answer = await call.pass();
    const member = call.workspace.members.get(textAt(call.args, 'user'));
    if (answer.ok !== true || member === undefined) return answer;
    const inner = jsonAt(answer, 'user');
    const user = memberJson(member, call.world.urls.outside, call.args.include_locale === true);
    return {
      ...answer,
      user: { ...inner, ...user, profile: { ...jsonAt(inner, 'profile'), ...user.profile } },
    };
  },
  'reactions.add': (call) => react(call, true),
  'reactions.remove': (call) => react(call, false),
  'reactions.get': (call) => call.pass(),
  'apps.uninstall': async ({ args, world, workspace }) => {
    const { clientId, clientSecret } = world.app;
    if (args.client_id !== clientId || args.client_secret !== clientSecret)
      return refuse('invalid_client_id');
    world.uninstall(workspace);
    return { ok: true };
  },
};

async function react(call: Call, on: boolean): Promise<Json> {
  const { args, world, workspace } = call;
  const found = reach(call, textAt(args, 'channel'));
  if ('error' in found) return refuse(found.error);
  const name = textAt(args, 'name');
  if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(name)) return refuse('invalid_name');
  const answer = await call.pass();
  const ts = textAt(args, 'timestamp');
  if (answer.ok !== true) return answer;
  world.ledger.react(found.channel.id, ts, name, workspace.botUser, on);
  const event = {
    type: on ? 'reaction_added' : 'reaction_removed',
    user: workspace.botUser,
    reaction: name,
    item: { type: 'message', channel: found.channel.id, ts },
    item_user: world.ledger.find(found.channel.id, ts)?.user,
  };
  world.events.tell(workspace, event.type, event);
  return answer;
}
