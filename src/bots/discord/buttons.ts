import {
  type ButtonInteraction,
  MessageFlags,
  type ModalSubmitInteraction,
  type StringSelectMenuInteraction,
} from 'discord.js';
import type { Choice } from '../../commands/command.ts';
import { messagesFor } from '../../commands/messages/language.ts';
import type { Registry } from '../../commands/registry.ts';
import { type Action, type Reply, textReply } from '../../commands/reply.ts';
import type { RequestQueue } from '../../queue/contract.ts';
import type { Invoker } from '../invoke.ts';
import type { Presses } from '../press.ts';
import type { Acknowledgement, Api } from './api.ts';
import { selectRows } from './components.ts';
import type { Conversation, Result } from './conversation.ts';
import { actionOf, type Carried } from './custom-id.ts';
import { type Here, hereOf } from './here.ts';
import type { Parents } from './parents.ts';
import { sourceJson } from './source.ts';
import { OTHER, otherStrength, strengthForm, typedStrength } from './strength-form.ts';
import type { Submitter } from './submitter.ts';

/** Buttons below replies, and the choices that they ask for. */
export interface Buttons {
  press(interaction: ButtonInteraction, carried: Carried): Promise<void>;
  choose(interaction: StringSelectMenuInteraction, carried: Carried): Promise<void>;
  /** A choice that was typed in a form. */
  submit(interaction: ModalSubmitInteraction, carried: Carried): Promise<void>;
}

/** What buttons need. */
export interface ButtonsOptions {
  readonly invoker: Pick<Invoker, 'registry'>;
  readonly presses: Presses;
  /** Keeps that an answer was deleted, so that the same may be asked for again. */
  readonly queue: Pick<RequestQueue, 'note'>;
  readonly api: Pick<Api, 'openForm'>;
  readonly converse: Conversation;
  readonly submit: Submitter;
  readonly parents: Parents;
}

export function createButtons({
  invoker,
  presses,
  queue,
  api,
  converse,
  submit,
  parents,
}: ButtonsOptions): Buttons {
  const { registry } = invoker;

  async function act(
    interaction: ButtonInteraction | StringSelectMenuInteraction | ModalSubmitInteraction,
    carried: Carried,
    choice: string | undefined,
  ): Promise<void> {
    const here = hereOf(interaction, parents);
    const action = actionOf(carried);
    await converse({
      interaction,
      person: here.person.id,
      messages: here.messages,
      acknowledgement: action === undefined ? 'update' : acknowledgementOf(action, registry, choice),
      work: async () => {
        if (action === undefined) return { kind: 'nothing' };
        const { person, server, moderates } = here;
        const consequence = await presses({
          action,
          request: carried.subject,
          asker: carried.asker,
          person: person.id,
          locale: person.locale,
          moderates,
          ...(choice === undefined ? {} : { choice }),
          eventKey: interaction.id,
          server,
          channel: await here.settled(),
        });
        switch (consequence.kind) {
          case 'cancelled':
            // The cancelled request's own message will say it; a list of several will not.
            return interaction.message?.flags.has(MessageFlags.Ephemeral)
              ? { kind: 'reply', reply: textReply(here.messages.cancelled) }
              : { kind: 'nothing' };
          case 'delete':
            await queue.note(carried.subject, 'deleted', person.id);
            return { kind: 'deleted' };
          case 'choices':
            return chooser(here, action, carried, consequence.choices);
          case 'request': {
            await here.requirePermissions(false);
            const { request } = consequence;
            // A choice is made below a message that nobody else sees, so nothing can reply to it.
            const above = interaction.isButton() ? interaction.message.id : undefined;
            const source = sourceJson(here.where(above), request.source);
            return await submit(here, { kind: 'requests', requests: [{ ...request, source }] });
          }
        }
      },
    });
  }

  function chooser(
    here: Here,
    action: Action,
    { subject, asker }: Carried,
    choices: readonly Choice[],
  ): Result {
    const { picker } = here.messages;
    const offered = action === 'strength' ? [...choices, otherStrength(here.messages)] : choices;
    const rows = selectRows(offered, placeholderOf(action, here), { kind: 'choose', action, subject, asker });
    const reply: Reply =
      action === 'restyle'
        ? { ...textReply(picker.stylizeTitle), gallery: stylesOf(choices, registry) }
        : textReply(action === 'upscale' ? picker.upscaleTitle : picker.strengthLabel);
    return { kind: 'reply', reply, rows };
  }

  return {
    press: (interaction, carried) => act(interaction, carried, undefined),
    choose: async (interaction, carried) => {
      const [choice] = interaction.values;
      if (choice !== OTHER) return await act(interaction, carried, choice);
      const form = strengthForm(messagesFor(interaction.locale), carried);
      await api.openForm(interaction.id, interaction.token, form);
    },
    submit: (interaction, carried) => act(interaction, carried, typedStrength(interaction)),
  };
}

/** What will come is known before anything is asked: a choice is for the presser's eyes, a picture for all. */
function acknowledgementOf(action: Action, registry: Registry, choice: string | undefined): Acknowledgement {
  if (choice !== undefined) return 'public';
  switch (action) {
    case 'cancel':
    case 'delete':
      return 'update';
    case 'restyle':
    case 'strength':
      return 'private';
    case 'upscale':
      return registry.upscalers.length < 2 ? 'public' : 'private';
  }
}

function placeholderOf(action: Action, { messages: { picker } }: Here): string {
  if (action === 'restyle') return picker.stylePlaceholder;
  return action === 'strength' ? picker.strengthPlaceholder : picker.factorPlaceholder;
}

function stylesOf(choices: readonly Choice[], { styles }: Registry): Registry['styles'] {
  return styles.filter(({ name }) => choices.some(({ value }) => value === name));
}
