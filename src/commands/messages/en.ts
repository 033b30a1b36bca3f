import { answers } from './en/answers.ts';
import { commands } from './en/commands.ts';
import { controls } from './en/controls.ts';
import { failures } from './en/failures.ts';
import { mistakes } from './en/mistakes.ts';
import { requests } from './en/requests.ts';
import type { Messages } from './messages.ts';

/** English. */
export const en: Messages = { ...mistakes, ...requests, ...answers, ...controls, commands, failures };
