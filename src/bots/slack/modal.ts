import type { types } from '@slack/bolt';
import { z } from 'zod';
import type { OptionValue } from '../../commands/command.ts';
import type { Messages } from '../../commands/messages/messages.ts';
import type { Registry } from '../../commands/registry.ts';
import { type StyleInfo, styleLabel } from '../../commands/style-info.ts';
import { factorLabel, upscalerLabel, usualUpscaler } from '../../commands/upscaler-info.ts';
import type { Json } from '../../queue/request.ts';
import { optionsOf, pictureBlock, plain, type ShownPicture } from './answer/blocks.ts';

/** What a modal asks for. */
export type Wanted = 'stylize' | 'upscale';

/** What a modal remembers until it is sent. */
export interface Remembered {
  readonly channel: string;
  readonly thread?: string | undefined;
  readonly responseUrl?: string | undefined;
  /** Where the picture is; left out where the modal asks for one. */
  readonly source?: Json | undefined;
}

/** A modal as it is to be shown. */
export interface ModalOptions {
  readonly wanted: Wanted;
  readonly registry: Registry;
  readonly messages: Messages;
  readonly remembered: Remembered;
  /** What the person has given already. */
  readonly given: ReadonlyMap<string, OptionValue>;
  readonly previews: ReadonlyMap<string, ShownPicture>;
  /** Files that are taken at most. */
  readonly mostPictures: number;
}

/** Callback ids of the modals, and the action by which another style is looked at. */
export const MODALS: Readonly<Record<Wanted, string>> = {
  stylize: 'impasto.modal.stylize',
  upscale: 'impasto.modal.upscale',
};
export const LOOK_AT_STYLE = 'impasto.look';

const STRENGTHS = [1, 0.75, 0.5, 0.25];
const FILE_TYPES = ['jpg', 'jpeg', 'png', 'webp', 'gif'];
const KEEP = 'keep';

/** The picker: a style with its preview, strength and colours, or a factor; and a picture where there is none. */
export function modalOf(options: ModalOptions): types.ModalView {
  const { wanted, messages, remembered } = options;
  const { picker } = messages;
  return {
    type: 'modal',
    callback_id: MODALS[wanted],
    private_metadata: JSON.stringify(remembered),
    title: plain(wanted === 'stylize' ? picker.stylizeTitle : picker.upscaleTitle),
    submit: plain(picker.submit),
    close: plain(picker.close),
    blocks: [
      ...(remembered.source === undefined ? [fileBlock(options)] : []),
      ...(wanted === 'stylize' ? styleBlocks(options) : [factorBlock(options)]),
    ],
  };
}

function fileBlock({ messages: { picker }, mostPictures }: ModalOptions): types.InputBlock {
  return {
    type: 'input',
    block_id: 'picture',
    label: plain(picker.pictureLabel),
    hint: plain(picker.pictureHint),
    element: { type: 'file_input', action_id: 'picture', filetypes: FILE_TYPES, max_files: mostPictures },
  };
}

function styleBlocks({ registry, messages, given, previews }: ModalOptions): types.KnownBlock[] {
  const { picker } = messages;
  const chosen = registry.styles.find(({ name }) => name === given.get('style')) ?? registry.styles[0];
  const preview = chosen === undefined ? undefined : previews.get(chosen.name);
  const strength = STRENGTHS.find((each) => each === given.get('strength')) ?? 1;
  const keeps = given.get('keep_colors') === true;
  const keepOption: types.PlainTextOption = { text: plain(picker.keepColorsLabel), value: KEEP };
  const styles = optionsOf(registry.styles.map(styleChoice));
  const strengths = optionsOf(
    STRENGTHS.map((each) => ({ value: String(each), label: messages.percent({ percent: each * 100 }) })),
  );
  return [
    {
      type: 'input',
      block_id: 'style',
      dispatch_action: true,
      label: plain(picker.styleLabel),
      element: {
        type: 'static_select',
        action_id: LOOK_AT_STYLE,
        placeholder: plain(picker.stylePlaceholder),
        options: styles,
        ...initial(styles, chosen?.name),
      },
    },
    ...(preview === undefined ? [] : [{ ...pictureBlock(preview), block_id: 'preview' }]),
    {
      type: 'input',
      block_id: 'strength',
      label: plain(picker.strengthLabel),
      element: {
        type: 'static_select',
        action_id: 'strength',
        placeholder: plain(picker.strengthPlaceholder),
        options: strengths,
        ...initial(strengths, String(strength)),
      },
    },
    {
      type: 'input',
      block_id: 'keep_colors',
      optional: true,
      label: plain(picker.keepColorsLabel),
      element: {
        type: 'checkboxes',
        action_id: 'keep_colors',
        options: [keepOption],
        ...(keeps ? { initial_options: [keepOption] } : {}),
      },
    },
  ];
}

function factorBlock({ registry, messages: { picker }, given }: ModalOptions): types.InputBlock {
  const factors = optionsOf(
    registry.upscalers.map((each) => ({ value: factorLabel(each), label: upscalerLabel(each) })),
  );
  const usual = usualUpscaler(registry.upscalers);
  const chosen = given.get('factor') ?? (usual === undefined ? undefined : factorLabel(usual));
  return {
    type: 'input',
    block_id: 'factor',
    label: plain(picker.factorLabel),
    element: {
      type: 'static_select',
      action_id: 'factor',
      placeholder: plain(picker.factorPlaceholder),
      options: factors,
      ...initial(factors, chosen),
    },
  };
}

function styleChoice(style: StyleInfo): { readonly value: string; readonly label: string } {
  return { value: style.name, label: `${styleLabel(style)}: ${style.artwork.title}` };
}

function initial(
  options: readonly types.PlainTextOption[],
  value: OptionValue | undefined,
): { readonly initial_option?: types.PlainTextOption } {
  const found = options.find((option) => option.value === value);
  return found === undefined ? {} : { initial_option: found };
}

const remembered: z.ZodType<Remembered> = z.object({
  channel: z.string(),
  thread: z.string().optional(),
  responseUrl: z.string().optional(),
  source: z.json().optional(),
});

/** What the modal that was sent remembers. @throws where it is none of ours: a defect */
export function rememberedOf(privateMetadata: string): Remembered {
  return remembered.parse(JSON.parse(privateMetadata));
}

/** What was filled in, as far as it goes. */
export interface FilledIn {
  readonly given: ReadonlyMap<string, OptionValue>;
  readonly files: readonly string[];
}

const element = z.object({
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_options: z.array(z.object({ value: z.string() })).optional(),
  files: z.array(z.object({ id: z.string() })).optional(),
});
const values = z.record(z.string(), z.record(z.string(), element));

/** @param state `view.state.values` */
export function filledIn(wanted: Wanted, state: unknown): FilledIn {
  const all = values.catch({}).parse(state);
  const of = (block: string): z.infer<typeof element> | undefined => Object.values(all[block] ?? {})[0];
  const given = new Map<string, OptionValue>();
  for (const name of wanted === 'stylize' ? ['style', 'strength'] : ['factor']) {
    const value = of(name)?.selected_option?.value;
    if (value !== undefined) given.set(name, value);
  }
  if (wanted === 'stylize') {
    given.set(
      'keep_colors',
      of('keep_colors')?.selected_options?.some(({ value }) => value === KEEP) ?? false,
    );
  }
  return { given, files: (of('picture')?.files ?? []).map(({ id }) => id) };
}
