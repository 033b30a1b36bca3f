import { type ServerSettings, unlessDamaged } from '../../../queue/server-settings.ts';
import { serverOf } from '../asking.ts';
import type { Where } from '../where.ts';
import type { Tools } from './tools.ts';

/** The workspace's settings; none where they are damaged. @throws as the store's `read` otherwise */
export async function settingsOf(
  { platform, serverSettings }: Pick<Tools, 'platform' | 'serverSettings'>,
  where: Where,
): Promise<ServerSettings | undefined> {
  return await unlessDamaged(serverSettings.read(platform, serverOf(where).server));
}
