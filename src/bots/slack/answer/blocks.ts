import type { types } from '@slack/bolt';
import type { Choice } from '../../../commands/command.ts';
import type { Messages } from '../../../commands/messages/messages.ts';
import type { Action, Button, Reply } from '../../../commands/reply.ts';
import { clipped, sections } from '../text.ts';

/** A picture that Slack holds already. */
export interface ShownPicture {
  readonly file: string;
  readonly alt: string;
}

/** What a reply looks like beside its text. */
export interface Furnishing {
  readonly pictures?: readonly ShownPicture[];
  /** What an action offers to choose from; undefined where it is done at a press. */
  readonly choices?: (button: Button) => readonly Choice[] | undefined;
  readonly messages?: Messages;
  /** Who asked: may still delete it once the request is forgotten. */
  readonly asker?: string;
}

/** Slack takes so much in the text alternative of a picture, in a label, and in a list to choose from. */
const MOST_ALT = 1_900;
const MOST_LABEL = 75;
const MOST_CHOICES = 100;
/** Elements that stand side by side. */
const MOST_ELEMENTS = 25;

const ACTION_ID = /^impasto\.(cancel|restyle|strength|upscale|delete)\.([0-9a-f-]{36})$/;

/** Ids of all buttons and menus below the bot's messages. */
export const ACTION_IDS: RegExp = ACTION_ID;

/** What was pressed; undefined for an element of somebody else. */
export function pressedOf(
  actionId: string,
): { readonly action: Action; readonly request: string } | undefined {
  const [, action, request] = ACTION_ID.exec(actionId) ?? [];
  if (!isAction(action) || request === undefined) return undefined;
  return { action, request };
}

function isAction(word: string | undefined): word is Action {
  return word !== undefined && ['cancel', 'restyle', 'strength', 'upscale', 'delete'].includes(word);
}

/** Who asked, as a button remembers it; undefined for one of before that did not. */
export function askerOf(value: string | undefined): string | undefined {
  const [, asker] = /^\S+ (\S+)$/.exec(value ?? '') ?? [];
  return asker;
}

/** A reply as blocks: its pictures, its words, its buttons. */
export function replyBlocks(reply: Reply, furnishing: Furnishing = {}): types.KnownBlock[] {
  const { pictures = [] } = furnishing;
  return [...pictures.map(pictureBlock), ...sections(reply.text), ...actionBlocks(reply.buttons, furnishing)];
}

/** A picture of Slack's own. */
export function pictureBlock({ file, alt }: ShownPicture): types.ImageBlock {
  return { type: 'image', slack_file: { id: file }, alt_text: clipped(alt, MOST_ALT) || '–' };
}

function actionBlocks(buttons: readonly Button[], furnishing: Furnishing): types.ActionsBlock[] {
  const elements = buttons.map((button) => element(button, furnishing));
  const blocks: types.ActionsBlock[] = [];
  for (let at = 0; at < elements.length; at += MOST_ELEMENTS) {
    blocks.push({ type: 'actions', elements: elements.slice(at, at + MOST_ELEMENTS) });
  }
  return blocks;
}

function element(
  button: Button,
  { choices, messages, asker }: Furnishing,
): types.Button | types.StaticSelect {
  const action_id = `impasto.${button.action}.${button.request}`;
  const offered = choices?.(button);
  if (offered !== undefined && offered.length > 0) {
    return {
      type: 'static_select',
      action_id,
      placeholder: plain(button.label),
      options: optionsOf(offered),
    };
  }
  return {
    type: 'button',
    action_id,
    text: plain(button.label),
    value: asker === undefined ? button.request : `${button.request} ${asker}`,
    ...(button.danger === true ? { style: 'danger' } : {}),
    ...(button.action === 'delete' && messages !== undefined
      ? { confirm: confirmation(button, messages) }
      : {}),
  };
}

function confirmation({ label }: Button, messages: Messages): types.ConfirmationDialog {
  return {
    title: plain(label),
    text: plain(`${label}?`),
    confirm: plain(label),
    deny: plain(messages.picker.close),
    style: 'danger',
  };
}

/** Choices as Slack's lists take them. */
export function optionsOf(choices: readonly Choice[]): types.PlainTextOption[] {
  return choices.slice(0, MOST_CHOICES).map(({ value, label }) => ({ text: plain(label), value }));
}

/** A label. */
export function plain(text: string): types.PlainTextElement {
  return { type: 'plain_text', text: clipped(text, MOST_LABEL), emoji: true };
}
