import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ownShards, type Shards, startShards } from '../../../src/bots/discord/shards.ts';
import { eventually, memoryLog } from '../../queue/support.ts';
import { useDiscord } from './support.ts';

const file = fileURLToPath(new URL('shard.ts', import.meta.url));
const house = useDiscord({ started: false, peer: { shards: 2 } });
let shards: Shards | undefined;

afterEach(async () => {
  await shards?.close();
  shards = undefined;
  vi.unstubAllEnvs();
});

describe('shards', () => {
  it('are as many processes as Discord recommends, each with its own part, and end when they are told to', async () => {
    const { peer } = house();
    const { token, apiUrl } = peer;
    // The manager hands the environment of this process on to those that it starts.
    vi.stubEnv('PEER_API_URL', apiUrl);
    vi.stubEnv('PEER_CDN_URL', peer.cdnUrl);
    for (const name of ['SHARDING_MANAGER', 'SHARDING_MANAGER_MODE', 'DISCORD_TOKEN']) vi.stubEnv(name, '');
    // As where the token came out of a file; a process that is given both refuses to start.
    vi.stubEnv('DISCORD_TOKEN_FILE', '/run/secrets/discord_token');
    const log = memoryLog();
    const execArgv = ['--import', 'tsx'];
    shards = await startShards({
      token,
      apiUrl,
      shards: 'auto',
      file,
      args: [],
      without: ['DISCORD_TOKEN_FILE'],
      execArgv,
      delayMs: 100,
      log,
    });
    expect(shards.count).toBe(2);
    await eventually(() => peer.gateway.identified === 2);
    await shards.close();
    const ended = await eventually(() => {
      const told = log.lines.filter(({ message }) => message === 'A shard has ended');
      return told.length === 2 ? told.map(({ facts }) => facts) : undefined;
    });
    expect(ended).toEqual(expect.arrayContaining([0, 1].map((shard) => ({ shard, code: 0 }))));
    expect(peer.gateway.identified).toBe(2);
  });

  it('that end again and again are started anew after pauses that grow, up to a limit', async () => {
    const { peer } = house();
    vi.stubEnv('PEER_API_URL', peer.apiUrl);
    vi.stubEnv('PEER_CDN_URL', peer.cdnUrl);
    vi.stubEnv('SHARD_ENDS', 'yes');
    for (const name of ['SHARDING_MANAGER', 'SHARDING_MANAGER_MODE', 'DISCORD_TOKEN']) vi.stubEnv(name, '');
    const log = memoryLog();
    shards = await startShards({
      token: peer.token,
      apiUrl: peer.apiUrl,
      shards: 1,
      file,
      args: [],
      without: [],
      execArgv: ['--import', 'tsx'],
      respawnMs: 100,
      respawnLimitMs: 200,
      log,
    });
    const pauses = await eventually(() => {
      const told = log.lines.filter(({ message }) => message === 'A shard has ended; it is started anew');
      return told.length >= 3 ? told.map(({ facts }) => facts) : undefined;
    }, 30_000);
    expect(pauses).toMatchObject([{ pauseMs: 100 }, { pauseMs: 200 }, { pauseMs: 200 }]);
    await shards.close();
    const before = peer.gateway.identified;
    await new Promise((wake) => setTimeout(wake, 400));
    expect(peer.gateway.identified).toBe(before);
  });

  it('end together where one does not come up', async () => {
    const { token, apiUrl, cdnUrl } = house().peer;
    vi.stubEnv('PEER_API_URL', 'http://127.0.0.1:1/api');
    vi.stubEnv('PEER_CDN_URL', cdnUrl);
    for (const name of ['SHARDING_MANAGER', 'SHARDING_MANAGER_MODE', 'DISCORD_TOKEN']) vi.stubEnv(name, '');
    const about = {
      apiUrl,
      shards: 2,
      file,
      args: [],
      without: [],
      execArgv: ['--import', 'tsx'],
      log: memoryLog(),
    } as const;
    await expect(startShards({ ...about, token })).rejects.toMatchObject({ code: 'discord-shard-failed' });
  });

  it('are not begun with a token that Discord refuses', async () => {
    const { apiUrl } = house().peer;
    const about = { apiUrl, shards: 'auto', file, args: [], without: [], log: memoryLog() } as const;
    await expect(startShards({ ...about, token: 'MTIz.wrong.token' })).rejects.toMatchObject({
      code: 'discord-token-refused',
    });
  });
});

it('a process knows its own shards', () => {
  expect(ownShards({})).toBeUndefined();
  expect(ownShards({ SHARDING_MANAGER: 'true', SHARDS: '3', SHARD_COUNT: '4' })).toEqual([3]);
  expect(ownShards({ SHARDING_MANAGER: 'true', SHARDS: '[2,3]', SHARD_COUNT: '4' })).toEqual([2, 3]);
});
