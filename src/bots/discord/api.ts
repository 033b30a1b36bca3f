import { InteractionResponseType, MessageFlags, type REST, Routes } from 'discord.js';
import type { z } from 'zod';
import { troubleOf } from './api-errors.ts';
import {
  type WireChannel,
  type WireMessage,
  type WirePosted,
  wireApplication,
  wireChannel,
  wireMessage,
  wirePosted,
  wireRefreshed,
} from './wire.ts';

/** A file that goes with a message. */
export interface SentFile {
  readonly name: string;
  readonly data: Buffer;
  readonly contentType?: string;
}

/** A message to be posted, or what one is to be edited to: Discord's own fields, and the files that go with it. */
export interface Payload {
  readonly body: Readonly<Record<string, unknown>>;
  readonly files: readonly SentFile[];
}

/** Where an interaction's own answer stands. */
export interface Original {
  readonly application: string;
  readonly token: string;
}

/** The ways in which an interaction is acknowledged: a new answer that is waited for, or no change for now. */
export type Acknowledgement = 'public' | 'private' | 'update';

/**
 * The calls that do not hang on an event: any process of the bot can make them, whichever server its
 * gateway serves. All throw `troubleOf` what failed.
 */
export interface Api {
  application(): Promise<{ readonly id: string; readonly flags: number }>;
  message(channel: string, message: string): Promise<WireMessage>;
  /** Newest first. */
  latest(channel: string, most: number): Promise<readonly WireMessage[]>;
  channel(channel: string): Promise<WireChannel>;
  post(channel: string, payload: Payload): Promise<WirePosted>;
  edit(channel: string, message: string, payload: Payload): Promise<WirePosted>;
  editOriginal(original: Original, payload: Payload): Promise<WirePosted>;
  removeOriginal(original: Original): Promise<void>;
  /** A further answer to an interaction; where `hidden`, for the asker's eyes only. */
  followUp(original: Original, payload: Payload, hidden: boolean): Promise<void>;
  acknowledge(interaction: string, token: string, how: Acknowledgement): Promise<void>;
  /** Answer an interaction by a form, which is its acknowledgement too. */
  openForm(interaction: string, token: string, form: object): Promise<void>;
  suggest(
    interaction: string,
    token: string,
    choices: readonly { name: string; value: string }[],
  ): Promise<void>;
  remove(channel: string, message: string): Promise<void>;
  /** A thread on a message; the one that is there already where there is one. Returns its id. */
  thread(channel: string, message: string, name: string): Promise<string>;
  /** A fresh address for an attachment's expired one; undefined where Discord knows none. */
  refresh(url: string): Promise<string | undefined>;
  commands(application: string): Promise<unknown>;
  putCommands(application: string, commands: readonly object[]): Promise<void>;
}

/** @param rest the library's client, which waits out rate limits and repeats what failed with 5xx */
export function createApi(rest: REST): Api {
  async function call<T>(shape: z.ZodType<T>, ask: () => Promise<unknown>): Promise<T> {
    return shape.parse(await asked(ask));
  }

  async function callback(interaction: string, token: string, body: object): Promise<void> {
    await asked(() => rest.post(Routes.interactionCallback(interaction, token), { body, auth: false }));
  }

  return {
    application: () => call(wireApplication, () => rest.get(Routes.currentApplication())),
    message: (channel, message) => call(wireMessage, () => rest.get(Routes.channelMessage(channel, message))),
    latest: (channel, most) =>
      call(wireMessage.array(), () =>
        rest.get(Routes.channelMessages(channel), { query: new URLSearchParams({ limit: String(most) }) }),
      ),
    channel: (channel) => call(wireChannel, () => rest.get(Routes.channel(channel))),
    post: (channel, payload) =>
      call(wirePosted, () => rest.post(Routes.channelMessages(channel), sendable(payload))),
    edit: (channel, message, payload) =>
      call(wirePosted, () => rest.patch(Routes.channelMessage(channel, message), sendable(payload))),
    editOriginal: ({ application, token }, payload) =>
      call(wirePosted, () =>
        rest.patch(Routes.webhookMessage(application, token, '@original'), {
          ...sendable(payload),
          auth: false,
        }),
      ),
    removeOriginal: async ({ application, token }) => {
      await asked(() => rest.delete(Routes.webhookMessage(application, token, '@original'), { auth: false }));
    },
    followUp: async ({ application, token }, { body, files }, hidden) => {
      const flags = hidden ? { flags: MessageFlags.Ephemeral } : {};
      await asked(() =>
        rest.post(Routes.webhook(application, token), {
          ...sendable({ body: { ...body, ...flags }, files }),
          auth: false,
        }),
      );
    },
    acknowledge: (interaction, token, how) => callback(interaction, token, acknowledgements[how]),
    openForm: (interaction, token, form) =>
      callback(interaction, token, { type: InteractionResponseType.Modal, data: form }),
    suggest: (interaction, token, choices) =>
      callback(interaction, token, {
        type: InteractionResponseType.ApplicationCommandAutocompleteResult,
        data: { choices },
      }),
    remove: async (channel, message) => {
      await asked(() => rest.delete(Routes.channelMessage(channel, message)));
    },
    thread: async (channel, message, name) => {
      try {
        const body = { name, auto_archive_duration: 1440 };
        return (await call(wireChannel, () => rest.post(Routes.threads(channel, message), { body }))).id;
      } catch (error) {
        // A thread that was made from a message has the message's id.
        if (troubleOf(error).code === 'discord-thread-exists') return message;
        throw error;
      }
    },
    refresh: async (url) => {
      const body = { attachment_urls: [url] };
      const { refreshed_urls: all } = await call(wireRefreshed, () =>
        rest.post('/attachments/refresh-urls', { body }),
      );
      return all.find(({ original }) => original === url)?.refreshed;
    },
    commands: (application) =>
      asked(() =>
        rest.get(Routes.applicationCommands(application), {
          query: new URLSearchParams({ with_localizations: 'true' }),
        }),
      ),
    putCommands: async (application, commands) => {
      await asked(() => rest.put(Routes.applicationCommands(application), { body: commands }));
    },
  };
}

const acknowledgements: Readonly<Record<Acknowledgement, object>> = {
  public: { type: InteractionResponseType.DeferredChannelMessageWithSource },
  private: {
    type: InteractionResponseType.DeferredChannelMessageWithSource,
    data: { flags: MessageFlags.Ephemeral },
  },
  update: { type: InteractionResponseType.DeferredMessageUpdate },
};

async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw troubleOf(error);
  }
}

function sendable({ body, files }: Payload): { body: object; files?: SentFile[] } {
  return files.length === 0 ? { body } : { body, files: [...files] };
}
