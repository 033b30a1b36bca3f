import { z } from 'zod';
import type { Log } from '../../queue/log.ts';
import type { Asking } from './asking.ts';
import type { Where } from './where.ts';

/** What commands, shortcuts, presses and forms tell of whoever did them. */
const acted = z.object({
  type: z.string().optional(),
  team_id: z.string().optional(),
  team: z.object({ id: z.string() }).nullish(),
  user_id: z.string().optional(),
  user: z.object({ id: z.string() }).optional(),
  channel_id: z.string().optional(),
  channel: z.object({ id: z.string() }).nullish(),
  response_url: z.string().optional(),
  view: z.object({ blocks: z.array(z.object({ type: z.string(), block_id: z.string() })) }).nullish(),
});

/**
 * Tell somebody that what they did can't be heard just now: by the address to answer at, or in the form that they sent,
 * which stays open with what they filled in.
 * @returns what the acknowledgement says
 */
export async function refusal(
  asking: Pick<Asking, 'attempt' | 'sentence'>,
  body: unknown,
  error: unknown,
  log: Log,
): Promise<object | undefined> {
  const { data } = acted.safeParse(body);
  const team = data?.team_id ?? data?.team?.id;
  const user = data?.user_id ?? data?.user?.id;
  const responseUrl = data?.response_url;
  const input =
    data?.type === 'view_submission' ? data.view?.blocks.find(({ type }) => type === 'input') : undefined;
  if (
    data === undefined ||
    team === undefined ||
    user === undefined ||
    (responseUrl ?? input) === undefined
  ) {
    log.error({ err: error }, 'Somebody could not be told that they were not heard');
    return undefined;
  }
  const channel = data.channel_id ?? data.channel?.id ?? '';
  const where: Where = { workspace: { team, org: false }, channel, user, responseUrl };
  if (input !== undefined) {
    return { response_action: 'errors', errors: { [input.block_id]: await asking.sentence(error, where) } };
  }
  void asking.attempt(where, () => Promise.reject(error));
  return undefined;
}
