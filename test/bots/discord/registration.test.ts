import { describe, expect, it } from 'vitest';
import { commandsJson } from '../../../src/bots/discord/command-json.ts';
import { createRegistry } from '../../../src/commands/registry.ts';
import { someStyles } from '../../commands/support.ts';
import { useDiscord } from './support.ts';

describe('commands', () => {
  const house = useDiscord();

  it('are registered once, and again only when they change', async () => {
    const { peer, stopBot, startBot } = house();
    expect(peer.commandWrites()).toBe(1);
    const before = peer.commands().map(({ id }) => id);
    await stopBot();
    await startBot();
    expect(peer.commandWrites()).toBe(1);
    expect(peer.commands().map(({ id }) => id)).toEqual(before);
    await stopBot();
    await startBot({ upscalers: [] });
    expect(peer.commandWrites()).toBe(2);
    expect(peer.commands().map(({ name }) => name)).not.toContain('upscale');
  });

  it('are for servers and for people’s own installations; settings are for servers', async () => {
    const { peer } = house();
    const of = (name: string) => peer.commands().find((command) => command.name === name);
    expect(of('stylize')).toMatchObject({ contexts: [0, 1, 2], integration_types: [0, 1] });
    expect(of('Stylize…')).toMatchObject({ type: 3, name_localizations: { 'zh-TW': expect.any(String) } });
    expect(of('impasto-settings')).toMatchObject({ contexts: [0], integration_types: [0] });
    expect(String(of('impasto-settings')?.default_member_permissions)).toBe('32');
  });

  it('say in both languages what they do', async () => {
    const { peer } = house();
    for (const command of peer.commands().filter(({ type }) => type === 1)) {
      expect(command.description_localizations?.['zh-TW']).toMatch(/[\u4e00-\u9fff]/);
    }
  });
});

it('keep within Discord’s lengths, whatever the catalogue holds', () => {
  const [first] = someStyles;
  if (first === undefined) throw new Error('there are styles');
  const styles = Array.from({ length: 80 }, (_, index) => ({ ...first, name: `style-${index}` }));
  const text = JSON.stringify(commandsJson(createRegistry({ styles, upscalers: [] })));
  const descriptions = [...text.matchAll(/"(?:description|zh-TW)":"((?:[^"\\]|\\.)*)"/g)].map(
    ([, one = '']) => one,
  );
  expect(descriptions.length).toBeGreaterThan(20);
  for (const one of descriptions) expect(one.length).toBeLessThanOrEqual(100);
});
