import type { ServerSettings } from '../../../queue/server-settings.ts';
import { serverOf } from '../asking.ts';
import type { Where } from '../where.ts';
import type { Tools } from './tools.ts';

/** The workspace's settings; none in talks with the bot alone. @throws as the store's `read` */
export async function settingsOf(
  { platform, serverSettings }: Pick<Tools, 'platform' | 'serverSettings'>,
  where: Where,
): Promise<ServerSettings | undefined> {
  const { server } = serverOf(where);
  return server === undefined ? undefined : await serverSettings.read(platform, server);
}
