import { z } from 'zod';
import type { Cdn } from '../cdn.ts';
import { Refusal } from '../refusal.ts';
import type { Route } from '../server.ts';
import { must, type World } from '../world.ts';

export interface ApplicationRoutesOptions {
  readonly world: World;
  readonly cdn: Cdn;
  readonly gatewayUrl: () => string;
  readonly shards: number;
  readonly flags: number;
  readonly userInstalls: boolean;
}

const refreshBody = z.object({ attachment_urls: z.array(z.string()).min(1).max(50) });

/** What a bot asks about itself, its gateway and its links. */
export function applicationRoutes(options: ApplicationRoutesOptions): readonly Route[] {
  const { world, cdn, gatewayUrl, shards, flags, userInstalls } = options;
  const bot = (): object => ({
    ...must(world.users.get(world.botId), 'bot').api,
    verified: true,
    mfa_enabled: false,
    email: null,
  });
  const install = { oauth2_install_params: { scopes: ['applications.commands', 'bot'], permissions: '0' } };
  const application = (): object => ({
    id: world.botId,
    name: must(world.users.get(world.botId), 'bot').api.username,
    icon: null,
    description: '',
    summary: '',
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    team: null,
    flags,
    bot: bot(),
    approximate_guild_count: [...world.guilds.values()].filter(({ installed }) => installed).length,
    integration_types_config: { 0: install, ...(userInstalls ? { 1: {} } : {}) },
    event_webhooks_status: 1,
  });
  return [
    { method: 'GET', path: '/gateway', open: true, handle: () => ({ body: { url: gatewayUrl() } }) },
    {
      method: 'GET',
      path: '/gateway/bot',
      handle: () => ({
        body: {
          url: gatewayUrl(),
          shards,
          session_start_limit: { total: 1000, remaining: 990, reset_after: 14_400_000, max_concurrency: 16 },
        },
      }),
    },
    { method: 'GET', path: '/users/@me', handle: () => ({ body: bot() }) },
    { method: 'GET', path: '/applications/@me', handle: () => ({ body: application() }) },
    { method: 'GET', path: '/oauth2/applications/@me', handle: () => ({ body: application() }) },
    { method: 'GET', path: '/applications/:app/emojis', handle: () => ({ body: { items: [] } }) },
    {
      method: 'GET',
      path: '/users/@me/guilds',
      handle: () => ({
        body: [...world.guilds.values()]
          .filter(({ installed }) => installed)
          .map(({ id, name }) => ({ id, name, icon: null, owner: false, permissions: '0', features: [] })),
      }),
    },
    {
      method: 'POST',
      path: '/attachments/refresh-urls',
      handle: ({ sent }) => {
        const { attachment_urls: urls } = refreshBody.parse(sent.body);
        const refreshed = urls.map((original) => {
          const file = cdn.fileAt(original);
          if (file === undefined) throw new Refusal(400, 50035, 'Invalid Form Body');
          return { original, refreshed: cdn.sign(file) };
        });
        return { body: { refreshed_urls: refreshed } };
      },
    },
  ];
}
