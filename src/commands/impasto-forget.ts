import type { Command } from './command.ts';
import { textReply } from './reply.ts';

/** `/impasto-forget`: everything that is kept of the person goes at once; others' equal pictures stay theirs. */
export const impastoForget: Command = {
  name: 'impasto-forget',
  subcommand: 'forget',
  describe: ({ commands }) => commands.forget.about,
  options: [],
  takesPicture: false,
  audience: 'everyone',
  private: true,
  example: () => '',
  preconditions: [],
  run: async ({ platform, person, messages, services }) => {
    const gone = await services.people.forget(platform, person.id);
    const nothing = gone.pictures + gone.requests === 0;
    return {
      kind: 'reply',
      reply: textReply(nothing ? messages.forgotNothing : messages.forgot(gone)),
    };
  },
};
