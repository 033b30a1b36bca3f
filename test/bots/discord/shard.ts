import { createClient } from '../../../src/bots/discord/client.ts';
import { login } from '../../../src/bots/discord/login.ts';
import { readConfig } from '../../../src/config.ts';

/** One shard, as a process of its own: it connects, and ends when it is told to. */
const { discordToken = '' } = readConfig(process.env);
const { PEER_API_URL: apiUrl = '', PEER_CDN_URL: cdnUrl = '', SHARD_ENDS } = process.env;
const client = createClient({ apiUrl, cdnUrl, callMs: 5_000, content: true });
process.on('SIGTERM', () => {
  client.destroy().finally(() => process.exit());
});
await login(client, discordToken, 20_000);
// One that ends as soon as it is there.
if (SHARD_ENDS === 'yes') setTimeout(() => process.exit(1), 100);
