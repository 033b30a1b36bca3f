import { ApplicationFlags } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { useDiscordProgram } from './house.ts';

const program = useDiscordProgram({ started: false, peer: { privileged: [] } });

describe('impasto bot discord, from its environment alone', () => {
  it.each([
    [
      'without DISCORD_TOKEN',
      { DISCORD_TOKEN: undefined },
      /DISCORD_TOKEN is not set\. It stands in the Developer Portal/,
    ],
    [
      'with a wrong one',
      { DISCORD_TOKEN: 'MTIz.another.token' },
      /refuses the bot’s token\. Set DISCORD_TOKEN/,
    ],
    ['without REDIS_URL', { REDIS_URL: undefined }, /REDIS_URL/],
    ['with one of the wrong form', { REDIS_URL: 'none' }, /Write it in REDIS_URL as redis:/],
    ['with a setting of the wrong form', { PUBLIC_URL: 'ftp://x' }, /PUBLIC_URL.*begins with http/],
  ] as const)('%s says so and ends by a code that is not 0', async (_, env, sentence) => {
    const { code, said } = await program().bots.fail(env);
    expect(said).toMatch(sentence);
    expect(said).not.toMatch(/^ {4}at /m);
    expect(code).toBeGreaterThan(0);
  });

  it('names an intent that is not allowed', async () => {
    const { bots, peer } = program();
    const flags = ApplicationFlags.GatewayMessageContent;
    peer.fault.once('GET /applications/@me', { status: 200, body: { id: peer.botId, flags } });
    const { code, said } = await bots.fail();
    expect(said).toMatch(/4014.*Message Content Intent/);
    expect(code).toBeGreaterThan(0);
  });

  it('starts without the intent, and says what is off', async () => {
    const { bots } = program();
    await bots.startBot();
    expect(bots.said()).toMatch(/message content/i);
  });
});
