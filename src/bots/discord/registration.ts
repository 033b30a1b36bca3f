import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Log } from '../../queue/log.ts';
import type { Api } from './api.ts';

/** What we set; whatever else Discord tells of a command is its own. */
const names = z.record(z.string(), z.string()).nullish();
const option = z.object({
  type: z.number(),
  name: z.string(),
  name_localizations: names,
  description: z.string(),
  description_localizations: names,
  required: z.boolean().nullish(),
  autocomplete: z.boolean().nullish(),
  min_value: z.number().nullish(),
  max_value: z.number().nullish(),
});
const command = z.object({
  type: z.number().default(1),
  name: z.string(),
  name_localizations: names,
  description: z.string().nullish(),
  description_localizations: names,
  options: z.array(option).nullish(),
  // Sent as a number, told as text.
  default_member_permissions: z.coerce.string().nullish(),
  contexts: z.array(z.number()).nullish(),
  integration_types: z.array(z.number()).nullish(),
});

/**
 * Have Discord know our commands, and no others. They are sent only where they differ from what it knows: each
 * sending counts towards a daily limit. Returns whether they were.
 */
export async function registerCommands(
  api: Pick<Api, 'commands' | 'putCommands'>,
  application: string,
  commands: readonly object[],
  log: Log,
): Promise<boolean> {
  const known = command.array().safeParse(await api.commands(application));
  const wanted = command.array().parse(commands);
  if (known.success && isDeepStrictEqual(comparable(known.data), comparable(wanted))) return false;
  await api.putCommands(application, commands);
  log.info({ commands: wanted.map(({ name }) => name) }, 'Commands were registered with Discord');
  return true;
}

/** Without what says nothing (`null`, `false`, empty), in an order of its own. */
function comparable(commands: readonly z.output<typeof command>[]): unknown {
  const sorted = commands
    .map((each) => ({
      ...each,
      contexts: [...(each.contexts ?? [])].sort(),
      integration_types: [...(each.integration_types ?? [])].sort(),
    }))
    .sort((a, b) => (`${a.type}${a.name}` < `${b.type}${b.name}` ? -1 : 1));
  return tidy(sorted);
}

function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .map(([key, each]): [string, unknown] => [key, tidy(each)])
    .filter(([, each]) => !saysNothing(each));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function saysNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
