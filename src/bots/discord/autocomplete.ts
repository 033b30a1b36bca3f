import type { AutocompleteInteraction } from 'discord.js';
import { complete, type Registry } from '../../commands/registry.ts';
import type { Api } from './api.ts';
import { short } from './text.ts';

/** Offers what fits what is typed so far. */
export async function autocomplete(
  interaction: AutocompleteInteraction,
  registry: Registry,
  api: Pick<Api, 'suggest'>,
): Promise<void> {
  const focused = interaction.options.getFocused(true);
  const command = registry.commands.find(({ name }) => name === interaction.commandName);
  const option = command?.options.find(({ name }) => name === focused.name);
  const choices = option?.type === 'string' ? complete(option, String(focused.value), registry) : [];
  await api.suggest(
    interaction.id,
    interaction.token,
    choices.map(({ label, value }) => ({ name: short(label), value })),
  );
}
