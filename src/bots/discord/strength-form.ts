import { ModalBuilder, type ModalSubmitInteraction, TextInputStyle } from 'discord.js';
import type { Choice } from '../../commands/command.ts';
import type { Messages } from '../../commands/messages/messages.ts';
import { type Carried, customId } from './custom-id.ts';

/** What stands among the strengths of a list for one that is typed. */
export const OTHER = 'other';

const FIELD = 'strength';

/** The last entry of a list of strengths: it opens a form. */
export function otherStrength({ picker }: Messages): Choice {
  return { value: OTHER, label: picker.strengthOther };
}

/** A form in which a strength is typed; what it is for is told by what it carries. */
export function strengthForm({ picker }: Messages, carried: Carried): object {
  return new ModalBuilder()
    .setCustomId(customId(carried))
    .setTitle(picker.strengthLabel)
    .addLabelComponents((label) =>
      label
        .setLabel(picker.strengthPlaceholder)
        .setDescription(picker.strengthHint)
        .setTextInputComponent((input) =>
          input.setCustomId(FIELD).setStyle(TextInputStyle.Short).setMaxLength(10).setPlaceholder('0.35'),
        ),
    )
    .toJSON();
}

/** What was typed in it. */
export function typedStrength({ fields }: ModalSubmitInteraction): string {
  return fields.getTextInputValue(FIELD);
}
