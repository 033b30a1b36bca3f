import { ApplicationFlags } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { startDiscordPeer } from './peer/peer.ts';
import { useDiscord } from './support.ts';

describe('a start that fails says precisely why', () => {
  const house = useDiscord({ started: false, peer: { privileged: [] } });

  it('where the token is wrong', async () => {
    const { startBot, peer } = house();
    const token = peer.token.replace(/.$/, '_');
    await expect(startBot({ token })).rejects.toMatchObject({
      code: 'discord-token-refused',
      userMessage: expect.stringContaining('DISCORD_TOKEN'),
    });
  });

  it('where the token is refused by the gateway alone', async () => {
    const { startBot, peer } = house();
    peer.fault.once('GET /gateway/bot', { status: 401, body: { message: '401: Unauthorized', code: 0 } });
    await expect(startBot()).rejects.toMatchObject({ code: 'discord-token-refused' });
  });

  it('where Discord does not allow what the application says it has', async () => {
    const { startBot, peer } = house();
    const flags = ApplicationFlags.GatewayMessageContent;
    peer.fault.once('GET /applications/@me', { status: 200, body: { id: peer.botId, flags } });
    await expect(startBot()).rejects.toMatchObject({
      code: 'discord-intents-disallowed',
      userMessage: expect.stringContaining('Message Content Intent'),
    });
  });

  it('where Discord does not answer', async () => {
    const { startBot, peer } = house();
    peer.fault.always('GET /applications/@me', { status: 503 });
    await expect(startBot()).rejects.toMatchObject({ code: 'discord-away' });
  });
});

describe('a start', () => {
  const house = useDiscord({ started: false });

  it('asks for the intents that the application has, and for no more', async () => {
    const { startBot, peer, log } = house();
    await startBot();
    expect(log.filter(({ level }) => level !== 'info')).toEqual([]);
    expect(peer.gateway.identified).toBe(1);
  });
});

describe('a bot that Discord shuts out', () => {
  const house = useDiscord({ started: false });

  it('ends by what Discord said', async () => {
    const { startBot, peer } = house();
    const bot = await startBot();
    const apiPort = Number(new URL(peer.apiUrl).port);
    await peer.dropGateway(() => peer.close());
    const other = await startDiscordPeer({ apiPort, token: 'MTIz.another.token-of-another-peer' });
    await expect(bot.ended).rejects.toMatchObject({ code: 'discord-token-refused' });
    await bot.close();
    await other.close();
  }, 60_000);
});

describe('a bot that has started', () => {
  const house = useDiscord({ started: false });

  it('knows whether events reach it', async () => {
    const { startBot, stopBot, peer } = house();
    const { connected } = await startBot();
    expect(connected?.()).toBe(true);
    await peer.dropGateway(() => eventually(() => connected?.() === false).then(() => undefined));
    await eventually(() => connected?.());
    await stopBot();
    expect(connected?.()).toBe(false);
  });
});
