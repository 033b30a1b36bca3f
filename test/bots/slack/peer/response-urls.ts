import { blocksFaults, slackFileFaults } from './checking.ts';
import { secret } from './ids.ts';
import { type Json, listAt, readJson, textAt } from './json.ts';
import { type Incoming, json, type Outgoing } from './listen.ts';
import { show } from './show.ts';
import type { Channel, Workspace } from './workspace.ts';
import type { World } from './world.ts';

/** What a `response_url` answers to. */
export interface Answerable {
  readonly workspace: Workspace;
  readonly channel: Channel;
  readonly user: string;
  /** The message that was acted on, which `replace_original` means. */
  readonly original: string | undefined;
}

export interface ResponseUrls {
  issue(about: Answerable): string;
  take(world: World, incoming: Incoming): Promise<Outgoing>;
}

const MOST_USES = 5;

export function createResponseUrls(apiUrl: string, lifeMs: number): ResponseUrls {
  const issued = new Map<string, Answerable & { readonly at: number; uses: number }>();
  return {
    issue(about) {
      const path = `/hooks/${about.workspace.id}/${secret()}`;
      issued.set(path, { ...about, at: Date.now(), uses: 0 });
      return apiUrl + path;
    },
    async take(world, { url, body, headers }) {
      const about = issued.get(url.pathname);
      if (about === undefined) return json({ ok: false, error: 'no_service' }, 404);
      if (Date.now() - about.at > lifeMs) return json({ ok: false, error: 'expired_url' }, 404);
      if (about.uses >= MOST_USES) return json({ ok: false, error: 'used_url' }, 404);
      about.uses += 1;
      const said = readJson(body.toString());
      const { authorization: _, ...others } = headers;
      const team = about.workspace.id;
      world.requests.push({ at: Date.now(), method: 'response_url', team, args: said, headers: others });
      const refused = await respond(world, about, said);
      return refused === undefined ? json({ ok: true }) : json({ ok: false, error: refused }, 404);
    },
  };
}

/** Do what an answer by `response_url`, or within an acknowledgement, says. @returns Slack's error */
export async function respond(world: World, about: Answerable, said: Json): Promise<string | undefined> {
  const { workspace, channel, user, original } = about;
  const faults = 'blocks' in said ? blocksFaults(world, said.blocks, 50) : [];
  world.problems.push(...faults.map((fault) => `response_url: ${fault}`));
  const files = slackFileFaults(world, workspace, said.blocks);
  if (faults.length > 0 || files.length > 0) return 'invalid_blocks';
  const text = textAt(said, 'text');
  const blocks = listAt(said, 'blocks');
  const replaces = said.replace_original === true;
  if (said.delete_original === true || replaces) {
    if (original === undefined) return 'no_original';
    const kept = world.ledger.find(channel.id, original);
    if (kept === undefined || kept.deletedAt !== undefined) return 'message_not_found';
    if (kept.ephemeralTo === undefined) {
      const method = replaces ? 'chat.update' : 'chat.delete';
      await workspace.demand(workspace.botToken, method, { channel: channel.id, ts: original, text, blocks });
    }
    if (!replaces) world.ledger.remove(channel.id, original);
    else world.ledger.edit(channel.id, original, { text, blocks });
    return undefined;
  }
  if (text === '' && blocks.length === 0) return 'no_text';
  const threadTs = textAt(said, 'thread_ts') || undefined;
  const ephemeralTo = said.response_type === 'in_channel' ? undefined : user;
  await show(world, workspace, channel, { text, blocks, threadTs, ephemeralTo });
  return undefined;
}
