import type { types } from '@slack/bolt';
import type { Choice, OptionValue } from '../../commands/command.ts';
import { type StyleInfo, styleLabel } from '../../commands/style-info.ts';
import { factorLabel, upscalerLabel, usualUpscaler } from '../../commands/upscaler-info.ts';
import { optionsOf, pictureBlock, plain } from './answer/blocks.ts';
import type { ModalOptions } from './modal.ts';

/** The action by which another style is looked at. */
export const LOOK_AT_STYLE = 'impasto.look';

/** Blocks that are no list to choose from; all others bear the names of their options. */
export const PICTURE = 'picture';
export const KEEP_COLORS = 'keep_colors';
/** What is checked where colours are kept. */
export const KEEP = 'keep';

const STRENGTHS: readonly number[] = [1, 0.75, 0.5, 0.25];
const FILE_TYPES = ['jpg', 'jpeg', 'png', 'webp', 'gif'];
/** Options that have blocks of their own. */
const OWN_BLOCKS = ['style', 'factor'];

/** Where a picture is given. */
export function fileBlock({ messages: { picker }, mostPictures }: ModalOptions): types.InputBlock {
  return {
    type: 'input',
    block_id: PICTURE,
    label: plain(picker.pictureLabel),
    hint: plain(picker.pictureHint),
    element: { type: 'file_input', action_id: PICTURE, filetypes: FILE_TYPES, max_files: mostPictures },
  };
}

/** A style with its preview, strength and colours. */
export function styleBlocks({ registry, messages, given, previews }: ModalOptions): types.KnownBlock[] {
  const { picker } = messages;
  const chosen = registry.styles.find(({ name }) => name === given.get('style')) ?? registry.styles[0];
  const preview = chosen === undefined ? undefined : previews.get(chosen.name);
  const keepOption: types.PlainTextOption = { text: plain(picker.keepColorsLabel), value: KEEP };
  const style = selectOf(
    LOOK_AT_STYLE,
    picker.stylePlaceholder,
    registry.styles.map(styleChoice),
    chosen?.name,
  );
  return [
    {
      type: 'input',
      block_id: 'style',
      dispatch_action: true,
      label: plain(picker.styleLabel),
      element: style,
    },
    ...(preview === undefined ? [] : [{ ...pictureBlock(preview), block_id: 'preview' }]),
    strengthBlock({ messages, given }),
    {
      type: 'input',
      block_id: KEEP_COLORS,
      optional: true,
      label: plain(picker.keepColorsLabel),
      element: {
        type: 'checkboxes',
        action_id: KEEP_COLORS,
        options: [keepOption],
        ...(given.get(KEEP_COLORS) === true ? { initial_options: [keepOption] } : {}),
      },
    },
  ];
}

/** The usual strengths, and the one that was given. */
function strengthBlock({ messages, given }: Pick<ModalOptions, 'messages' | 'given'>): types.InputBlock {
  const { picker } = messages;
  // As many places as can be told apart; fewer would be written with an exponent.
  const strength = Number(Number(given.get('strength') ?? 1).toFixed(4));
  const strengths = [...new Set([...STRENGTHS, strength])].toSorted((a, b) => b - a);
  const choices = strengths.map((each) => ({
    value: String(each),
    label: messages.percent({ percent: Number((each * 100).toFixed(2)) }),
  }));
  return {
    type: 'input',
    block_id: 'strength',
    label: plain(picker.strengthLabel),
    element: selectOf('strength', picker.strengthPlaceholder, choices, String(strength)),
  };
}

/** How many times an enlarged picture is larger. */
export function factorBlock({ registry, messages: { picker }, given }: ModalOptions): types.InputBlock {
  const factors = registry.upscalers.map((each) => ({
    value: factorLabel(each),
    label: upscalerLabel(each),
  }));
  const usual = usualUpscaler(registry.upscalers);
  const chosen = given.get('factor') ?? (usual === undefined ? undefined : factorLabel(usual));
  return {
    type: 'input',
    block_id: 'factor',
    label: plain(picker.factorLabel),
    element: selectOf('factor', picker.factorPlaceholder, factors, chosen),
  };
}

/** Whatever else the command can be told by one of a few words. */
export function choiceBlocks({ wanted, registry, messages, given }: ModalOptions): types.InputBlock[] {
  const command = registry.commands.find(({ name }) => name === wanted);
  return (command?.options ?? []).flatMap((option) => {
    if (option.type !== 'string' || OWN_BLOCKS.includes(option.name)) return [];
    const choices = option.choices(registry);
    return {
      type: 'input',
      block_id: option.name,
      optional: true,
      label: { type: 'plain_text', text: option.describe(messages) },
      element: selectOf(option.name, messages.picker.choicePlaceholder, choices, given.get(option.name)),
    };
  });
}

function styleChoice(style: StyleInfo): Choice {
  return { value: style.name, label: `${styleLabel(style)}: ${style.artwork.title}` };
}

function selectOf(
  id: string,
  placeholder: string,
  choices: readonly Choice[],
  chosen: OptionValue | undefined,
): types.StaticSelect {
  const options = optionsOf(choices);
  const initial = options.find(({ value }) => value === chosen);
  return {
    type: 'static_select',
    action_id: id,
    placeholder: plain(placeholder),
    options,
    ...(initial === undefined ? {} : { initial_option: initial }),
  };
}
