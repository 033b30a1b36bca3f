import { z } from 'zod';

/** What Discord's own description makes of a body. */
export interface Spec {
  /**
   * What is wrong with a request, a sentence each.
   * @param path below `/api/v10`, without a query
   */
  problems(method: string, path: string, body: unknown): readonly string[];
  /** Whether Discord has such a route. */
  knows(method: string, path: string): boolean;
}

const COMMANDS = ['ApplicationCommandCreateRequestSchema'];
const COMMAND_PATCH = ['ApplicationCommandPatchRequestPartialSchema'];
const COMMAND_LIST = ['ApplicationCommandUpdateRequestSchema'];
const CALLBACKS: Readonly<Record<number, string>> = {
  1: 'PongInteractionCallbackRequestSchema',
  4: 'CreateMessageInteractionCallbackRequestSchema',
  5: 'CreateMessageInteractionCallbackRequestSchema',
  6: 'UpdateMessageInteractionCallbackRequestSchema',
  7: 'UpdateMessageInteractionCallbackRequestSchema',
  8: 'ApplicationCommandAutocompleteCallbackRequestSchema',
  9: 'ModalInteractionCallbackRequestSchema',
};
const BODIES: Readonly<Record<string, readonly string[]>> = {
  'POST /channels/*/messages': ['MessageCreateRequestSchema'],
  'PATCH /channels/*/messages/*': ['MessageEditRequestPartialSchema'],
  'POST /channels/*/threads': [
    'CreateTextThreadWithoutMessageRequestSchema',
    'CreateForumThreadRequestSchema',
  ],
  'POST /channels/*/messages/*/threads': ['CreateTextThreadWithMessageRequestSchema'],
  'PATCH /channels/*': ['UpdateThreadRequestPartialSchema', 'UpdateGuildChannelRequestPartialSchema'],
  'POST /users/@me/channels': ['CreatePrivateChannelRequestSchema'],
  'POST /webhooks/*/*': ['IncomingWebhookRequestPartialSchema'],
  'PATCH /webhooks/*/*/messages/*': ['IncomingWebhookUpdateRequestPartialSchema'],
  'POST /applications/*/commands': COMMANDS,
  'POST /applications/*/guilds/*/commands': COMMANDS,
  'PATCH /applications/*/commands/*': COMMAND_PATCH,
  'PATCH /applications/*/guilds/*/commands/*': COMMAND_PATCH,
};
const COMMAND_LISTS = ['PUT /applications/*/commands', 'PUT /applications/*/guilds/*/commands'];
const CALLBACK = 'POST /interactions/*/*/callback';
/** Routes that Discord has and its description leaves out. */
const UNDESCRIBED = ['POST /attachments/refresh-urls'];

/** What discord.js says of each message, wanted or not; Discord ignores it where it means nothing. */
const OF_THE_LIBRARY: readonly string[] = ['tts', 'enforce_nonce'];
const THREAD_ON_MESSAGE = 'POST /channels/*/messages/*/threads';

const callbackType = z.object({ type: z.number() });
const result = z.union([
  z.object({ success: z.literal(true), data: z.unknown() }),
  z.object({ success: z.literal(false), error: z.object({ message: z.string() }) }),
]);

export async function loadSpec(): Promise<Spec> {
  // The package declares its types by sources that this project's compiler settings refuse: it is read by guards.
  const [schemas, { pathsList }] = await Promise.all([
    load('discord-api-spec/zod', z.record(z.string(), z.unknown())),
    load('discord-api-spec', z.object({ pathsList: z.record(z.string(), z.array(z.string())) })),
  ]);

  function parse(schema: string, body: unknown): { readonly data: unknown } | { readonly fault: string } {
    const known = schemas[schema];
    if (typeof known !== 'object' || known === null || !('safeParse' in known)) {
      throw new Error(`discord-api-spec has no ${schema}`);
    }
    const { safeParse } = known;
    if (typeof safeParse !== 'function') throw new Error(`${schema} of discord-api-spec does not parse`);
    const parsed = result.parse(safeParse(body));
    return parsed.success ? { data: parsed.data } : { fault: `${schema}: ${parsed.error.message}` };
  }

  function check(oneOf: readonly string[], body: unknown): readonly string[] {
    const outcomes = oneOf.map((schema) => parse(schema, body));
    const good = outcomes.flatMap((outcome) => ('data' in outcome ? [unknownKeys(body, outcome.data)] : []));
    if (good.length > 0) return good.reduce((best, one) => (one.length < best.length ? one : best));
    return outcomes.flatMap((outcome) => ('fault' in outcome ? [outcome.fault] : []));
  }

  return {
    problems(method, path, body) {
      const route = `${method} ${path}`;
      if (COMMAND_LISTS.some((list) => matches(list, route))) {
        return Array.isArray(body)
          ? body.flatMap((one) => check(COMMAND_LIST, numbered(one)))
          : ['expected a list'];
      }
      if (matches(CALLBACK, route)) {
        const { data } = callbackType.safeParse(body);
        const schema = data === undefined ? undefined : CALLBACKS[data.type];
        return schema === undefined ? ['expected a known callback type'] : check([schema], body);
      }
      const found = Object.entries(BODIES).find(([pattern]) => matches(pattern, route));
      if (found === undefined) return [];
      const faults = check(found[1], found[0].includes('/commands') ? numbered(body) : body);
      // discord.js names the type of every thread, also where the message's channel decides it.
      return found[0] === THREAD_ON_MESSAGE ? faults.filter((one) => one !== unknownKey('type')) : faults;
    },
    knows(method, path) {
      const list = pathsList[method.toLowerCase()] ?? [];
      const route = `${method} ${path}`;
      return (
        UNDESCRIBED.includes(route) ||
        list.some((known) => matches(`${method} ${known.replaceAll(/\{[^}]+\}/g, '*')}`, route))
      );
    },
  };
}

async function load<T>(name: string, shape: z.ZodType<T>): Promise<T> {
  const loaded: object = await import(name);
  return shape.parse({ ...loaded });
}

function matches(pattern: string, route: string): boolean {
  const wanted = pattern.split('/');
  const parts = route.split('/');
  return (
    wanted.length === parts.length && wanted.every((part, index) => part === '*' || part === parts[index])
  );
}

/** Discord takes permissions as text too, as its guide and discord.js have them; its description knows numbers only. */
function numbered(body: unknown): unknown {
  if (!isObject(body)) return body;
  const { default_member_permissions: given } = body;
  return typeof given === 'string' ? { ...body, default_member_permissions: Number(given) } : body;
}

function unknownKey(at: string): string {
  return `${at} is no key that Discord knows`;
}

/** What a schema dropped without a word: keys that Discord doesn't know. */
function unknownKeys(given: unknown, kept: unknown, where = ''): readonly string[] {
  if (Array.isArray(given) && Array.isArray(kept)) {
    return given.flatMap((one, index) => unknownKeys(one, kept[index], `${where}[${index}]`));
  }
  if (!isObject(given) || !isObject(kept)) return [];
  return Object.entries(given).flatMap(([key, value]) => {
    const at = where === '' ? key : `${where}.${key}`;
    if (value === undefined || (value === false && OF_THE_LIBRARY.includes(key))) return [];
    return key in kept ? unknownKeys(value, kept[key], at) : [unknownKey(at)];
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
