import type { Invocation } from '../../src/commands/command.ts';
import { en } from '../../src/commands/messages/en.ts';
import { createRegistry, type Registry } from '../../src/commands/registry.ts';
import type { StyleInfo } from '../../src/commands/style-info.ts';
import { UserError } from '../../src/errors.ts';

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

export const someRegistry: Registry = createRegistry(someStyles);

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
