import type { Answer, Command, Services } from '../commands/command.ts';
import { refuse } from '../commands/messages/failures.ts';
import { messagesFor } from '../commands/messages/language.ts';
import type { Messages } from '../commands/messages/messages.ts';
import type { Call } from '../commands/parse.ts';
import type { Registry } from '../commands/registry.ts';
import type { CommandRequest, PictureReference, Trigger } from '../commands/request.ts';
import { run } from '../commands/run.ts';
import type { Submission } from '../queue/contract.ts';
import type { Limits, Share, ShareLimits } from '../queue/limits.ts';
import type { Json } from '../queue/request.ts';
import { defaultServerSettings, type ServerSettings, unlessDamaged } from '../queue/server-settings.ts';

/** What a person asked for, and where. */
export interface Asked {
  /** The platform's own event or interaction id. */
  readonly eventKey: string;
  readonly trigger: Trigger;
  readonly person: { readonly id: string; readonly locale: string };
  /** Guild or workspace; left out where there is none, as in private on Discord. */
  readonly server?: string | undefined;
  /** The channel whose settings count: of a thread, its parent. */
  readonly channel?: string | undefined;
  /** True in a talk with the bot alone: which channels a server has chosen for it does not matter there. */
  readonly alone?: boolean | undefined;
  /** True where the person may change the server's settings. */
  readonly manages: boolean;
  /** What they mean. @throws UserError */
  readonly read: (registry: Registry, messages: Messages, settings: ServerSettings | undefined) => Call;
  /** What they point to; it may stand for several pictures, or for a search. */
  readonly picture?: PictureReference | undefined;
}

/** Carries out what people ask for, within what their server allows. */
export interface Invoker {
  readonly platform: string;
  readonly registry: Registry;
  /**
   * What comes of it: something to say, or requests that are not submitted yet.
   * @throws UserError in the person's language: `server-off`, `channel-not-allowed`, `managers-only`, `server-only`, and what
   * reading and the command throw; ImpastoError `server-settings-damaged` where a picture is asked for
   */
  invoke(asked: Asked): Promise<Answer>;
  /**
   * Make a request durable, within the person's and the server's shares; what repeats an event or an open wish takes
   * nothing of them.
   * @throws UserError `limit-person`, `limit-server`; ImpastoError `queue-full`, `redis-away`
   */
  submit(request: CommandRequest, place: Json, placeSeconds: number): Promise<Submission>;
  /** Refuse where the server is switched off or the channel is none of its own. @throws UserError as `invoke` */
  admit(place: Pick<Asked, 'server' | 'channel' | 'alone'>, messages: Messages): Promise<void>;
}

/** What an invoker is made from. */
export interface InvokerOptions {
  readonly platform: string;
  readonly registry: Registry;
  readonly services: Services;
  readonly limits: Limits;
  /** What whoever runs the program allows; a server may allow less. */
  readonly shareLimits: ShareLimits;
}

/** One for each adapter. */
export function createInvoker(options: InvokerOptions): Invoker {
  const { platform, registry, services, limits, shareLimits } = options;
  const { queue, serverSettings } = services;

  async function settingsOf(server: string | undefined): Promise<ServerSettings | undefined> {
    return server === undefined ? undefined : await serverSettings.read(platform, server);
  }

  async function invoke(asked: Asked): Promise<Answer> {
    const { eventKey, trigger, person, server, manages, picture } = asked;
    const messages = messagesFor(person.locale, platform);
    const reading = settingsOf(server);
    const known = await unlessDamaged(reading);
    const call = asked.read(registry, messages, known);
    // What managers forbade stays forbidden, though nobody knows any more what it was.
    if (call.command.takesPicture) await reading;
    const settings = known ?? (server === undefined ? undefined : defaultServerSettings());
    admitCommand(call.command, asked, settings, messages);
    return await run(call, {
      platform,
      eventKey,
      trigger,
      person,
      ...(server === undefined || settings === undefined
        ? {}
        : { server: { id: server, settings, manages } }),
      pictures: picture === undefined ? [] : [picture],
      registry,
      messages,
      services,
      now: Date.now(),
    });
  }

  async function submit(request: CommandRequest, place: Json, placeSeconds: number): Promise<Submission> {
    // The same event again has had its share taken.
    if ((await queue.get(request.id)) !== undefined) return await queue.submit(request, place, placeSeconds);
    const { person, server } = request;
    const share: Share = { platform, person: person.id, ...(server === undefined ? {} : { server }) };
    const own = (await settingsOf(server))?.limits ?? {};
    await limits.take(share, {
      personPerHour: tighter(shareLimits.personPerHour, own.personPerHour),
      serverPerHour: tighter(shareLimits.serverPerHour, own.serverPerHour),
    });
    let accepted = false;
    try {
      const submission = await queue.submit(request, place, placeSeconds);
      accepted = submission.accepted;
      return submission;
    } finally {
      if (!accepted) await limits.giveBack(share);
    }
  }

  return {
    platform,
    registry,
    invoke,
    submit,
    admit: async (place, messages) => admitPlace(place, await settingsOf(place.server), messages),
  };
}

/** A server may give itself less than whoever runs the program allows, not more; 0 is no limit. */
function tighter(program: number, server = 0): number {
  if (program === 0 || server === 0) return program + server;
  return Math.min(program, server);
}

/** Settings, help, the queue and forgetting always work; pictures only where the server wants them. */
function admitCommand(
  command: Command,
  asked: Asked,
  settings: ServerSettings | undefined,
  messages: Messages,
): void {
  if (command.audience === 'managers') {
    if (settings === undefined) throw refuse(messages, 'server-only');
    if (!asked.manages) throw refuse(messages, 'managers-only');
  }
  if (command.takesPicture) admitPlace(asked, settings, messages);
}

function admitPlace(
  { channel, alone = false }: Pick<Asked, 'channel' | 'alone'>,
  settings: ServerSettings | undefined,
  messages: Messages,
): void {
  if (settings === undefined) return;
  if (!settings.enabled) throw refuse(messages, 'server-off');
  const { channels } = settings;
  if (alone || channels.length === 0 || (channel !== undefined && channels.includes(channel))) return;
  throw refuse(messages, 'channel-not-allowed', { channels: channels.map((id) => `<#${id}>`).join(' ') });
}
