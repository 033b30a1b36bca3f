import { isReaction, parseLine, readReaction } from '../../src/commands/parse.ts';
import { run } from '../../src/commands/run.ts';
import { invocation, someRegistry } from '../commands/support.ts';
import { type BadInput, refusalIn, type Topic } from './input.ts';

/** A typed line that is understood in no way. */
function line(typed: string, code: string, reads: string, input = typed): BadInput {
  return {
    input,
    code,
    reads,
    refused: () => refusalIn((messages) => parseLine(typed, someRegistry, messages)),
  };
}

/** A line that is understood, and refused where it is asked. */
function asked(
  input: string,
  typed: string,
  code: string,
  reads: string,
  change: Parameters<typeof invocation>[0] = {},
): BadInput {
  const refused = () =>
    refusalIn((messages) =>
      run(parseLine(typed, someRegistry, messages), invocation({ messages, ...change })),
    );
  return { input, code, reads, refused };
}

const STYLES = '🌌 starry-night, 🌊 great-wave and ⬛\uFE0F composition';
const NO_EMOJI = `Nothing has that emoji. I know ${STYLES.replace(' and', ',')}, x8 and 🔍 x4.`;
const unknown = (typed: string): string => `I know no command “${typed}”. Write /help to see what I can do.`;
const noStyle = (typed: string): string =>
  `I know no style “${typed}”. I paint in ${STYLES}. /styles shows them.`;
const near = (typed: string, style: string): string =>
  `I know no style “${typed}”; did you mean ${style}? Write /styles to see them all.`;
const noFactor = (typed: string, meant: string): string =>
  `I cannot enlarge “${typed}” times; did you mean ${meant}? I can do x8 and x4.`;
const noPicture = (example: string): string =>
  `I need a picture: attach one (JPEG, PNG, WebP or GIF) and send ${example} with it.`;
const noNumber = (typed: string): string => `strength is a number from 0 to 1, and “${typed}” is none.`;
const beyond = (typed: string): string => `strength goes from 0 to 1, so ${typed} does not work.`;

const commands: Topic = {
  title: 'Commands',
  about: 'As they are typed on any platform.',
  inputs: [
    line('/dance', 'command-unknown', unknown('/dance')),
    line(
      '/stilize starry-night',
      'command-unknown',
      'I know no command “/stilize”; did you mean /stylize? Write /help to see what I can do.',
    ),
    line(
      '/upscal x4',
      'command-unknown',
      'I know no command “/upscal”; did you mean /upscale? Write /help to see what I can do.',
    ),
    line('/', 'command-unknown', unknown('/')),
    line('', 'command-unknown', unknown(''), 'nothing'),
    line(
      '／stylize great-wave',
      'command-unknown',
      'I know no command “／stylize”; did you mean /stylize? Write /help to see what I can do.',
    ),
    line('__proto__', 'command-unknown', unknown('__proto__')),
    line('🎨', 'command-unknown', unknown('🎨')),
    line(
      '/\u202Eezilyts',
      'command-unknown',
      unknown('/\uFFFDezilyts'),
      '/stylize, turned around by a hidden sign',
    ),
    line(
      `/${'a'.repeat(1e4)}`,
      'command-unknown',
      unknown(`/${'a'.repeat(38)}…`),
      'a command of 10,000 letters',
    ),
    line('/impasto paint', 'command-unknown', unknown('paint')),
    line(
      '/styles all',
      'option-too-many',
      'I do not know what to do with “all”. Write it like this: /styles',
    ),
  ],
};

const styles: Topic = {
  title: 'Styles and factors',
  about: 'Near misses are suggested.',
  inputs: [
    line(
      '/stylize',
      'option-missing',
      'Please give the style as well: /stylize <style> [strength:0–1] [keep_colors:true|false] [detail:working|full] [animation:webp|gif]. There is starry-night, great-wave and composition.',
    ),
    line('/stylize stary-nigth', 'style-unknown', near('stary-nigth', 'starry-night')),
    line('/stylize starry', 'style-unknown', near('starry', 'starry-night')),
    line('/stylize cubism', 'style-unknown', noStyle('cubism')),
    line('/stylize 🍕', 'style-unknown', noStyle('🍕')),
    line('/stylize 👩\u200D👩\u200D👧\u200D👦', 'style-unknown', noStyle('👩\u200D👩\u200D👧\u200D👦')),
    line('/stylize ../../etc/passwd', 'style-unknown', noStyle('../../etc/passwd')),
    line('/stylize __proto__', 'style-unknown', noStyle('__proto__')),
    line('/stylize style:', 'style-unknown', noStyle('')),
    line('/stylize great-wave starry-night', 'style-unknown', noStyle('great-wave starry-night')),
    line('/upscale x3', 'factor-unknown', noFactor('x3', 'x4')),
    line('/upscale x1000000', 'factor-unknown', noFactor('x1000000', 'x8')),
    line('/upscale -4', 'factor-unknown', noFactor('-4', 'x4')),
    line('/upscale big', 'factor-unknown', 'I cannot enlarge “big” times. I can do x8 and x4.'),
  ],
};

const options: Topic = {
  title: 'Options',
  about: '`0.5`, `.5`, `0,5` and `50 %` are all one half.',
  inputs: [
    line(
      '/stylize great-wave strenght:1',
      'option-unknown',
      '/stylize has no option “strenght”; did you mean strength?',
    ),
    line(
      '/stylize great-wave size:1',
      'option-unknown',
      '/stylize has no option “size”. It takes style, strength, keep_colors, detail and animation.',
    ),
    line('/help me:now', 'option-unknown', '/help has no option “me”. It takes command.'),
    line('/stylize great-wave strength:much', 'option-not-number', noNumber('much')),
    line('/stylize great-wave strength:', 'option-not-number', noNumber('')),
    line('/stylize great-wave strength:NaN', 'option-not-number', noNumber('NaN')),
    line('/stylize great-wave strength:1e999', 'option-not-number', noNumber('1e999')),
    line('/stylize great-wave strength:0x1', 'option-not-number', noNumber('0x1')),
    line('/stylize great-wave strength:１', 'option-not-number', noNumber('１')),
    line('/stylize great-wave strength:1.2', 'option-out-of-range', beyond('1.2')),
    line('/stylize great-wave strength:-1', 'option-out-of-range', beyond('-1')),
    line('/stylize great-wave strength:150%', 'option-out-of-range', beyond('150%')),
    line(
      `/stylize great-wave strength:${'9'.repeat(400)}`,
      'option-out-of-range',
      beyond(`${'9'.repeat(39)}…`),
      '/stylize great-wave strength: and 400 nines',
    ),
    line(
      '/stylize great-wave keep_colors:maybe',
      'option-not-boolean',
      'keep_colors is true or false, and “maybe” is neither.',
    ),
    line(
      '/stylize great-wave strength:1 strength:0',
      'option-twice',
      'You gave strength twice. Please give it once.',
    ),
    line(
      '/stylize great-wave style:starry-night',
      'option-twice',
      'You gave style twice. Please give it once.',
    ),
    line(
      '/stylize great-wave detail:ful',
      'choice-unknown',
      '“ful” is nothing that detail can be; did you mean full? It can be working and full.',
    ),
    line(
      '/stylize great-wave detail:everything',
      'choice-unknown',
      '“everything” is nothing that detail can be: working and full.',
    ),
    line(
      '/stylize great-wave animation:mp4',
      'choice-unknown',
      '“mp4” is nothing that animation can be: webp and gif.',
    ),
  ],
};

const picture = (name: string): { source: { picture: string }; target: string } => ({
  source: { picture: name },
  target: `m1/${name}`,
});

const pictures: Topic = {
  title: 'Pictures that come with a command',
  about: 'One to four.',
  inputs: [
    asked(
      '/stylize great-wave without any picture',
      '/stylize great-wave',
      'picture-missing',
      noPicture('/stylize starry-night'),
      {
        pictures: [],
      },
    ),
    asked('/upscale x4 without any picture', '/upscale x4', 'picture-missing', noPicture('/upscale x8'), {
      pictures: [],
    }),
    asked(
      '/stylize great-wave with five pictures',
      '/stylize great-wave',
      'pictures-too-many',
      'I take at most 4 pictures at once. Please send fewer.',
      { pictures: ['a', 'b', 'c', 'd', 'e'].map(picture) },
    ),
  ],
};

/** An emoji that is asked for by hand; on a picture, what means nothing is passed over in silence. */
function emoji(sign: string, input = sign): BadInput {
  const refused = () =>
    refusalIn((messages) => {
      if (isReaction(sign, someRegistry)) throw new Error(`${sign} is a reaction`);
      return readReaction(sign, someRegistry, messages);
    });
  return { input, code: 'emoji-unknown', reads: NO_EMOJI, refused };
}

const emojis: Topic = {
  title: 'Emoji',
  about:
    'On a picture, one that stands for nothing is passed over in silence; this is said where it was asked for.',
  inputs: [
    emoji('🍕'),
    emoji('', 'no emoji'),
    emoji('\u200D', 'a joiner that joins nothing'),
    emoji('\uFE0F', 'a selector that selects nothing'),
    emoji('🏽', 'a skin tone on nobody'),
    emoji('🇹🇼'),
    emoji('👩\u200D👩\u200D👧\u200D👦'),
    emoji('starry-night'),
    emoji('<:great_wave:123>'),
    emoji('🌌🌊'),
  ],
};

export const commandTopics: readonly Topic[] = [commands, styles, options, pictures, emojis];
