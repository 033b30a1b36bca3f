import type { Invocation, Services } from '../../src/commands/command.ts';
import { en } from '../../src/commands/messages/en.ts';
import { createRegistry, type Registry } from '../../src/commands/registry.ts';
import type { CommandRequest } from '../../src/commands/request.ts';
import type { StyleInfo } from '../../src/commands/style-info.ts';
import type { UpscalerInfo } from '../../src/commands/upscaler-info.ts';
import { UserError } from '../../src/errors.ts';
import type { OpenRequest } from '../../src/queue/contract.ts';
import type { Source } from '../../src/queue/request.ts';
import type { ServerSettings } from '../../src/queue/server-settings.ts';

/** Three styles, enough for near misses and lists. */
export const someStyles: readonly StyleInfo[] = [
  {
    name: 'starry-night',
    emoji: '🌌',
    artwork: { title: 'The Starry Night', artist: 'Vincent van Gogh', year: 1889 },
    preview: 'starry-night.jpg',
  },
  {
    name: 'great-wave',
    emoji: '🌊',
    artwork: { title: 'The Great Wave', artist: 'Hokusai', year: 1831 },
    provisional: true,
  },
  // Written with a variation selector, which a platform may leave out.
  { name: 'composition', emoji: '⬛️', artwork: { title: 'Composition', artist: 'Mondrian', year: 1930 } },
];

export const someUpscalers: readonly UpscalerInfo[] = [
  { name: 'sr-x8', factor: 8 },
  { name: 'sr-x4', factor: 4, emoji: '🔍' },
];

export const someRegistry: Registry = createRegistry(
  { styles: someStyles, upscalers: someUpscalers },
  { keepSeconds: 24 * 3600 },
);

/** What stands where a server has set nothing. */
export const usualSettings: ServerSettings = {
  enabled: true,
  channels: [],
  emojis: {},
  limits: {},
  reactionThreads: false,
};

/** A stored picture; `name` is where its hash begins. */
export function aSource(name: string, more: Partial<Source> = {}): Source {
  const hash = Buffer.from(name).toString('hex').padEnd(64, '0');
  return { hash, contentType: 'image/jpeg', bytes: 10, width: 40, height: 30, ...more };
}

/** Services that remember: settings as written, requests as given. Whatever else is asked of them fails the test. */
export function someServices(
  given: {
    readonly open?: readonly OpenRequest<CommandRequest>[];
    readonly line?: { readonly waiting: number; readonly running: number };
    readonly kept?: { readonly pictures: number; readonly requests: number };
  } = {},
): Services {
  const settings = new Map<string, ServerSettings>();
  const asked = (): never => {
    throw new Error('commands do not ask for this');
  };
  return {
    queue: {
      submit: asked,
      cancel: asked,
      get: asked,
      progress: asked,
      onProgress: asked,
      place: asked,
      outcome: asked,
      sources: asked,
      note: asked,
      notes: asked,
      close: asked,
      openOf: async (platform, person) =>
        (given.open ?? []).filter(
          ({ request }) => request.platform === platform && request.person.id === person,
        ),
      openOn: async (platform) => (given.open ?? []).filter(({ request }) => request.platform === platform),
      line: async () => given.line ?? { waiting: 0, running: 0 },
    },
    people: { recent: asked, forget: async () => given.kept ?? { pictures: 0, requests: 0 } },
    serverSettings: {
      read: async (platform, server) => settings.get(`${platform} ${server}`) ?? usualSettings,
      write: async (platform, server, value) => {
        settings.set(`${platform} ${server}`, value);
      },
      remove: async (platform, server) => {
        settings.delete(`${platform} ${server}`);
      },
    },
  };
}

/** What a person with one picture brings along; tests change a field or two. */
export function invocation(
  change: Partial<Omit<Invocation, 'command' | 'options'>> = {},
): Omit<Invocation, 'command' | 'options'> {
  return {
    platform: 'playground',
    eventKey: 'event-1',
    trigger: 'command',
    person: { id: 'ann', locale: 'en-GB' },
    pictures: [{ source: { picture: 'p1' }, target: 'm1/p1' }],
    registry: someRegistry,
    messages: en,
    services: someServices(),
    now: 1_000,
    ...change,
  };
}

/** The UserError that `act` throws; anything else fails the test. */
export function refusal(act: () => unknown): UserError {
  try {
    act();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('expected a UserError');
}

/** The UserError that a promise is rejected with; anything else fails the test. */
export async function refused(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return refusal(() => {
    if (error !== undefined) throw error;
  });
}
