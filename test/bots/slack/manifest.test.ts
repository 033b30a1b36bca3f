import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SCOPES } from '../../../src/bots/slack/scopes.ts';

const format = z.object({
  features: z.object({
    shortcuts: z.array(z.object({ name: z.string().max(24), callback_id: z.string() })),
    slash_commands: z.array(
      z.object({ command: z.string(), url: z.string().optional(), should_escape: z.literal(true) }),
    ),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({
    event_subscriptions: z.object({ bot_events: z.array(z.string()), request_url: z.string().optional() }),
    interactivity: z.object({ is_enabled: z.literal(true), request_url: z.string().optional() }),
    socket_mode_enabled: z.boolean(),
  }),
});

function manifest(name: string): z.infer<typeof format> {
  const file = new URL(`../../../src/bots/slack/${name}`, import.meta.url);
  return format.parse(JSON.parse(readFileSync(file, 'utf8')));
}

describe.each(['manifest.json', 'manifest.http.json'])('%s', (name) => {
  const made = manifest(name);

  it('asks for the scopes that the bot needs, and no others', () => {
    expect(made.oauth_config.scopes.bot.toSorted()).toEqual([...SCOPES.keys()].toSorted());
  });

  it('has the three commands and the two shortcuts that the bot listens to', () => {
    const commands = made.features.slash_commands.map(({ command }) => command);
    expect(commands).toEqual(['/stylize', '/upscale', '/impasto']);
    const shortcuts = made.features.shortcuts.map(({ callback_id }) => callback_id);
    expect(shortcuts).toEqual(['impasto.stylize', 'impasto.upscale']);
  });

  it('subscribes to the events that the bot listens to', () => {
    expect(made.settings.event_subscriptions.bot_events).toEqual([
      'app_home_opened',
      'app_mention',
      'app_uninstalled',
      'message.im',
      'reaction_added',
      'tokens_revoked',
    ]);
  });
});

it('over HTTP everything goes to one address, in Socket Mode to none', () => {
  const addresses = (name: string) => {
    const { features, settings } = manifest(name);
    return [
      ...features.slash_commands.map(({ url }) => url),
      settings.event_subscriptions.request_url,
      settings.interactivity.request_url,
    ];
  };
  expect(new Set(addresses('manifest.http.json'))).toEqual(
    new Set(['https://impasto.example.com/slack/events']),
  );
  expect(new Set(addresses('manifest.json'))).toEqual(new Set([undefined]));
  expect(manifest('manifest.json').settings.socket_mode_enabled).toBe(true);
  expect(manifest('manifest.http.json').settings.socket_mode_enabled).toBe(false);
});
