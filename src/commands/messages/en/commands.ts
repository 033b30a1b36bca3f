import type { CommandMessages } from '../topics/commands.ts';

export const commands: CommandMessages = {
  stylize: {
    about: 'Turn a photo into a painting',
    style: 'The look of the painting',
    strength: 'How much of a painting it becomes: 0 leaves the photo as it is, 1 is all paint',
    keepColors: "Keep the photo's colors and take only the strokes",
    detail: 'Of a large photo: working has strokes in proportion, full paints every pixel',
  },
  animation: 'In what format an animation comes back: webp, or gif',
  upscale: { about: 'Make a picture larger and sharper', factor: 'How many times larger, such as x4' },
  styles: { about: 'See all styles' },
  queue: { about: 'See what is in line, and cancel what is yours' },
  help: { about: 'See what I can do', command: 'The command to explain' },
  settings: {
    about: 'See and change how I behave in this server',
    enabled: 'Whether I work in this server',
    channels: 'Channels I work in, by their mentions; “all” for every one',
    defaultStyle: 'The style that is taken where none is given; “none” for no such style',
    emoji: 'What an emoji does: 🎨=great-wave, 🎨=off or 🎨=default',
    perPerson: 'Pictures per person and hour: a number, “off” for none of its own, or “default”',
    perServer: 'Pictures per hour for the whole server: a number, “off” for none of its own, or “default”',
    threads: 'Whether an emoji is answered in a thread made on the message',
  },
  forget: { about: 'Delete your pictures and requests now' },
  platformOptions: {
    picture: 'The picture; without one, I take the latest here',
    avatarOf: 'A person whose avatar is taken',
  },
};
