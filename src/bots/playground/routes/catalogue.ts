import { join, normalize } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Option } from '../../../commands/command.ts';
import { messagesFor } from '../../../commands/messages/language.ts';
import type { Messages } from '../../../commands/messages/messages.ts';
import { MOST_PICTURES } from '../../../commands/preconditions/pictures-given.ts';
import type { Registry } from '../../../commands/registry.ts';
import { usage } from '../../../commands/usage.ts';
import { UserError } from '../../../errors.ts';
import type { Catalogue, CommandOption } from '../page/wire.ts';
import { sendFile } from '../send-file.ts';
import { sentences } from '../sentences.ts';
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
        usage: usage(command),
        example: command.example(registry.styles),
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
      limits: {
        pictures: MOST_PICTURES,
        pictureBytes: settings.pictureBytes,
        text: settings.textLength,
      },
    };
  });

  app.get<{ Params: { name: string } }>('/api/previews/:name', async (request, reply) => {
    const style = registry.styles.find(({ name }) => name === request.params.name);
    if (style?.preview === undefined) throw new UserError('not-found', sentences.notFound);
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
      return { ...shared, min: option.min, max: option.max, default: option.default };
    case 'boolean':
      return { ...shared, default: option.default };
  }
}
