import { z } from 'zod';
import type { Json } from '../../queue/request.ts';

/** Whose tokens speak: one workspace, or all of an organisation that installed the app as a whole. */
export interface Workspace {
  readonly team: string;
  readonly enterprise?: string | undefined;
  /** True where the organisation installed it, not the workspace. */
  readonly org: boolean;
}

/** A place in Slack: where an answer goes, and who is to read what is for the asker's eyes. */
export interface Where {
  readonly workspace: Workspace;
  readonly channel: string;
  /** The thread's parent; left out where the answer stands in the channel. */
  readonly thread?: string | undefined;
  /** A message that is answered in its thread, whichever that is; for where `thread` is not known yet. */
  readonly message?: string | undefined;
  readonly user: string;
  /** Works for half an hour, five times; also where the bot is not in the channel. */
  readonly responseUrl?: string | undefined;
  /** The id of the event that is answered, for what Slack may bring again. */
  readonly event?: string | undefined;
}

export const workspace: z.ZodType<Workspace> = z.object({
  team: z.string(),
  enterprise: z.string().optional(),
  org: z.boolean(),
});

const where: z.ZodType<Where> = z.object({
  workspace,
  channel: z.string(),
  thread: z.string().optional(),
  message: z.string().optional(),
  user: z.string(),
  responseUrl: z.string().optional(),
});

/** A request's place, as `submit` keeps it. */
export function placeOf(place: Where): Json {
  return toJson(place);
}

/** The place that `placeOf` made; undefined where it has expired. */
export function whereOf(place: Json | undefined): Where | undefined {
  return place === undefined ? undefined : where.parse(place);
}

/** A value without what JSON leaves out. */
export function toJson(value: object): Json {
  return JSON.parse(JSON.stringify(value));
}

/** Slack's ids of people are unique within a workspace only. */
export function personOf({ workspace: { team }, user }: Pick<Where, 'workspace' | 'user'>): string {
  return `${team}.${user}`;
}

/** True for a talk with the bot alone. */
export function isDirect(channel: string): boolean {
  return channel.startsWith('D');
}

/** Whose tokens an event is for, as bolt has found out. @throws where it is of no workspace: a defect */
export function workspaceOf(context: {
  readonly teamId?: string | undefined;
  readonly enterpriseId?: string | undefined;
  readonly isEnterpriseInstall: boolean;
}): Workspace {
  const team = context.teamId ?? context.enterpriseId;
  if (team === undefined) throw new TypeError('an event of no workspace');
  return { team, enterprise: context.enterpriseId, org: context.isEnterpriseInstall };
}
