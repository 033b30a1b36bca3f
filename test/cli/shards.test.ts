import { expect, it } from 'vitest';
import { shardConfig } from '../../src/cli/bot/discord.ts';
import { readConfig } from '../../src/config.ts';

const config = readConfig({ METRICS_PORT: '9464' });
const shard = (number: number) => ({ SHARDING_MANAGER: 'true', SHARDS: String(number) });

it('each shard, and the process that starts them, has a port of metrics of its own', () => {
  const ports = [{}, shard(0), shard(1), shard(7)].map((env) => shardConfig(config, env).metricsPort);
  expect(ports).toEqual([9464, 9465, 9466, 9472]);
});

it('where any free port or none is asked for, that holds for each of them', () => {
  for (const env of [{ METRICS_PORT: '0' }, {}]) {
    const given = readConfig(env);
    expect(shardConfig(given, shard(3)).metricsPort).toBe(given.metricsPort);
  }
});
