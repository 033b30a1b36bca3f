import type { Fault } from './faults.ts';
import type { Incoming, Outgoing } from './listen.ts';
import { avatarOf } from './members.ts';
import type { FileCall, World } from './world.ts';

/** What Slack sends to those whom it does not let at a file: a page, with status 200. */
const SIGN_IN: Outgoing = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to Slack</body></html>',
};

/** `files.slack.com`: uploads by their address, downloads with the bearer token. */
export async function answerFiles(world: World, incoming: Incoming): Promise<Outgoing | 'lost'> {
  const { method, url } = incoming;
  const [, team = '', kind, fileId = '', last = ''] = url.pathname
    .replace(/^\/files-pri\/(T\w+)-(F\w+)\//, '/$1/files-pri/$2/')
    .split('/');
  const workspace = world.workspaces.get(team);
  const note = (outcome: FileCall['outcome']) => noteCall(world, 'files', incoming, outcome);
  if (workspace === undefined) {
    note('refused');
    return { status: 404 };
  }
  if (method === 'POST' && kind === 'upload') {
    const fault = world.faults.take('files.upload');
    await delay(fault);
    if (fault?.status !== undefined) {
      note('refused');
      return { status: fault.status };
    }
    const type = incoming.headers['content-type'];
    const stored = await workspace.fetch(`/upload/v1/${last}`, {
      method: 'POST',
      body: new Blob([new Uint8Array(incoming.body)]),
      ...(type === undefined ? {} : { headers: { 'content-type': type } }),
    });
    if (stored.ok) world.uploaded.set(last, await bytesOf(incoming));
    note(stored.ok ? 'stored' : 'refused');
    if (fault?.lost === true) return 'lost';
    return {
      status: stored.status,
      body: stored.ok ? `OK - ${incoming.body.byteLength}` : await stored.text(),
    };
  }
  const fault = world.faults.take('files.download');
  await delay(fault);
  if (fault?.lost === true) return 'lost';
  if (fault?.status !== undefined || fault?.retryAfter !== undefined) {
    note('refused');
    const after = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
    return { status: fault.status ?? 429, headers: after };
  }
  const facts = world.files.facts.get(fileId);
  const mayRead =
    incoming.headers.authorization === `Bearer ${workspace.botToken}` &&
    workspace.state === 'installed' &&
    workspace.scopes.includes('files:read');
  const there = facts?.team === team && facts.appMayRead && !facts.deleted && world.files.isReady(fileId);
  if (!mayRead || !there || fault?.html === true) {
    note('page');
    return SIGN_IN;
  }
  if (facts.redirect !== undefined) {
    note('redirect');
    return { status: 302, headers: { location: facts.redirect } };
  }
  note('bytes');
  return { headers: { 'content-type': facts.mimetype }, body: facts.bytes };
}

/** Every other host: drives, the target of redirects, pictures of people. A token that gets here has leaked. */
export async function answerOutside(world: World, incoming: Incoming): Promise<Outgoing> {
  const [, kind, first = '', second = '', third = ''] = incoming.url.pathname.split('/');
  const note = (outcome: FileCall['outcome']) => noteCall(world, 'outside', incoming, outcome);
  if (incoming.headers.authorization !== undefined) {
    world.problems.push(`a token was sent outside Slack, to ${incoming.url.pathname}`);
  }
  const facts = world.files.facts.get(first);
  if ((kind === 'external' || kind === 'moved') && facts !== undefined) {
    note('bytes');
    return { headers: { 'content-type': facts.mimetype }, body: facts.bytes };
  }
  const member = world.workspaces.get(first)?.members.get(second);
  if (kind === 'avatars' && member !== undefined) {
    note('bytes');
    const body = await avatarOf(member, third.replace(/\.png$/, ''));
    return { headers: { 'content-type': 'image/png' }, body };
  }
  note('refused');
  return { status: 404 };
}

function noteCall(
  world: World,
  host: FileCall['host'],
  incoming: Incoming,
  outcome: FileCall['outcome'],
): void {
  const { method, url, headers } = incoming;
  const { authorization, ...others } = headers;
  const path = url.pathname;
  world.fileRequests.push({ at: Date.now(), host, path, method, authorization, headers: others, outcome });
}

/** The upload itself, also out of a form. */
async function bytesOf({ body, headers }: Incoming): Promise<Uint8Array> {
  const type = headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  for (const [, value] of form)
    if (typeof value !== 'string') return new Uint8Array(await value.arrayBuffer());
  return new Uint8Array();
}

function delay(fault: Fault | undefined): Promise<void> {
  const ms = fault?.delayMs ?? 0;
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve();
}
