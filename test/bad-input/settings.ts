import { parseLine } from '../../src/commands/parse.ts';
import { run } from '../../src/commands/run.ts';
import { readConfig } from '../../src/config.ts';
import { invocation, someRegistry, usualSettings } from '../commands/support.ts';
import { type BadInput, refusalIn, refusalOf, type Topic } from './input.ts';

const COMMAND = '/impasto-settings';

/** What a manager, or somebody else, writes behind the command. */
function set(
  typed: string,
  code: string,
  reads: string,
  { input = typed, where = 'manager' }: { input?: string; where?: 'manager' | 'member' | 'alone' } = {},
): BadInput {
  const server = { id: 'studio', settings: usualSettings, manages: where === 'manager' };
  const refused = () =>
    refusalIn((messages) => {
      const call = parseLine(`${COMMAND} ${typed}`, someRegistry, messages);
      return run(call, invocation({ messages, ...(where === 'alone' ? {} : { server }) }));
    });
  return { input, code, reads, refused };
}

const many = (count: number, write: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => write(index)).join(' ');

const NO_CUBISM =
  'I know no style “cubism”. I paint in 🌌 starry-night, 🌊 great-wave and ⬛️ composition. /styles shows them.';
const noChannel = (typed: string): string =>
  `“${typed}” is no channel. Mention the channels, as in #general, or write “all”.`;
const noMap = (typed: string): string =>
  `I cannot read “${typed}”. Write an emoji, = and a style, “off” or “default”, as in 🎨=great-wave.`;
const noLimit = (option: string, typed: string): string =>
  `${option} is a whole number from 1 to 10000, “off” or “default”, and “${typed}” is none of these.`;

const ofServers: Topic = {
  title: 'A server’s settings',
  about: `Behind ${COMMAND}.`,
  inputs: [
    set('', 'managers-only', 'Only those who manage this server may do that.', {
      input: 'anything, by somebody who manages nothing',
      where: 'member',
    }),
    set('', 'server-only', 'This works in a server only, not in private.', {
      input: 'anything, in private',
      where: 'alone',
    }),
    set('channels:general', 'channels-unreadable', noChannel('general')),
    set('channels:', 'channels-unreadable', noChannel('')),
    set('channels:<@42>', 'channels-unreadable', noChannel('<@42>')),
    set('channels:<#1> everywhere', 'channels-unreadable', noChannel('everywhere')),
    set(
      `channels:${many(21, (index) => `<#${index}>`)}`,
      'setting-too-long',
      'channels can hold 20 at most. Please take some out.',
      { input: 'channels: and 21 of them' },
    ),
    set('emoji:🎨', 'emoji-map-unreadable', noMap('🎨')),
    set('emoji:=great-wave', 'emoji-map-unreadable', noMap('=great-wave')),
    set('emoji:A=great-wave', 'emoji-map-unreadable', noMap('A=great-wave')),
    set('emoji:7=great-wave', 'emoji-map-unreadable', noMap('7=great-wave')),
    set('emoji:🎨=cubism', 'style-unknown', NO_CUBISM),
    set('emoji:🎨=x3', 'factor-unknown', 'I cannot enlarge “x3” times; did you mean x4? I can do x8 and x4.'),
    set(
      `emoji:${many(13, (index) => `${String.fromCodePoint(0x1f400 + index)}=off`)}`,
      'setting-too-long',
      'emoji can hold 12 at most. Please take some out.',
      { input: 'emoji: and 13 of them' },
    ),
    set('default_style:cubism', 'style-unknown', NO_CUBISM),
    set('per_person:0', 'limit-unreadable', noLimit('per_person', '0')),
    set('per_person:-5', 'limit-unreadable', noLimit('per_person', '-5')),
    set('per_person:2.5', 'limit-unreadable', noLimit('per_person', '2.5')),
    set('per_server:10001', 'limit-unreadable', noLimit('per_server', '10001')),
    set('per_server:lots', 'limit-unreadable', noLimit('per_server', 'lots')),
    set('enabled:perhaps', 'option-not-boolean', 'enabled is true or false, and “perhaps” is neither.'),
  ],
};

function program(variable: string, value: string, expected: string, shown = value): BadInput {
  return {
    input: `${variable}=${value}`,
    code: 'setting-invalid',
    reads: `${variable} is ${shown}, but should be ${expected}.`,
    refused: () => refusalOf(() => readConfig({ [variable]: value })),
  };
}

const ofTheProgram: Topic = {
  title: 'The program’s settings',
  about: 'Read by whoever runs it, at the start.',
  inEnglishOnly: true,
  inputs: [
    program('WORKERS', '0', 'a whole number from 1 to 256'),
    program('WORKERS', 'many', 'a whole number from 1 to 256'),
    program('WORKERS', '1.5', 'a whole number from 1 to 256'),
    program('JOB_SECONDS', '-1', 'a whole number from 1 to 86400'),
    program('PROVIDER', 'gpu', 'auto, cpu, cuda or webgpu'),
    program('PROVIDER_FALLBACK', 'maybe', 'on or off'),
    program('IMPASTO_SECRET', 'short', '16 characters or more', '(5 characters)'),
    program('PICTURE_MEGABYTES', '1e99', 'a whole number from 1 to 512'),
    program('ARTEFACT_HOURS', 'NaN', 'a whole number from 1 to 8760'),
  ],
};

export const settingTopics: readonly Topic[] = [ofServers, ofTheProgram];
