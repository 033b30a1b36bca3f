import { ApplicationCommandType } from 'discord-api-types/v10';
import { type CommandBody, checkCommand, checkList, commandBody, commandPatch } from './command-rules.ts';
import { invalidForm, Refusal } from './refusal.ts';
import type { Answer, Call, Route } from './server.ts';
import type { World } from './world.ts';

/** A command that is registered. */
export interface RegisteredCommand extends CommandBody {
  readonly id: string;
  readonly version: string;
  readonly type: ApplicationCommandType;
  /** Null for one that every server has. */
  readonly guildId: string | null;
}

export interface Commands {
  /** All that are registered. */
  list(): readonly RegisteredCommand[];
  /** How often the bot has written commands; a bulk overwrite counts once. */
  writes(): number;
  readonly routes: readonly Route[];
}

const unknownCommand = (): Refusal => new Refusal(404, 10063, 'Unknown application command');

/** The registry of application commands, by Discord's rules. */
export function createCommands(world: World): Commands {
  const registered = new Map<string, RegisteredCommand>();
  let writes = 0;

  function within(guildId: string | null): RegisteredCommand[] {
    return [...registered.values()].filter((one) => one.guildId === guildId);
  }

  function place({ params }: Call): string | null {
    const { app, guild = null } = params;
    if (app !== world.botId) throw new Refusal(403, 20012, 'You are not authorized to perform this action');
    if (guild !== null && world.guilds.get(guild)?.installed !== true)
      throw new Refusal(403, 50001, 'Missing Access');
    return guild;
  }

  function find(call: Call): RegisteredCommand {
    const guildId = place(call);
    const found = registered.get(call.params.command ?? '');
    if (found === undefined || found.guildId !== guildId) throw unknownCommand();
    return found;
  }

  function keep(body: CommandBody, guildId: string | null): RegisteredCommand {
    checkCommand(body);
    const type = body.type ?? ApplicationCommandType.ChatInput;
    const same = within(guildId).find((one) => one.name === body.name && one.type === type);
    const command = { ...body, id: same?.id ?? world.ids.next(), version: world.ids.next(), type, guildId };
    registered.set(command.id, command);
    return command;
  }

  /** @param localized whether languages are asked for, as they are after a write */
  function view(command: RegisteredCommand, localized = true): object {
    const { guildId, name_localizations, description_localizations, ...rest } = command;
    const permissions = command.default_member_permissions ?? null;
    return {
      ...rest,
      application_id: world.botId,
      ...(guildId === null ? {} : { guild_id: guildId }),
      description: command.description ?? '',
      default_member_permissions: permissions === null ? null : String(permissions),
      dm_permission: command.dm_permission ?? true,
      nsfw: command.nsfw ?? false,
      ...(guildId === null
        ? { contexts: command.contexts ?? null, integration_types: command.integration_types ?? [0] }
        : {}),
      options: withoutLanguages(command.options ?? undefined, localized),
      ...(localized
        ? {
            name_localizations: name_localizations ?? null,
            description_localizations: description_localizations ?? null,
          }
        : {}),
    };
  }

  function post(call: Call): Answer {
    const guildId = place(call);
    const known = new Set(within(guildId).map(({ id }) => id));
    const command = keep(read(commandBody, call.sent.body), guildId);
    checkList(within(guildId));
    writes += 1;
    return { status: known.has(command.id) ? 200 : 201, body: view(command) };
  }

  function put(call: Call): Answer {
    const guildId = place(call);
    const bodies = Array.isArray(call.sent.body) ? call.sent.body.map((one) => read(commandBody, one)) : [];
    checkList(bodies);
    bodies.forEach(checkCommand);
    const kept = bodies.map((body) => keep(body, guildId));
    for (const { id } of within(guildId)) if (!kept.some((one) => one.id === id)) registered.delete(id);
    writes += 1;
    return { body: kept.map((one) => view(one)) };
  }

  function patch(call: Call): Answer {
    const before = find(call);
    const changes = read(commandPatch, call.sent.body);
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    const command: RegisteredCommand = { ...before, ...given, version: world.ids.next() };
    checkCommand(command);
    registered.set(command.id, command);
    checkList(within(command.guildId));
    writes += 1;
    return { body: view(command) };
  }

  const routes = ['/applications/:app/commands', '/applications/:app/guilds/:guild/commands'].flatMap(
    (path): readonly Route[] => [
      {
        method: 'GET',
        path,
        handle: (call) => {
          const localized = call.sent.query.with_localizations === 'true';
          return { body: within(place(call)).map((one) => view(one, localized)) };
        },
      },
      { method: 'POST', path, handle: post },
      { method: 'PUT', path, handle: put },
      { method: 'GET', path: `${path}/:command`, handle: (call) => ({ body: view(find(call)) }) },
      { method: 'PATCH', path: `${path}/:command`, handle: patch },
      {
        method: 'DELETE',
        path: `${path}/:command`,
        handle: (call) => {
          registered.delete(find(call).id);
          writes += 1;
          return {};
        },
      },
    ],
  );
  return { list: () => [...registered.values()], writes: () => writes, routes };
}

function read<T>(
  schema: { safeParse(body: unknown): { data?: T; error?: { message: string } } },
  body: unknown,
): T {
  const { data, error } = schema.safeParse(body);
  if (data === undefined) throw invalidForm('name', 'BASE_TYPE_INVALID', error?.message ?? 'Invalid');
  return data;
}

function withoutLanguages<T>(given: T, localized: boolean): T {
  if (localized || given === undefined) return given;
  const drop = (key: string, value: unknown): unknown => (key.endsWith('_localizations') ? undefined : value);
  return JSON.parse(JSON.stringify(given), drop);
}
