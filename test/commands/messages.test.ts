import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from '../../src/commands/messages/en.ts';
import { failureSentence, failureText, refuse, sentenceOf } from '../../src/commands/messages/failures.ts';
import { languages, localised, messagesFor } from '../../src/commands/messages/language.ts';
import { zhHant } from '../../src/commands/messages/zh-hant.ts';
import { ImpastoError, UserError } from '../../src/errors.ts';
import { publicErrorsIn } from './public-errors.ts';
import { someRegistry } from './support.ts';

type Said = { readonly text: string; readonly placeholders: readonly string[] };

/** Every sentence by its path. A function is asked with marks for whatever it takes, and with less and less of it. */
function sentences(value: unknown, path = ''): ReadonlyMap<string, readonly Said[]> {
  if (typeof value === 'string') {
    const placeholders = [...value.matchAll(/\{(\w+(?::\w+)?)\}/g)].map((match) => match[1] ?? '');
    return new Map([[path, [{ text: value, placeholders: placeholders.sort() }]]]);
  }
  if (typeof value === 'function') return new Map([[path, asked((about) => String(value(about)))]]);
  return new Map(
    Object.entries(Object(value)).flatMap(([key, inside]) => [...sentences(inside, `${path}.${key}`)]),
  );
}

const LISTS = new Set(['options', 'choices', 'styles', 'factors', 'emojis', 'channels', 'pairs']);
const FLAGS = new Set(['on']);
const NUMBERS = new Set([
  ...['min', 'max', 'before', 'percent', 'pictures', 'seconds', 'factor', 'number', 'hours', 'count'],
  ...['waiting', 'running', 'more', 'requests', 'most'],
]);

/** What each placeholder is filled with: nothing else in a sentence looks like it. */
function mark(name: string, index: number): unknown {
  if (LISTS.has(name)) return [`⟨${name}⟩`];
  if (FLAGS.has(name)) return true;
  return NUMBERS.has(name) ? 7_000 + index : `⟨${name}⟩`;
}

function asked(say: (about: object) => string): readonly Said[] {
  const wanted: string[] = [];
  const whole = say(recorder(wanted, new Set()));
  const rounds = [{ text: whole, left: '' }, ...wanted.map((left) => ({ text: attempt(say, left), left }))];
  return rounds.map(({ text, left }) => ({
    text,
    placeholders: wanted.filter((name, at) => name !== left && shows(text, name, at)).sort(),
  }));
}

/** With one thing left out; where a sentence cannot be said without it, that is the same in every language. */
function attempt(say: (about: object) => string, left: string): string {
  try {
    return say(recorder([], new Set([left])));
  } catch (error) {
    if (error instanceof TypeError) return 'needed';
    throw error;
  }
}

function recorder(wanted: string[], left: ReadonlySet<string>): object {
  return new Proxy(
    {},
    {
      get: (_, name) => {
        const key = String(name);
        if (!wanted.includes(key)) wanted.push(key);
        return left.has(key) ? undefined : mark(key, wanted.indexOf(key));
      },
    },
  );
}

function shows(text: string, name: string, at: number): boolean {
  return FLAGS.has(name) || text.includes(NUMBERS.has(name) ? String(7_000 + at) : `⟨${name}⟩`);
}

const [english, ...others] = languages().map(({ locale, messages }) => ({
  locale,
  said: sentences(messages),
}));

describe.each(others)('the messages in $locale', ({ said }) => {
  it('hold each sentence of the English ones, and no others', () => {
    expect([...said.keys()].sort()).toEqual([...(english?.said.keys() ?? [])].sort());
  });

  it.each([...(english?.said ?? [])])('use the same placeholders: %s', (path, rounds) => {
    const names = (all: readonly Said[] | undefined) =>
      [...new Set((all ?? []).flatMap(({ placeholders }) => placeholders))].sort();
    expect(names(said.get(path))).toEqual(names(rounds));
  });

  it('are never empty, and written with full-width punctuation', () => {
    for (const [path, rounds] of said) {
      for (const { text } of rounds) {
        expect(text.trim(), path).not.toBe('');
        expect(text.replace(/\{[^}]*\}/g, ''), path).not.toMatch(
          /\p{Script=Han}[,.;:!?](\s|$|\p{Script=Han})/u,
        );
      }
    }
  });
});

describe('descriptions', () => {
  it.each(languages())('of commands and options are short enough for Discord: $locale', ({ messages }) => {
    for (const command of someRegistry.commands) {
      for (const text of [command, ...command.options].map((each) => each.describe(messages))) {
        expect(text.length).toBeGreaterThan(0);
        expect(text.length, text).toBeLessThanOrEqual(100);
      }
    }
    for (const text of Object.values(messages.commands.platformOptions)) {
      expect(text.length).toBeLessThanOrEqual(100);
    }
    for (const text of [
      ...Object.values(messages.messageAction),
      messages.picker.stylizeTitle,
      messages.picker.upscaleTitle,
      messages.picker.submit,
      messages.picker.close,
    ]) {
      expect(text.length, text).toBeLessThanOrEqual(24);
    }
  });

  it('come by locale', () => {
    expect(localised(({ commands }) => commands.upscale.about)).toEqual({
      'zh-TW': zhHant.commands.upscale.about,
    });
  });
});

describe('failures', () => {
  it('have a sentence for each code that is thrown towards people', () => {
    const thrown = sources('src').flatMap((file) =>
      publicErrorsIn(readFileSync(file, 'utf8')).map((error) => ({ ...error, file })),
    );
    expect(thrown.length).toBeGreaterThan(40);
    const missing = thrown.filter(({ code, said }) => !said && !STARTING.has(code) && !(code in en.failures));
    expect(missing.map(({ code, file }) => `${code} in ${file}`)).toEqual([]);
  });

  it('are filled from data, quantities as people write them', () => {
    const large = new UserError('image-file-too-large', 'x', { data: { bytes: 9, limit: 25 * 1024 ** 2 } });
    expect(sentenceOf(large, en)).toBe('The file is larger than 25 MB. Send a smaller one.');
    const until = Date.UTC(2026, 0, 1, 14, 5);
    const often = refuse(zhHant, 'limit-person', { limit: 20, until });
    expect(often.userMessage).toContain('14:05 UTC');
    expect(sentenceOf(often, en, (ms) => `<t:${ms / 1000}:t>`)).toBe(
      `You have had your 20 pictures for now. More from <t:${until / 1000}:t> on.`,
    );
  });

  it('keep their own sentence where no language has one, or where its data is missing', () => {
    const own = new UserError('of-its-own', 'In your language already.');
    expect(sentenceOf(own, zhHant)).toBe('In your language already.');
    const bare = new UserError('image-file-too-large', 'Too large.');
    expect(sentenceOf(bare, zhHant)).toBe('Too large.');
    for (const code of ['__proto__', 'constructor']) {
      expect(sentenceOf(new UserError(code, 'x'), zhHant)).toBe('x');
    }
  });

  it('say nothing of what is none of people’s business', () => {
    const secret = new ImpastoError({ code: 'queue-full', userMessage: 'See /srv.', report: true });
    expect(sentenceOf(secret, en)).toBeUndefined();
    const failure = {
      kind: 'failure',
      code: 'internal',
      data: {},
      userMessage: 'x',
      incident: 'k3x9',
    } as const;
    expect(failureText(failure, zhHant)).toContain('k3x9');
    expect(failureText(failure, zhHant).split('k3x9')).toHaveLength(2);
    expect(failureSentence({ ...failure, code: 'image-damaged' }, zhHant)).toBe(
      zhHant.failures['image-damaged'],
    );
  });
});

/** Met by whoever starts the program, before there is any chat. */
const STARTING = new Set([
  ...['redis-in-use', 'redis-missing', 'redis-data-damaged', 'redis-not-started', 'redis-address-invalid'],
  ...['socket-folder-unsafe', 'port-taken', 'address-unusable'],
  ...['slack-not-installed', 'slack-scopes-missing', 'slack-token-refused', 'slack-app-token-refused'],
]);

/** The rooms whose errors can reach a chat. */
function sources(root: string): string[] {
  return ['images', 'inference', 'queue', 'commands', 'bots', 'cli/pool']
    .flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(root, room, name),
      ),
    )
    .filter((file) => file.endsWith('.ts') && !file.includes('playground/page'));
}

describe('on Slack', () => {
  it.each([
    ['en-US', /\bserver\b/i, 'workspace'],
    ['zh-TW', /伺服器/, '工作區'],
  ])('people hear of their workspace, and of no server (%s)', (locale, server, workspace) => {
    const said = [...sentences(messagesFor(locale, 'slack')).values()].flat().map(({ text }) => text);
    expect(said.filter((text) => server.test(text))).toEqual([]);
    expect(said.filter((text) => text.includes(workspace)).length).toBeGreaterThan(10);
    expect(messagesFor(locale, 'discord')).toEqual(messagesFor(locale));
  });
});
