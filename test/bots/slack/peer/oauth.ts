import { refuse } from './call.ts';
import { secret } from './ids.ts';
import { type Json, textAt } from './json.ts';
import type { Incoming, Outgoing } from './listen.ts';
import type { Workspace } from './workspace.ts';
import type { World } from './world.ts';

/** The installing of the app into workspaces. */
export interface OAuth {
  /** Slack's page, where a person lets the app in; `team` in the address chooses where. */
  authorize(world: World, incoming: Incoming): Outgoing;
  /** The address to which that page sends the person on. */
  consent(world: World, workspace: Workspace, authorizeUrl: URL): URL;
  access(world: World, args: Json): Json;
}

interface Code {
  readonly workspace: Workspace;
  readonly scopes: readonly string[];
  readonly redirectUri: string;
}

export function createOAuth(): OAuth {
  const codes = new Map<string, Code>();
  const consent: OAuth['consent'] = (world, workspace, { searchParams }) => {
    const redirectUri = searchParams.get('redirect_uri') ?? '';
    const scopes = (searchParams.get('scope') ?? '').split(',').filter((scope) => scope !== '');
    if (searchParams.get('client_id') !== world.app.clientId)
      world.problems.push('authorize: a wrong client_id');
    if (redirectUri === '') world.problems.push('authorize: no redirect_uri');
    if (scopes.length === 0) world.problems.push('authorize: no scopes');
    const unknown = scopes.filter((scope) => !world.app.scopes.includes(scope));
    if (unknown.length > 0) world.problems.push(`authorize: the app does not have ${unknown.join(', ')}`);
    const code = secret();
    codes.set(code, { workspace, scopes, redirectUri });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', searchParams.get('state') ?? '');
    return back;
  };
  return {
    consent,
    authorize(world, { url }) {
      const chosen = world.workspaces.get(url.searchParams.get('team') ?? '');
      const workspace = chosen ?? [...world.workspaces.values()].find(({ state }) => state !== 'installed');
      if (workspace === undefined) return { status: 404, body: 'no workspace is left without the app' };
      return { status: 302, headers: { location: consent(world, workspace, url).href } };
    },
    access(world, args) {
      const code = codes.get(textAt(args, 'code'));
      if (args.client_id !== world.app.clientId) return refuse('invalid_client_id');
      if (args.client_secret !== world.app.clientSecret) return refuse('bad_client_secret');
      if (code === undefined || !codes.delete(textAt(args, 'code'))) return refuse('invalid_code');
      if (textAt(args, 'redirect_uri') !== code.redirectUri) return refuse('bad_redirect_uri');
      const { workspace, scopes } = code;
      workspace.state = 'installed';
      return {
        ok: true,
        app_id: world.app.id,
        authed_user: { id: workspace.owner.id },
        scope: scopes.join(','),
        token_type: 'bot',
        access_token: workspace.botToken,
        bot_user_id: workspace.botUser,
        team: { id: workspace.id, name: workspace.name },
        enterprise: null,
        is_enterprise_install: false,
      };
    },
  };
}
