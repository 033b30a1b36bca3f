import { isJson, type Json, jsonAt, listAt, textAt, walkJson } from './json.ts';

/** Longest texts of the parts of elements, in characters, as Block Kit's reference states them. */
const LONGEST: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  section: { text: 3000 },
  header: { text: 150 },
  image: { alt_text: 2000, image_url: 3000, title: 2000 },
  markdown: { text: 12_000 },
  input: { label: 2000, hint: 2000 },
  button: { text: 75, value: 2000, url: 3000, accessibility_label: 75 },
  plain_text_input: { placeholder: 150, initial_value: 3000 },
  static_select: { placeholder: 150 },
  multi_static_select: { placeholder: 150 },
  external_select: { placeholder: 150 },
  users_select: { placeholder: 150 },
  conversations_select: { placeholder: 150 },
  channels_select: { placeholder: 150 },
};

/** The fewest and most items of lists. */
const COUNTS: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>> = {
  section: { fields: [1, 10] },
  context: { elements: [1, 10] },
  actions: { elements: [1, 25] },
  static_select: { options: [1, 100], option_groups: [1, 100] },
  multi_static_select: { options: [1, 100], option_groups: [1, 100] },
  overflow: { options: [1, 5] },
  radio_buttons: { options: [1, 10] },
  checkboxes: { options: [1, 10] },
};

/** What Slack refuses in `blocks`, each with its JSON pointer. @param most 50 in a message, 100 in a view */
export function blockFaults(blocks: readonly unknown[], most: number): readonly string[] {
  const faults: string[] = [];
  if (blocks.length > most) faults.push(`no more than ${most} items allowed [json-pointer:/blocks]`);
  const blockIds = new Set<string>();
  for (const [index, block] of blocks.entries()) {
    if (!isJson(block)) {
      faults.push(`not an object [json-pointer:/blocks/${index}]`);
      continue;
    }
    const id = textAt(block, 'block_id');
    if (id !== '' && blockIds.has(id))
      faults.push(`block_id ${id} stands twice [json-pointer:/blocks/${index}]`);
    blockIds.add(id);
    const actions = listAt(block, 'elements').map((element) => textAt(element, 'action_id'));
    const named = actions.filter((action) => action !== '');
    if (new Set(named).size < named.length)
      faults.push(`an action_id stands twice [json-pointer:/blocks/${index}]`);
    for (const { json, pointer } of walkJson(block, `/blocks/${index}`)) {
      faults.push(...partFaults(json).map((fault) => `${fault} [json-pointer:${pointer}]`));
    }
  }
  return faults;
}

/** What is wrong with the options that a select has, or that an ack loads into it. */
export function optionFaults(option: Json): readonly string[] {
  return [
    ...tooLong('option text', jsonAt(option, 'text').text, 75, 1),
    ...tooLong('option value', option.value, 150),
    ...tooLong('option description', jsonAt(option, 'description').text, 75),
  ];
}

function partFaults(part: Json): string[] {
  const type = textAt(part, 'type');
  const faults: string[] = [];
  for (const [key, most] of Object.entries(LONGEST[type] ?? {})) {
    const value = isJson(part[key]) ? jsonAt(part, key).text : part[key];
    const least = ['text', 'alt_text', 'label'].includes(key) ? 1 : 0;
    faults.push(...tooLong(key, value, most, least));
  }
  for (const [key, [least, most]] of Object.entries(COUNTS[type] ?? {})) {
    const items = part[key];
    if (Array.isArray(items) && (items.length < least || items.length > most)) {
      faults.push(`${key} holds ${items.length} items, where ${least} to ${most} may stand`);
    }
  }
  if (type === 'section')
    for (const field of listAt(part, 'fields')) faults.push(...tooLong('field', field.text, 2000));
  faults.push(...tooLong('action_id', part.action_id, 255), ...tooLong('block_id', part.block_id, 255));
  faults.push(...listAt(part, 'options').flatMap(optionFaults));
  for (const group of listAt(part, 'option_groups')) {
    faults.push(...tooLong('label', jsonAt(group, 'label').text, 75, 1));
    if (listAt(group, 'options').length > 100) faults.push('a group holds more than 100 options');
  }
  faults.push(...initialFaults(part), ...confirmFaults(jsonAt(part, 'confirm')));
  const slackFile = textAt(jsonAt(part, 'slack_file'), 'id');
  if (slackFile !== '' && !/^F[A-Z0-9]{8,}$/.test(slackFile)) {
    faults.push('input must match regex pattern: ^[F][A-Z0-9]{8,}$');
  }
  if (type === 'file_input') {
    const most = part.max_files;
    if (typeof most === 'number' && (most < 1 || most > 10)) faults.push('max_files must be from 1 to 10');
  }
  return faults;
}

/** A select opens only where what it starts with is one of its options. */
function initialFaults(part: Json): string[] {
  if (!isJson(part.initial_option) || textAt(part, 'type') === 'external_select') return [];
  const initial = JSON.stringify(part.initial_option);
  const options = [
    ...listAt(part, 'options'),
    ...listAt(part, 'option_groups').flatMap((group) => listAt(group, 'options')),
  ];
  return options.some((option) => JSON.stringify(option) === initial)
    ? []
    : ['initial_option is none of the options'];
}

function confirmFaults(confirm: Json): string[] {
  return [
    ...tooLong('confirm title', jsonAt(confirm, 'title').text, 100),
    ...tooLong('confirm text', jsonAt(confirm, 'text').text, 300),
    ...tooLong('confirm button', jsonAt(confirm, 'confirm').text, 30),
    ...tooLong('deny button', jsonAt(confirm, 'deny').text, 30),
  ];
}

export function tooLong(what: string, value: unknown, most: number, least = 0): string[] {
  if (typeof value !== 'string') return [];
  const length = [...value].length;
  if (length > most) return [`${what} is ${length} characters long, where ${most} may stand`];
  return length < least ? [`${what} is empty`] : [];
}
