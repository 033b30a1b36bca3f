import type { Messages } from './messages.ts';
import { answers } from './zh-hant/answers.ts';
import { commands } from './zh-hant/commands.ts';
import { controls } from './zh-hant/controls.ts';
import { failures } from './zh-hant/failures.ts';
import { mistakes } from './zh-hant/mistakes.ts';
import { requests } from './zh-hant/requests.ts';

/** Traditional Chinese, as it is written in Taiwan. */
export const zhHant: Messages = { ...mistakes, ...requests, ...answers, ...controls, commands, failures };
