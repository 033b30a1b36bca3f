import type { AnswerMessages } from './answers.ts';
import type { CommandMessages } from './commands.ts';
import type { FailureCode, FailureMessages } from './failures.ts';

/** What is said of a server, for a platform whose people call theirs a workspace. */
export interface WorkspaceMessages extends Pick<AnswerMessages, 'settingsHead'> {
  readonly settings: Pick<CommandMessages['settings'], 'about' | 'enabled' | 'perServer'>;
  readonly failures: Pick<FailureMessages, WorkspaceFailure>;
}

type WorkspaceFailure = Extract<
  FailureCode,
  | 'limit-server'
  | 'channel-not-allowed'
  | 'server-off'
  | 'server-only'
  | 'server-settings-damaged'
  | 'managers-only'
  | 'delete-not-yours'
>;
