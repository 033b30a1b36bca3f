import type { APIEmbed, APIMessage } from 'discord-api-types/v10';
import { MessageFlags } from 'discord-api-types/v10';
import { z } from 'zod';
import { controlsOf } from './controls.ts';
import { invalidForm, Refusal } from './refusal.ts';

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

type Maybe<T> = T | null | undefined;
type Component = NonNullable<APIMessage['components']>[number];

/** The body of a message to be posted, or of a change to one: the parts that the peer acts on. */
export interface MessageBody {
  readonly content?: Maybe<string>;
  readonly embeds?: Maybe<APIEmbed[]>;
  readonly components?: Maybe<Component[]>;
  readonly attachments?: Maybe<
    {
      readonly id: string;
      readonly filename?: Maybe<string>;
      readonly description?: Maybe<string>;
      readonly is_spoiler?: Maybe<boolean>;
    }[]
  >;
  readonly allowed_mentions?: Maybe<{ readonly parse?: Maybe<string[]>; readonly users?: Maybe<string[]> }>;
  readonly flags?: Maybe<number>;
  readonly nonce?: Maybe<string | number>;
  readonly enforce_nonce?: Maybe<boolean>;
  readonly message_reference?: Maybe<{
    readonly type?: Maybe<number>;
    readonly message_id: string;
    readonly channel_id?: Maybe<string>;
    readonly fail_if_not_exists?: Maybe<boolean>;
  }>;
}

/** Its full shape is held to Discord's description before. */
export const messageBody: z.ZodType<MessageBody> = z.object({
  content: z.string().nullish(),
  embeds: z.array(z.custom<APIEmbed>(isObject)).nullish(),
  components: z.array(z.custom<Component>(isObject)).nullish(),
  attachments: z
    .array(
      z.object({
        id: z.coerce.string(),
        filename: z.string().nullish(),
        description: z.string().nullish(),
        is_spoiler: z.boolean().nullish(),
      }),
    )
    .nullish(),
  allowed_mentions: z
    .object({ parse: z.array(z.string()).nullish(), users: z.array(z.string()).nullish() })
    .nullish(),
  flags: z.number().nullish(),
  nonce: z.union([z.string(), z.number()]).nullish(),
  enforce_nonce: z.boolean().nullish(),
  message_reference: z
    .object({
      type: z.number().nullish(),
      message_id: z.string(),
      channel_id: z.string().nullish(),
      fail_if_not_exists: z.boolean().nullish(),
    })
    .nullish(),
});

/**
 * What Discord refuses beyond its own description: a message of a bot that is too long, empty, or ambiguous.
 * @throws Refusal 50006, 50035
 */
export function checkContent(
  content: string,
  embeds: readonly APIEmbed[],
  components: readonly unknown[],
  flags: number,
): void {
  if (content.length > 2000) {
    throw invalidForm('content', 'BASE_TYPE_MAX_LENGTH', 'Must be 2000 or fewer in length.');
  }
  const size = embeds.reduce((sum, embed) => sum + sizeOf(embed), 0);
  if (size > 6000)
    throw invalidForm('embeds', 'MAX_EMBED_SIZE_EXCEEDED', 'Embed size exceeds maximum size of 6000');
  const ids = controlsOf(components).map(({ custom_id }) => custom_id);
  if (new Set(ids).size < ids.length) {
    throw invalidForm(
      'components',
      'COMPONENT_CUSTOM_ID_DUPLICATED',
      'Component custom id cannot be duplicated',
    );
  }
  const v2 = (flags & MessageFlags.IsComponentsV2) !== 0;
  if (v2 && (content !== '' || embeds.length > 0)) {
    throw invalidForm(
      'content',
      'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
      'Not with components v2',
    );
  }
  if (!v2 && components.length > 5)
    throw invalidForm('components', 'BASE_TYPE_BAD_LENGTH', 'Must be 5 or fewer.');
}

/** @throws Refusal 50006 */
export function emptyMessage(): Refusal {
  return new Refusal(400, 50006, 'Cannot send an empty message');
}

function sizeOf({ title, description, footer, author, fields }: APIEmbed): number {
  const texts = [title, description, footer?.text, author?.name];
  const inFields = (fields ?? []).flatMap(({ name, value }) => [name, value]);
  return [...texts, ...inFields].reduce((sum, text) => sum + (text?.length ?? 0), 0);
}
