import { ApplicationCommandType, type Client, GatewayDispatchEvents, InteractionType } from 'discord.js';
import { z } from 'zod';
import type { Log } from '../../queue/log.ts';
import { redacted } from './api-errors.ts';

const UNKNOWN = 'Discord has brought something of a shape that is not known';

/** An id of Discord’s. It is made part of the addresses that are asked, so nothing else may pass for one. */
export const snowflake: z.ZodString = z.string().regex(/^\d{1,20}$/);
const id = snowflake;
const user = z.looseObject({ id, username: z.string() });

interface Option {
  readonly name: string;
  readonly type: number;
  readonly value?: string | number | boolean | undefined;
  readonly options?: readonly Option[] | undefined;
}

const option: z.ZodType<Option> = z.lazy(() =>
  z.looseObject({
    name: z.string(),
    type: z.number(),
    value: z.union([z.string(), z.number(), z.boolean()]).optional(),
    options: z.array(option).optional(),
  }),
);

/** A row of a form, with its fields. */
const row = z.looseObject({
  type: z.number(),
  components: z.array(z.looseObject({ type: z.number() })).optional(),
});

const attachment = z.looseObject({
  id,
  filename: z.string(),
  size: z.number(),
  url: z.string(),
  proxy_url: z.string(),
  content_type: z.string().nullish(),
  width: z.number().nullish(),
  height: z.number().nullish(),
  description: z.string().nullish(),
});

const message = z.looseObject({
  id,
  channel_id: id,
  author: user,
  content: z.string().optional(),
  attachments: z.array(attachment).optional(),
  embeds: z.array(z.looseObject({})).optional(),
  components: z.array(row).optional(),
});

const COMMANDS: readonly number[] = [
  InteractionType.ApplicationCommand,
  InteractionType.ApplicationCommandAutocomplete,
];

const interaction = z
  .looseObject({
    id,
    // It too is part of addresses.
    token: z.string().regex(/^[\w.=~-]{8,}$/),
    type: z.number(),
    locale: z.string(),
    channel_id: id.optional(),
    channel: z.looseObject({ id, type: z.number() }).optional(),
    guild_id: id.optional(),
    user: user.optional(),
    member: z.looseObject({ user, permissions: id, roles: z.array(id) }).optional(),
    message: message.optional(),
    data: z.looseObject({
      // A command’s; a component has a number there.
      id: z.union([id, z.number()]).optional(),
      name: z.string().optional(),
      custom_id: z.string().optional(),
      type: z.number().optional(),
      target_id: id.optional(),
      options: z.array(option).optional(),
      values: z.array(z.string()).optional(),
      components: z.array(row).optional(),
      resolved: z
        .looseObject({
          attachments: z.record(id, attachment).optional(),
          messages: z.record(id, message).optional(),
          users: z.record(id, user).optional(),
          members: z.record(id, z.looseObject({})).optional(),
        })
        .optional(),
    }),
  })
  .refine(({ user, member }) => user !== undefined || member !== undefined)
  // A button stands below a message.
  .refine(({ type, message: pressed }) => type !== InteractionType.MessageComponent || pressed !== undefined)
  .refine(({ type, data }) => !COMMANDS.includes(type) || data.name !== undefined)
  // A command of a message's menu names it, and shows it.
  .refine(({ type, data: { type: kind, target_id: target, resolved } }) => {
    const ofMessage = COMMANDS.includes(type) && kind === ApplicationCommandType.Message;
    return !ofMessage || (target !== undefined && resolved?.messages?.[target] !== undefined);
  });

/** Whether our handlers can rely on the shape of what is given: the library's types say so, and it looks at nothing. */
function hasKnownShape(given: unknown): boolean {
  // Of every word that is said in a channel too: no schema looks at that.
  if (typeof given !== 'object' || given === null || !('t' in given)) return true;
  if (given.t !== GatewayDispatchEvents.InteractionCreate) return true;
  return 'd' in given && interaction.safeParse(given.d).success;
}

/**
 * Let the library pass over what it can't read. It reads events as they come, and throws where one has another shape than
 * Discord's reference tells of; nobody else would catch that, and the process would end.
 */
export function tolerate(client: Client, log: Log): void {
  const { ws } = client;
  const handle: unknown = Reflect.get(ws, 'handlePacket');
  if (typeof handle !== 'function') throw new TypeError('the library hands events on in another way');
  Reflect.set(ws, 'handlePacket', (...given: unknown[]): unknown => {
    if (!hasKnownShape(given[0])) {
      log.warn({}, UNKNOWN);
      return false;
    }
    try {
      return Reflect.apply(handle, ws, given);
    } catch (error) {
      const reason = redacted(error instanceof Error ? error.message : String(error));
      log.warn({ reason }, UNKNOWN);
      return false;
    }
  });
}
