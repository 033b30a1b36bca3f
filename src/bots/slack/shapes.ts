import { z } from 'zod';

const id = z.string().min(1).max(255);
const one = z.looseObject({ id });
const team = {
  team_id: id.nullish(),
  enterprise_id: id.nullish(),
  team: one.nullish(),
  enterprise: one.nullish(),
};

const command = z.looseObject({
  ...team,
  command: id,
  text: z.string().optional(),
  user_id: id,
  channel_id: id,
  trigger_id: id,
  response_url: z.string().optional(),
});

const reaction = z.looseObject({
  type: z.literal('reaction_added'),
  user: id,
  reaction: id,
  item: z.union([
    z.looseObject({ type: z.literal('message'), channel: id, ts: id }),
    z.looseObject({ type: id.refine((type) => type !== 'message') }),
  ]),
  item_user: id.optional(),
});

const home = z.looseObject({ type: z.literal('app_home_opened'), user: id, channel: id });

/** Whoever hears of others looks at what they need by themselves. */
const other = z.looseObject({
  type: id.refine((type) => type !== 'reaction_added' && type !== 'app_home_opened'),
  user: z.union([id, one]).optional(),
  channel: z.union([id, one]).optional(),
});

const event = z.looseObject({
  ...team,
  type: z.literal('event_callback'),
  event_id: id,
  event: z.union([reaction, home, other]),
});

const messageAction = z.looseObject({
  ...team,
  type: z.literal('message_action'),
  callback_id: id,
  trigger_id: id,
  message_ts: id,
  channel: one,
  user: one,
  response_url: z.string().optional(),
});

const form = z.looseObject({
  ...team,
  type: z.literal('view_submission'),
  user: one,
  view: z.looseObject({
    id,
    callback_id: id,
    private_metadata: z.string(),
    state: z.looseObject({ values: z.record(z.string(), z.record(z.string(), z.unknown())) }),
  }),
});

const press = z.looseObject({
  ...team,
  type: z.enum(['block_actions', 'block_suggestion', 'view_closed', 'shortcut']),
  user: one,
});

const known = z.union([command, event, messageAction, form, press]);
/** Whose token speaks, as bolt has found out. */
const spoken = z.union([z.looseObject({ teamId: id }), z.looseObject({ enterpriseId: id })]);

/**
 * Whether what Slack brings has the shape that its reference tells of, as far as any listener relies on it. Bolt's types
 * say so of everything, and look at nothing.
 */
export function hasKnownShape(body: unknown, context: unknown): boolean {
  return known.safeParse(body).success && spoken.safeParse(context).success;
}
