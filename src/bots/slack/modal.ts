import type { types } from '@slack/bolt';
import { z } from 'zod';
import type { OptionValue } from '../../commands/command.ts';
import type { Messages } from '../../commands/messages/messages.ts';
import type { Registry } from '../../commands/registry.ts';
import type { Json } from '../../queue/request.ts';
import { plain, type ShownPicture } from './answer/blocks.ts';
import {
  choiceBlocks,
  factorBlock,
  fileBlock,
  KEEP,
  KEEP_COLORS,
  PICTURE,
  styleBlocks,
} from './modal-blocks.ts';

/** What a modal asks for. */
export type Wanted = 'stylize' | 'upscale';

/** What a modal remembers until it is sent. */
export interface Remembered {
  readonly channel: string;
  readonly thread?: string | undefined;
  readonly responseUrl?: string | undefined;
  /** Where the picture is; left out where the modal asks for one. */
  readonly source?: Json | undefined;
  /** What the form began with: Slack tells only of what was touched since. */
  readonly given?: Readonly<Record<string, OptionValue>> | undefined;
}

/** A modal as it is to be shown. */
export interface ModalOptions {
  readonly wanted: Wanted;
  readonly registry: Registry;
  readonly messages: Messages;
  readonly remembered: Remembered;
  /** What the form begins with: what the person has given already, and what is meant where they give nothing. */
  readonly given: ReadonlyMap<string, OptionValue>;
  readonly previews: ReadonlyMap<string, ShownPicture>;
  /** Files that are taken at most. */
  readonly mostPictures: number;
}

/** Callback ids of the modals. */
export const MODALS: Readonly<Record<Wanted, string>> = {
  stylize: 'impasto.modal.stylize',
  upscale: 'impasto.modal.upscale',
};

/** The picker: a picture where there is none, and every option of the command, a style with its preview. */
export function modalOf(options: ModalOptions): types.ModalView {
  const { wanted, messages, given } = options;
  const { picker } = messages;
  const remembered: Remembered = { ...options.remembered, given: Object.fromEntries(given) };
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
      ...choiceBlocks(options),
    ],
  };
}

const remembered: z.ZodType<Remembered> = z.object({
  channel: z.string(),
  thread: z.string().optional(),
  responseUrl: z.string().optional(),
  source: z.json().optional(),
  given: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
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

/** @param state `view.state.values`: a block for each option, by its name */
export function filledIn(state: unknown): FilledIn {
  const given = new Map<string, OptionValue>();
  const files: string[] = [];
  for (const [name, block] of Object.entries(values.catch({}).parse(state))) {
    const [filled] = Object.values(block);
    if (name === PICTURE) files.push(...(filled?.files ?? []).map(({ id }) => id));
    else if (name === KEEP_COLORS)
      given.set(name, filled?.selected_options?.some(({ value }) => value === KEEP) ?? false);
    else if (filled?.selected_option) given.set(name, filled.selected_option.value);
  }
  return { given, files };
}
