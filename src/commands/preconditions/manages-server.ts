import type { Precondition } from '../command.ts';
import { refuse } from '../messages/failures.ts';

/** It is asked in a server, by somebody who manages it. Throws UserError `server-only`, `managers-only`. */
export const managesServer: Precondition = ({ server, messages }) => {
  if (server === undefined) throw refuse(messages, 'server-only');
  if (!server.manages) throw refuse(messages, 'managers-only');
};
