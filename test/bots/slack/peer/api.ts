import { type Call, type Method, refuse } from './call.ts';
import { argumentFaults } from './checking.ts';
import type { Fault } from './faults.ts';
import { isJson, type Json, readJson, textAt } from './json.ts';
import { type Incoming, json, type Outgoing } from './listen.ts';
import { chatMethods } from './methods/chat.ts';
import { conversationMethods } from './methods/conversations.ts';
import { fileMethods } from './methods/files.ts';
import { peopleMethods } from './methods/people.ts';
import { viewMethods } from './methods/views.ts';
import type { OAuth } from './oauth.ts';
import type { SocketTransport } from './socket-transport.ts';
import type { Workspace } from './workspace.ts';
import type { BotCall, World } from './world.ts';

/** Those that need a token of a workspace. */
const methods: Readonly<Record<string, Method>> = {
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...peopleMethods,
  ...viewMethods,
};

/** Arguments that a form carries as text, and the SDK's types as something else. */
const BOOLEANS = new Set(
  (
    'include_all_metadata include_locale inclusive unfurl_links unfurl_media mrkdwn reply_broadcast link_names as_user ' +
    'return_im full prevent_creation include_num_members exclude_archived'
  ).split(' '),
);
const NUMBERS = new Set(['limit', 'length', 'count', 'page']);

/** `slack.com/api` and what else lies on that host. */
export async function answerApi(
  world: World,
  oauth: OAuth,
  socket: SocketTransport | undefined,
  incoming: Incoming,
): Promise<Outgoing | 'lost'> {
  const { url } = incoming;
  if (url.pathname === '/oauth/v2/authorize') return oauth.authorize(world, incoming);
  if (url.pathname.startsWith('/hooks/')) {
    const fault = world.faults.take('response_url');
    return faulty(fault, () => world.responseUrls.take(world, incoming));
  }
  const method = /^\/api\/([\w.]+)$/.exec(url.pathname)?.[1];
  if (method === undefined) return { status: 404 };
  const args = readArguments(incoming);
  const token = tokenOf(incoming, args);
  const workspace = [...world.workspaces.values()].find(({ botToken }) => botToken === token);
  const { token: _token, ...recorded } = args;
  const { authorization: _authorization, ...others } = incoming.headers;
  const call: BotCall = { at: Date.now(), method, team: workspace?.id, args: recorded, headers: others };
  world.requests.push(call);
  const outgoing = await faulty(world.faults.take(method), async () => {
    const answer = world.files.dress(await answerTo(world, oauth, socket, method, args, token, workspace));
    return json(answer, 200, scopeHeaders(workspace));
  });
  if (outgoing !== 'lost') {
    call.status = outgoing.status ?? 200;
    call.answer = readJson(String(outgoing.body ?? ''));
  }
  return outgoing;
}

/** Work under a fault: instead of it, after some time, or with the answer lost. */
async function faulty(fault: Fault | undefined, work: () => Promise<Outgoing>): Promise<Outgoing | 'lost'> {
  const { delayMs = 0, retryAfter, status, error, lost } = fault ?? {};
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  if (retryAfter !== undefined)
    return json(refuse('ratelimited'), 429, { 'retry-after': String(retryAfter) });
  if (status !== undefined)
    return { status, headers: { 'content-type': 'text/html' }, body: 'upstream error' };
  if (error !== undefined) return json(refuse(error));
  const outgoing = await work();
  return lost === true ? 'lost' : outgoing;
}

async function answerTo(
  world: World,
  oauth: OAuth,
  socket: SocketTransport | undefined,
  method: string,
  args: Json,
  token: string,
  workspace: Workspace | undefined,
): Promise<Json> {
  const faults = argumentFaults(world, method, args);
  world.problems.push(...faults.map((fault) => `${method}: ${fault}`));
  if (method === 'apps.connections.open') {
    if (token.startsWith('xoxb-')) return refuse('not_allowed_token_type');
    if (token !== world.app.appToken) return refuse(token === '' ? 'not_authed' : 'invalid_auth');
    return socket === undefined ? refuse('forbidden_request') : { ok: true, url: socket.ticket() };
  }
  if (method === 'oauth.v2.access') return oauth.access(world, args);
  if (token === '') return refuse('not_authed');
  if (token === world.app.appToken) return refuse('not_allowed_token_type');
  if (workspace === undefined || workspace.state === 'absent') return refuse('invalid_auth');
  if (workspace.state === 'uninstalled') return refuse('account_inactive');
  if (workspace.state === 'revoked') return refuse('token_revoked');
  const serve = methods[method];
  if (serve === undefined) return refuse('unknown_method', { req_method: method });
  if (faults.length > 0) {
    return refuse('invalid_arguments', {
      response_metadata: { messages: faults.map((each) => `[ERROR] ${each}`) },
    });
  }
  const call: Call = {
    world,
    workspace,
    token,
    method,
    args,
    pass: (changed) => workspace.call(token, method, changed ?? args),
  };
  return serve(call);
}

function readArguments({ url, headers, body }: Incoming): Json {
  const type = headers['content-type'] ?? '';
  if (type.startsWith('application/json')) return readJson(body.toString());
  const form = [...url.searchParams, ...new URLSearchParams(body.toString())];
  return Object.fromEntries(form.map(([key, value]) => [key, typed(key, value)]));
}

function typed(key: string, value: string): unknown {
  if (BOOLEANS.has(key) && /^(true|false|1|0)$/.test(value)) return value === 'true' || value === '1';
  if (NUMBERS.has(key) && /^\d+$/.test(value)) return Number(value);
  if (!/^[[{]/.test(value) || key === 'text') return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) || isJson(parsed) ? parsed : value;
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}

function tokenOf({ headers }: Incoming, args: Json): string {
  return /^Bearer (.*)$/.exec(headers.authorization ?? '')?.[1] ?? textAt(args, 'token');
}

function scopeHeaders(workspace: Workspace | undefined): Readonly<Record<string, string>> {
  return workspace === undefined ? {} : { 'x-oauth-scopes': workspace.scopes.join(',') };
}
