import { UserError } from '../errors.ts';
import type { Command, Invocation, StringOption } from './command.ts';
import type { Messages } from './messages/messages.ts';
import { nearest } from './near.ts';
import { shown } from './options.ts';
import { picturesGiven } from './preconditions/pictures-given.ts';
import type { Registry } from './registry.ts';
import { createRequest } from './request.ts';
import { styleLabel, styleOfEmoji } from './style-info.ts';

const style: StringOption = {
  name: 'style',
  type: 'string',
  required: true,
  describe: (messages) => messages.stylize.style,
  choices: ({ styles }) =>
    styles.map((each) => ({
      value: each.name,
      label: `${styleLabel(each)}: ${each.artwork.title}, ${each.artwork.artist}`,
    })),
  read: readStyle,
};

/** `/stylize starry-night`: a photo becomes a painting; one request for each picture. */
export const stylize: Command = {
  name: 'stylize',
  describe: (messages) => messages.stylize.about,
  options: [
    style,
    {
      name: 'strength',
      type: 'number',
      required: false,
      min: 0,
      max: 1,
      default: 1,
      describe: (messages) => messages.stylize.strength,
    },
    {
      name: 'keep_colors',
      type: 'boolean',
      required: false,
      default: false,
      describe: (messages) => messages.stylize.keepColors,
    },
  ],
  takesPicture: true,
  example: (styles) => `/stylize ${styles[0]?.name ?? '<style>'}`,
  preconditions: [picturesGiven],
  run: (invocation) => ({ kind: 'requests', requests: requestsOf(invocation) }),
};

function requestsOf(invocation: Invocation): ReturnType<typeof createRequest>[] {
  const { platform, eventKey, trigger, person, pictures, now } = invocation;
  const { style: network, ...options } = Object.fromEntries(invocation.options);
  return pictures.map((picture, index) =>
    createRequest({
      platform,
      command: stylize.name,
      trigger,
      person,
      eventKey: pictures.length === 1 ? eventKey : `${eventKey}.${index}`,
      picture,
      task: { network: String(network), options },
      now,
    }),
  );
}

/** By name, however it is written (`Starry Night`), or by emoji. Throws UserError `style-unknown`. */
function readStyle(typed: string, { styles }: Registry, messages: Messages): string {
  const name = typed
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  const found = styles.find((each) => each.name === name) ?? styleOfEmoji(typed, styles);
  if (found !== undefined) return found.name;
  const near = nearest(
    name,
    styles.map((each) => each.name),
  );
  const about = { typed: shown(typed), ...(near === undefined ? {} : { near }) };
  throw new UserError('style-unknown', messages.styleUnknown({ ...about, styles: styles.map(styleLabel) }), {
    data: about,
  });
}
