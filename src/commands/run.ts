import type { Answer, Invocation } from './command.ts';
import type { Call } from './parse.ts';

/**
 * Carry a call out: its preconditions in order, then the command itself.
 * @throws UserError from either, with a sentence for the person
 */
export async function run(call: Call, invocation: Omit<Invocation, 'command' | 'options'>): Promise<Answer> {
  const whole: Invocation = { ...invocation, command: call.command, options: call.options };
  for (const precondition of call.command.preconditions) precondition(whole);
  return call.command.run(whole);
}
