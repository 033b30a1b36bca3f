import type { AnswerMessages } from '../topics/answers.ts';
import { count, list } from './list.ts';

export const answers: AnswerMessages = {
  helpHead: 'I turn photos into paintings, and small pictures into large ones. This is what you can write:',
  helpReaction: ({ emojis }) => `Or put an emoji on any picture to restyle it: ${emojis.join(' ')}`,
  helpPictures: {
    discord: [
      'Give me a picture in any of these ways:',
      '• Attach it to the command, or name a person for their avatar.',
      '• Right-click (or hold) a message that has one: Apps → Stylize… or Upscale.',
      '• Put an emoji on it.',
      '• Or give none: I take your latest picture here, else anyone’s.',
    ],
    slack: [
      'Give me a picture in any of these ways:',
      '• Mention me in a message that has one, in threads too: @impasto stylize starry-night',
      '• Use a message’s menu: Stylize… or Upscale.',
      '• Put an emoji on it.',
      '• Write the command alone: I take the latest picture here, or ask you for one.',
    ],
    playground: [
      'Attach a picture to the command, put an emoji on one, or give none: I take the latest in this thread.',
    ],
  },
  helpPrivacy: ({ hours, forget }) =>
    `Pictures stay with me for ${hours === undefined ? 'a limited time' : count(hours, 'hour')}, are used for your request alone, and no network learns from them.\n${forget} deletes yours now.`,
  stylesHead: ({ count: styles }) =>
    styles === 1 ? 'I paint in one style:' : `I paint in ${styles} styles:`,
  stylesNone: 'I have no styles yet. Whoever runs me has to add some first.',
  provisional: 'still being trained',

  queueHead: ({ waiting, running }) =>
    `${count(waiting, 'picture')} in line, ${running} being worked on just now.`,
  queueEmpty: 'The line is empty.',
  queueMine: 'Yours:',
  queueNoneMine: 'Nothing of it is yours.',
  queueMore: ({ more }) => `And ${more} more of yours.`,

  forgot: ({ pictures, requests }) =>
    `Deleted: ${count(pictures, 'picture')} and ${count(requests, 'request')} of yours. ` +
    'What I have posted in channels stays there until you delete it, with the button below it.',
  forgotNothing:
    'I have nothing of yours. What I have posted in channels stays there until you delete it, with the button below it.',

  settingsHead: 'How I behave in this server:',
  settingsChanged: 'Changed:',
  settingsAsBefore: 'Everything was so already.',
  settingsDamaged:
    'What was set here can no longer be read, so I paint nothing. Set anything, and I go by that.',
  settingsReplaced: 'What was set before could not be read. From now on I behave like this:',
  settingsHow: ({ example }) => `To change one: ${example}`,
  setting: {
    enabled: ({ on }) => `enabled: ${on ? 'on' : 'off'}`,
    channels: ({ channels }) => `channels: ${channels.length === 0 ? 'all' : channels.join(' ')}`,
    defaultStyle: ({ style }) => `default_style: ${style ?? 'none'}`,
    emojis: ({ pairs }) => `emoji: ${pairs.length === 0 ? 'the usual ones' : list(pairs)}`,
    emojiOff: 'does nothing',
    perPerson: ({ most }) => `per_person: ${limit(most)}`,
    perServer: ({ most }) => `per_server: ${limit(most)}`,
    threads: ({ on }) => `threads: ${on ? 'on' : 'off'}`,
  },
};

function limit(most: number | undefined): string {
  if (most === undefined) return 'default';
  return most === 0 ? 'off, only the program’s own limit' : `${count(most, 'picture')} an hour`;
}
