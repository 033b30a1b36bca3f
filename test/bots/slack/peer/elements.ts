import { isJson, type Json, jsonAt, listAt, textAt } from './json.ts';
import type { Upload } from './uploads.ts';

/** An element that a person can use, with the block that it stands in. */
export interface Placed {
  readonly blockId: string;
  readonly element: Json;
  readonly block: Json;
}

/** What a person puts into an input: text, an option's value or several, files, or nothing. */
export type Answer = string | readonly string[] | readonly Upload[] | null;

/** Everything in `blocks` that can be used. */
export function elementsOf(blocks: readonly Json[]): readonly Placed[] {
  return blocks.flatMap((block) => {
    const own = block.type === 'actions' ? listAt(block, 'elements') : [];
    const single = ['accessory', 'element'].flatMap((key) =>
      isJson(block[key]) ? [jsonAt(block, key)] : [],
    );
    return [...own, ...single].map((element) => ({ blockId: textAt(block, 'block_id'), element, block }));
  });
}

/** @throws Error where nobody could press it, for it is not there */
export function elementBy(blocks: readonly Json[], actionId: string): Placed {
  const all = elementsOf(blocks);
  const found = all.find(({ element }) => element.action_id === actionId);
  if (found !== undefined) return found;
  const there = all.map(({ element }) => textAt(element, 'action_id')).join(', ');
  throw new Error(`there is no ${actionId} to use; there are: ${there || 'none'}`);
}

/** @throws Error where the option is not offered */
export function optionBy(options: readonly Json[], value: string): Json {
  const found = options.find((option) => option.value === value);
  if (found !== undefined) return found;
  throw new Error(
    `${value} is not offered; offered are: ${options.map((each) => String(each.value)).join(', ')}`,
  );
}

/** The options of an element, those of its groups too. */
export function optionsOf(element: Json): readonly Json[] {
  const grouped = listAt(element, 'option_groups').flatMap((group) => listAt(group, 'options'));
  return [...listAt(element, 'options'), ...grouped];
}

/** What Slack tells of an element's value. @param options those offered; loaded where the element loads its own */
export function chosenValue(
  element: Json,
  answer: string | readonly string[] | null,
  options: readonly Json[],
): Json {
  const type = textAt(element, 'type');
  switch (type) {
    case 'plain_text_input':
    case 'number_input':
      return { type, value: typeof answer === 'string' ? answer : null };
    case 'users_select':
      return { type, selected_user: answer };
    case 'conversations_select':
      return { type, selected_conversation: answer };
    case 'channels_select':
      return { type, selected_channel: answer };
    case 'checkboxes':
    case 'multi_static_select': {
      const values = typeof answer === 'string' ? [answer] : (answer ?? []);
      return { type, selected_options: values.map((value) => optionBy(options, value)) };
    }
    case 'multi_channels_select':
    case 'multi_conversations_select': {
      const key = type === 'multi_channels_select' ? 'selected_channels' : 'selected_conversations';
      return { type, [key]: typeof answer === 'string' ? [answer] : (answer ?? []) };
    }
    default:
      return { type, selected_option: typeof answer === 'string' ? optionBy(options, answer) : null };
  }
}

/** What an element holds before anyone touches it. */
export function initialOf(element: Json): string | readonly string[] | null {
  const options = listAt(element, 'initial_options').map((option) => textAt(option, 'value'));
  if (options.length > 0) return options;
  for (const key of ['initial_channels', 'initial_conversations']) {
    const values = element[key];
    if (Array.isArray(values)) return values.map(String);
  }
  const texts = ['initial_value', 'initial_user', 'initial_conversation', 'initial_channel'];
  const text = texts.map((key) => textAt(element, key)).find((value) => value !== '');
  return text ?? (textAt(jsonAt(element, 'initial_option'), 'value') || null);
}

/** @throws Error where Slack's client would not let the files be chosen */
export function checkFiles(element: Json, files: readonly Upload[]): void {
  const most = typeof element.max_files === 'number' ? element.max_files : 10;
  if (files.length > most) throw new Error(`the input takes ${most} files at most`);
  const types = Array.isArray(element.filetypes) ? element.filetypes.map(String) : [];
  for (const { name } of files) {
    const type = name.split('.').pop()?.toLowerCase() ?? '';
    if (types.length > 0 && !types.includes(type))
      throw new Error(`the input takes ${types.join(', ')}, not ${name}`);
  }
}
