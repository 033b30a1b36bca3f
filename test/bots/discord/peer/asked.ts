import { InteractionResponseType, MessageFlags } from 'discord-api-types/v10';
import { z } from 'zod';
import { type Control, controlsOf } from './controls.ts';
import type { Interaction } from './interactions.ts';
import { type Edition, type Kept, latest, type StoredFile, type World } from './world.ts';

/** A message as people see it now. */
export interface Posted {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  readonly content: string;
  /** Also those that an embed or a gallery shows. */
  readonly files: readonly StoredFile[];
  readonly embeds: Edition['embeds'];
  readonly components: Edition['components'];
  /** Buttons and selects, at any depth. */
  readonly controls: readonly Control[];
  /** Whether one person alone sees it. */
  readonly ephemeral: boolean;
  /** Whether it still says “thinking…”. */
  readonly loading: boolean;
  readonly replyTo: string | undefined;
  readonly mentions: readonly string[];
  /** All that it was, oldest first, with times. */
  readonly editions: readonly Edition[];
  /** Ids of people by emoji. */
  readonly reactions: ReadonlyMap<string, ReadonlySet<string>>;
  readonly threadId: string | undefined;
  readonly deleted: boolean;
}

/** A form as the bot describes it. */
export interface Form {
  readonly custom_id: string;
  readonly title: string;
  readonly components: readonly unknown[];
}

const form: z.ZodType<Form> = z.object({
  custom_id: z.string(),
  title: z.string(),
  components: z.array(z.unknown()),
});

/** A question that a person asked, and what became of it. */
export interface Asked {
  readonly id: string;
  readonly token: string;
  readonly channelId: string;
  /** How many milliseconds the bot took to acknowledge. @throws Error where it did not within Discord's time */
  acknowledged(): Promise<number>;
  /**
   * The answer, once one of the answers to this question fits; the first that does not say “thinking…” by default.
   * @throws Error after `limitMs`, telling what was there instead
   */
  answer(fits?: (message: Posted) => boolean, limitMs?: number): Promise<Posted>;
  /** The answers by this question's token that are still there, oldest first. */
  answers(): readonly Posted[];
  /** What people see of it: its answers, and what the bot posted of its own accord in that channel since. */
  visible(): readonly Posted[];
  /** The form that the bot opened. @throws Error where it opened none in time */
  form(): Promise<Form>;
}

export interface AskedOptions {
  readonly world: World;
  readonly interaction: Interaction;
  readonly acknowledgeMs: number;
}

/** The handle of a test on an interaction. */
export function toAsked({ world, interaction, acknowledgeMs }: AskedOptions): Asked {
  const answers = (): readonly Posted[] => {
    const { original, answers: made } = interaction;
    const all = original === undefined || made.includes(original) ? made : [original, ...made];
    return all.filter(({ deletedAt }) => deletedAt === undefined).map(toPosted);
  };
  async function acknowledgement(): Promise<NonNullable<Interaction['acknowledged']>> {
    const known = await until(() => interaction.acknowledged, acknowledgeMs + 500);
    if (known === undefined)
      throw new Error(`interaction ${interaction.id} was not acknowledged in ${acknowledgeMs} ms`);
    return known;
  }
  return {
    id: interaction.id,
    token: interaction.token,
    channelId: interaction.channel.id,
    acknowledged: async () => (await acknowledgement()).at - interaction.at,
    answers,
    async answer(fits = ({ loading }) => !loading, limitMs = 15_000) {
      const found = await until(() => answers().find(fits), limitMs);
      if (found !== undefined) return found;
      const there = answers().map(({ content, files, loading }) => ({
        content,
        files: files.length,
        loading,
      }));
      throw new Error(`no fitting answer in ${limitMs} ms; there were ${JSON.stringify(there)}`);
    },
    visible() {
      const since = [...world.messages.values()].filter(
        (kept) =>
          kept.channelId === interaction.channel.id &&
          kept.authorId === world.botId &&
          kept.interaction === undefined &&
          kept.deletedAt === undefined &&
          BigInt(kept.id) > BigInt(interaction.id),
      );
      return [...answers(), ...since.map(toPosted)];
    },
    async form() {
      const { type, data } = await acknowledgement();
      if (type !== InteractionResponseType.Modal)
        throw new Error(`the bot answered by ${type}, not by a form`);
      return form.parse(data);
    },
  };
}

export function toPosted(kept: Kept): Posted {
  const now = latest(kept);
  return {
    id: kept.id,
    channelId: kept.channelId,
    authorId: kept.authorId,
    content: now.content,
    files: now.attachments,
    embeds: now.embeds,
    components: now.components,
    controls: controlsOf(now.components),
    ephemeral: kept.ephemeralFor !== undefined,
    loading: (now.flags & MessageFlags.Loading) !== 0,
    replyTo: kept.reference?.message_id,
    mentions: kept.mentions,
    editions: kept.editions,
    reactions: kept.reactions,
    threadId: kept.threadId,
    deleted: kept.deletedAt !== undefined,
  };
}

/** What `find` finds, looking every 5 ms; undefined after `limitMs`. */
export async function until<T>(find: () => T | undefined, limitMs: number): Promise<T | undefined> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = find();
    if (found !== undefined || Date.now() > end) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
