import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
} from 'discord.js';
import type { Command, Option } from '../../commands/command.ts';
import { languages, localised } from '../../commands/messages/language.ts';
import type { Messages } from '../../commands/messages/messages.ts';
import { MOST_PICTURES } from '../../commands/preconditions/pictures-given.ts';
import type { Registry } from '../../commands/registry.ts';
import { short } from './text.ts';

/** Options for attached pictures: a command's option holds one file. */
export const PICTURE_OPTIONS: readonly string[] = Array.from({ length: MOST_PICTURES }, (_, index) =>
  index === 0 ? 'picture' : `picture${index + 1}`,
);

/** The option for a person whose avatar is taken. */
export const AVATAR_OPTION = 'avatar';

/** Entries of a message's own menu, by the command that they stand for. */
export const MENUS = { stylize: 'Stylize…', upscale: 'Upscale' } as const;

const EVERYWHERE = {
  contexts: [
    InteractionContextType.Guild,
    InteractionContextType.BotDM,
    InteractionContextType.PrivateChannel,
  ],
  integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
};

const SERVERS_ONLY = {
  contexts: [InteractionContextType.Guild],
  integration_types: [ApplicationIntegrationType.GuildInstall],
  default_member_permissions: Number(PermissionFlagsBits.ManageGuild),
};

/** All that is registered with Discord, in the form that its API takes. */
export function commandsJson(registry: Registry): readonly object[] {
  const names: readonly string[] = registry.commands.map(({ name }) => name);
  return [
    ...registry.commands.map(slashJson),
    ...(['stylize', 'upscale'] as const).filter((name) => names.includes(name)).map(menuJson),
  ];
}

function slashJson(command: Command): object {
  return {
    type: ApplicationCommandType.ChatInput,
    name: command.name,
    ...described(command.describe),
    options: [...command.options.map(optionJson), ...(command.takesPicture ? pictureOptions() : [])],
    ...(command.audience === 'managers' ? SERVERS_ONLY : EVERYWHERE),
  };
}

function menuJson(name: keyof typeof MENUS): object {
  return {
    type: ApplicationCommandType.Message,
    name: MENUS[name],
    name_localizations: localised((messages) => messages.messageAction[name]),
    ...EVERYWHERE,
  };
}

function optionJson(option: Option): object {
  const base = { name: option.name, ...described(option.describe) };
  switch (option.type) {
    case 'string': {
      const required = option.required && option.byServer === undefined;
      return { ...base, type: ApplicationCommandOptionType.String, required, autocomplete: true };
    }
    case 'number': {
      const { min, max } = option;
      return {
        ...base,
        type: ApplicationCommandOptionType.Number,
        required: false,
        min_value: min,
        max_value: max,
      };
    }
    case 'boolean':
      return { ...base, type: ApplicationCommandOptionType.Boolean, required: false };
  }
}

function pictureOptions(): readonly object[] {
  const picture = ({ commands }: Messages): string => commands.platformOptions.picture;
  const avatar = ({ commands }: Messages): string => commands.platformOptions.avatarOf;
  return [
    ...PICTURE_OPTIONS.map((name) => ({
      name,
      ...described(picture),
      type: ApplicationCommandOptionType.Attachment,
      required: false,
    })),
    { name: AVATAR_OPTION, ...described(avatar), type: ApplicationCommandOptionType.User, required: false },
  ];
}

function described(text: (messages: Messages) => string): object {
  const [first] = languages();
  const say = (messages: Messages): string => short(text(messages));
  return {
    description: first === undefined ? '' : say(first.messages),
    description_localizations: localised(say),
  };
}
