import { join, normalize } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { BooleanOption, NumberOption, Option } from '../../../commands/command.ts';
import { en } from '../../../commands/messages/en.ts';
import { refuse } from '../../../commands/messages/failures.ts';
import { messagesFor } from '../../../commands/messages/language.ts';
import type { Messages } from '../../../commands/messages/messages.ts';
import { MOST_PICTURES } from '../../../commands/preconditions/pictures-given.ts';
import type { Registry } from '../../../commands/registry.ts';
import { factorLabel } from '../../../commands/upscaler-info.ts';
import { exampleLine, usage } from '../../../commands/usage.ts';
import type { Catalogue, CommandOption } from '../page/wire.ts';
import { sendFile } from '../send-file.ts';
import { sessionLocale } from '../session.ts';
import type { PlaygroundSettings } from '../settings.ts';

/** `GET /api/commands` and the previews that it points to. */
export function catalogueRoutes(
  app: FastifyInstance,
  { registry, previews, settings }: { registry: Registry; previews: string; settings: PlaygroundSettings },
): void {
  app.get('/api/commands', async (request): Promise<Catalogue> => {
    const messages = messagesFor(sessionLocale(request));
    return {
      commands: registry.commands.map((command) => ({
        name: command.name,
        description: command.describe(messages),
        usage: usage(command, registry),
        example: exampleLine(command, registry),
        takesPicture: command.takesPicture,
        options: command.options.map((option) => optionView(option, registry, messages)),
      })),
      styles: registry.styles.map(({ name, emoji, artwork, provisional, preview }) => ({
        name,
        emoji,
        artwork,
        provisional: provisional ?? false,
        preview: preview === undefined ? null : `/api/previews/${encodeURIComponent(name)}`,
      })),
      upscalers: registry.upscalers.map((upscaler) => ({
        name: factorLabel(upscaler),
        emoji: upscaler.emoji ?? null,
        provisional: upscaler.provisional ?? false,
      })),
      limits: {
        pictures: MOST_PICTURES,
        pictureBytes: settings.pictureBytes,
        text: settings.textLength,
      },
    };
  });

  app.get<{ Params: { name: string } }>('/api/previews/:name', async (request, reply) => {
    const style = registry.styles.find(({ name }) => name === request.params.name);
    if (style?.preview === undefined) throw refuse(en, 'not-found');
    // The catalogue is data that others may have written: its paths stay within its folder.
    const path = join(previews, normalize(join('/', style.preview)));
    return sendFile(reply, path, 'private, max-age=300');
  });
}

function optionView(option: Option, registry: Registry, messages: Messages): CommandOption {
  const { name, type, required } = option;
  const shared = { name, type, required, description: option.describe(messages) };
  switch (option.type) {
    case 'string':
      return { ...shared, choices: option.choices(registry) };
    case 'number':
      return { ...shared, min: option.min, max: option.max, ...defaultOf(option) };
    case 'boolean':
      return { ...shared, ...defaultOf(option) };
  }
}

function defaultOf(option: NumberOption | BooleanOption): Pick<CommandOption, 'default'> {
  return option.default === undefined ? {} : { default: option.default };
}
