import { expect, it } from 'vitest';
import { eventually, startTestRedis } from './queue/support.ts';
import { findings, findingsIn, storedIn, watchCommands } from './secrecy.ts';

const SECRET = 'correct "horse" battery/staple ü';

it.each([
  ['plain', `before ${SECRET} after`],
  ['JSON', JSON.stringify({ token: SECRET })],
  ['address', `https://example.com/?q=${encodeURIComponent(SECRET)}&z`],
  ['latin1', Buffer.from(SECRET).toString('latin1')],
  ['hex', Buffer.from(`x${SECRET}x`).toString('hex')],
  ['base64', Buffer.from(SECRET).toString('base64')],
  ['base64', Buffer.from(`u:${SECRET}, and on`).toString('base64')],
  ['base64', Buffer.from(`u${SECRET}`).toString('base64')],
  ['base64url', Buffer.from(`u${SECRET}`).toString('base64url')],
])('a secret is found as %s: %s', (form, text) => {
  const found = findings(
    { here: text, there: 'nothing' },
    { 'a secret': SECRET, another: 'hunter22hunter22' },
  );
  expect(found).toContain(`here holds a secret (${form})`);
  expect(found.every((each) => each.startsWith('here holds a secret'))).toBe(true);
});

it('finds a secret in Redis, in a key of any type or its name, and in what is only passed through', async () => {
  const redis = await startTestRedis();
  const commands = await watchCommands(redis.url);
  const own = redis.connect();
  const writes: readonly (() => Promise<unknown>)[] = [
    () => own.set(SECRET, '1'),
    () => own.set('k', SECRET),
    () => own.hset('k', 'field', SECRET.repeat(50)),
    () => own.rpush('k', 'a', SECRET),
    () => own.sadd('k', SECRET),
    () => own.zadd('k', '1', SECRET),
    () => own.xadd('k', '*', 'field', SECRET),
  ];
  for (const write of writes) {
    await own.flushall();
    await write();
    const secrets = { 'a secret': SECRET };
    expect(findings({ Redis: await storedIn(redis.url) }, secrets), String(write)).not.toEqual([]);
    expect(await findingsIn(redis.url, secrets), String(write)).not.toEqual([]);
  }
  await own.flushall();
  await own.publish('news', 'hunter22hunter22');
  expect(findings({ Redis: await storedIn(redis.url) }, { 'a secret': SECRET })).toEqual([]);
  expect(await findingsIn(redis.url, { 'a secret': SECRET })).toEqual([]);
  await eventually(() => commands.seen().includes('hunter22hunter22'));
  commands.end();
  await redis.close();
});
