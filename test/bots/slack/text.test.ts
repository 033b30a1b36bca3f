import { describe, expect, it } from 'vitest';
import { redacted } from '../../../src/bots/slack/bolt-log.ts';
import { createEmojiNames } from '../../../src/bots/slack/emoji-names.ts';
import { readLine } from '../../../src/bots/slack/line.ts';
import { markup, momentOf, sections } from '../../../src/bots/slack/text.ts';

const emojis = createEmojiNames();

describe('markup', () => {
  it('lets nothing call anybody', () => {
    expect(markup('<!channel> <@U1> <!subteam^S1> & co')).toBe(
      '&lt;!channel&gt; &lt;@U1&gt; &lt;!subteam^S1&gt; &amp; co',
    );
  });

  it('keeps mentions of channels, moments and addresses', () => {
    const moment = momentOf(Date.UTC(2026, 10, 25, 14, 5));
    expect(moment).toBe('<!date^1795615500^{time}|14:05 UTC>');
    expect(markup(`<#C1> ${moment} https://example.com/a?b=1&c=2`)).toBe(
      `<#C1> ${moment} <https://example.com/a?b=1&amp;c=2>`,
    );
  });

  it('lets nobody make a moment that shows other words', () => {
    expect(markup('<!date^1^{time}|click here>')).toContain('&lt;!date');
  });

  it('is cut between lines where it is too long for one block', () => {
    const lines = Array.from({ length: 200 }, (_, at) => `${at} ${'<'.repeat(20)}`);
    const blocks = sections(lines.join('\n'));
    expect(blocks.length).toBeGreaterThan(1);
    expect(blocks.every(({ text }) => (text?.text.length ?? 0) <= 3_000)).toBe(true);
    expect(
      blocks
        .map(({ text }) => text?.text)
        .join('\n')
        .split('\n'),
    ).toHaveLength(200);
  });
});

describe('a line', () => {
  it('is taken apart into words and people, without the bot', () => {
    expect(readLine('<@UBOT>  stylize starry-night <@U2|bob> &amp; <@U2>', emojis, 'UBOT')).toEqual({
      text: 'stylize starry-night &',
      people: ['U2'],
    });
  });

  it('keeps channels, and knows emojis by their names', () => {
    expect(
      readLine('/impasto settings channels:<#C1|hall> emoji::fire:=great-wave :own-one:=off', emojis).text,
    ).toBe('/impasto settings channels:<#C1|hall> emoji:🔥=great-wave :own-one:=off');
  });
});

describe('what is logged', () => {
  it('holds no token and no address to answer at', () => {
    const text = redacted(
      'xoxb-1-abc xapp-1-A2-b xoxe.xoxb-1-zzz https://hooks.slack.com/commands/T1/2/secret ok',
    );
    expect(text).not.toMatch(/abc|A2|zzz|secret/);
    expect(text).toContain('ok');
  });
});
