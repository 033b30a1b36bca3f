import type { AnswerMessages } from './topics/answers.ts';
import type { CommandMessages } from './topics/commands.ts';
import type { ControlMessages } from './topics/controls.ts';
import type { FailureMessages } from './topics/failures.ts';
import type { MistakeMessages } from './topics/mistakes.ts';
import type { RequestMessages } from './topics/requests.ts';

/**
 * Every sentence that anybody in a chat may read. A language is one object of this type, so a missing sentence is an
 * error of the compiler. Texts are plain: adapters escape them for their platform, but for a channel's mention, which
 * stands as `<#ID>`.
 */
export interface Messages extends MistakeMessages, RequestMessages, AnswerMessages, ControlMessages {
  readonly commands: CommandMessages;
  /** By the error's code; `sentenceOf` fills them. */
  readonly failures: FailureMessages;
}
