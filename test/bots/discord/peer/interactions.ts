import {
  type APIMessageInteractionMetadata,
  InteractionResponseType,
  MessageFlags,
  type MessageType,
} from 'discord-api-types/v10';
import { z } from 'zod';
import { type MessageBody, messageBody } from './message-body.ts';
import type { Messages } from './messages.ts';
import { Refusal, unknownMessage, unknownWebhook } from './refusal.ts';
import type { Answer, Call, Route } from './server.ts';
import type { Views } from './view.ts';
import { type ChannelRecord, type Kept, latest, type World } from './world.ts';

/** What somebody did that the bot must answer. */
export interface Interaction {
  readonly id: string;
  readonly token: string;
  /** Discord's number of the kind: 2 command, 3 component, 4 autocomplete, 5 modal. */
  readonly kind: number;
  readonly userId: string;
  readonly channel: ChannelRecord;
  readonly uploadLimit: number;
  readonly at: number;
  readonly messageType: MessageType;
  readonly metadata: APIMessageInteractionMetadata;
  /** What was pressed, or acted on from a button's modal. */
  readonly source?: Kept | undefined;
  /** Every answer to it is for the person alone. */
  readonly hidden: boolean;
  /** How many follow-ups Discord lets through. */
  readonly followUps: number;
  acknowledged?: { readonly type: number; readonly at: number; readonly data: unknown };
  original?: Kept;
  readonly answers: Kept[];
  /** Its token is refused although its time is not over. */
  expired: boolean;
}

export interface Interactions {
  add(interaction: Interaction): void;
  readonly all: ReadonlyMap<string, Interaction>;
  readonly routes: readonly Route[];
}

export interface InteractionsOptions {
  readonly world: World;
  readonly messages: Messages;
  readonly views: Views;
  /** The three seconds. */
  readonly acknowledgeMs: number;
  /** The quarter of an hour. */
  readonly tokenMs: number;
}

const callback = z.object({ type: z.enum(InteractionResponseType), data: z.unknown().optional() });
const NEW: readonly number[] = [
  InteractionResponseType.ChannelMessageWithSource,
  InteractionResponseType.DeferredChannelMessageWithSource,
];
const OF_COMPONENTS: readonly number[] = [
  InteractionResponseType.DeferredMessageUpdate,
  InteractionResponseType.UpdateMessage,
];

/** Answers to interactions, by their tokens and within their times. */
export function createInteractions(options: InteractionsOptions): Interactions {
  const { world, messages, views, acknowledgeMs, tokenMs } = options;
  const byToken = new Map<string, Interaction>();

  async function respond({ sent, params }: Call): Promise<Answer> {
    const one = byToken.get(params.token ?? '');
    if (one?.acknowledged !== undefined) {
      throw new Refusal(400, 40060, 'Interaction has already been acknowledged.');
    }
    const late = one !== undefined && sent.at - one.at > acknowledgeMs;
    if (one === undefined || one.id !== params.id || late || one.expired) {
      throw new Refusal(404, 10062, 'Unknown interaction');
    }
    const { type, data } = callback.parse(sent.body);
    checkType(one, type);
    // Before anything slow, so that a second one is refused.
    one.acknowledged = { type, at: Date.now(), data };
    try {
      await carryOut(one, type, data, sent.files);
    } catch (error) {
      delete one.acknowledged;
      throw error;
    }
    return sent.query.with_response === 'true' ? { body: response(one, type) } : {};
  }

  async function carryOut(
    one: Interaction,
    type: number,
    data: unknown,
    uploads: Call['sent']['files'],
  ): Promise<void> {
    const body = messageBody.parse(data ?? {});
    if (NEW.includes(type)) {
      const waits = type === InteractionResponseType.DeferredChannelMessageWithSource;
      const flags = (body.flags ?? 0) | (waits ? MessageFlags.Loading : 0);
      one.original = await post(one, { ...body, flags }, uploads, waits);
    } else if (one.source !== undefined && OF_COMPONENTS.includes(type)) {
      one.original = one.source;
      if (type === InteractionResponseType.UpdateMessage) {
        await messages.edit(one.source, body, uploads, one.uploadLimit);
      }
    }
  }

  async function post(
    one: Interaction,
    body: MessageBody,
    uploads: Call['sent']['files'],
    waits: boolean,
  ): Promise<Kept> {
    const hidden = one.hidden || ((body.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
    const kept = await messages.post({
      channel: one.channel,
      authorId: world.botId,
      body,
      uploads,
      uploadLimit: one.uploadLimit,
      ephemeralFor: hidden ? one.userId : undefined,
      interaction: one.metadata,
      mayBeEmpty: waits,
      type: one.messageType,
    });
    if (!one.answers.includes(kept)) one.answers.push(kept);
    return kept;
  }

  function response(one: Interaction, type: number): object {
    const { id, kind, channel, original } = one;
    const flags = original === undefined ? 0 : latest(original).flags;
    return {
      interaction: {
        id,
        type: kind,
        channel_id: channel.id,
        ...(channel.guildId === null ? {} : { guild_id: channel.guildId }),
        ...(original === undefined
          ? {}
          : {
              response_message_id: original.id,
              response_message_loading: (flags & MessageFlags.Loading) !== 0,
              response_message_ephemeral: original.ephemeralFor !== undefined,
            }),
      },
      resource: { type, ...(original === undefined ? {} : { message: views.message(original, true) }) },
    };
  }

  /** @throws Refusal 50027 once the token is over, 10015 before anything was acknowledged */
  function speaking({ params }: Call): Interaction {
    const one = byToken.get(params.token ?? '');
    if (one === undefined || params.app !== world.botId) throw unknownWebhook();
    if (one.expired || Date.now() - one.at > tokenMs) throw new Refusal(401, 50027, 'Invalid Webhook Token');
    if (one.acknowledged === undefined) throw unknownWebhook();
    return one;
  }

  function meant(call: Call): { readonly one: Interaction; readonly kept: Kept } {
    const one = speaking(call);
    const id = call.params.message;
    const kept = id === '@original' ? one.original : one.answers.find((answer) => answer.id === id);
    if (kept === undefined || kept.deletedAt !== undefined) throw unknownMessage();
    return { one, kept };
  }

  async function followUp(call: Call): Promise<Answer> {
    const one = speaking(call);
    const body = messageBody.parse(call.sent.body);
    const { original } = one;
    const waits = original !== undefined && (latest(original).flags & MessageFlags.Loading) !== 0;
    // Where the answer that was waited for has been removed, a follow-up is a message of its own.
    if (waits && original.deletedAt === undefined) {
      await messages.edit(original, body, call.sent.files, one.uploadLimit);
      return { body: views.message(original, true) };
    }
    if (one.answers.filter((answer) => answer !== original).length >= one.followUps) {
      throw new Refusal(400, 40094, 'This interaction has reached the maximum number of follow-up messages');
    }
    const kept = await post(one, body, call.sent.files, false);
    return { body: views.message(kept, true) };
  }

  const one = '/webhooks/:app/:token/messages/:message';
  const routes: readonly Route[] = [
    { method: 'POST', path: '/interactions/:id/:token/callback', open: true, handle: respond },
    { method: 'POST', path: '/webhooks/:app/:token', open: true, handle: followUp },
    {
      method: 'GET',
      path: one,
      open: true,
      handle: (call) => ({ body: views.message(meant(call).kept, true) }),
    },
    {
      method: 'PATCH',
      path: one,
      open: true,
      handle: async (call) => {
        const { one: interaction, kept } = meant(call);
        await messages.edit(
          kept,
          messageBody.parse(call.sent.body ?? {}),
          call.sent.files,
          interaction.uploadLimit,
        );
        return { body: views.message(kept, true) };
      },
    },
    {
      method: 'DELETE',
      path: one,
      open: true,
      handle: (call) => {
        messages.remove(meant(call).kept);
        return {};
      },
    },
  ];
  return {
    add: (interaction) => void byToken.set(interaction.token, interaction),
    all: byToken,
    routes,
  };
}

/** @throws Refusal 50035 for an answer that such an interaction can't have */
function checkType(one: Interaction, type: InteractionResponseType): void {
  const isAutocomplete = one.kind === 4;
  const wrong =
    isAutocomplete !== (type === InteractionResponseType.ApplicationCommandAutocompleteResult) ||
    (OF_COMPONENTS.includes(type) && one.source === undefined) ||
    (type === InteractionResponseType.Modal && one.kind === 5);
  if (wrong)
    throw new Refusal(400, 50035, `Invalid Form Body: type ${type} does not answer this interaction`);
}
