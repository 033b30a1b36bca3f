import { animation } from './animation-option.ts';
import type { Command } from './command.ts';
import { findUpscaler } from './find-upscaler.ts';
import { refuse } from './messages/failures.ts';
import { picturesGiven } from './preconditions/pictures-given.ts';
import { requestsFor } from './requests-for.ts';
import { factorLabel, upscalerLabel, usualUpscaler } from './upscaler-info.ts';

/** `/upscale x4`: a small picture becomes a large one. Its request may stand for several pictures. */
export const upscale: Command = {
  name: 'upscale',
  describe: ({ commands }) => commands.upscale.about,
  options: [
    {
      name: 'factor',
      type: 'string',
      required: false,
      describe: ({ commands }) => commands.upscale.factor,
      choices: ({ upscalers }) =>
        upscalers.map((each) => ({ value: factorLabel(each), label: upscalerLabel(each) })),
      read: (typed, registry, messages) => factorLabel(findUpscaler(typed, registry, messages)),
    },
    animation,
  ],
  takesPicture: true,
  audience: 'everyone',
  private: false,
  example: ({ upscalers }) => upscalers.slice(0, 1).map(factorLabel).join(''),
  preconditions: [picturesGiven],
  run: (invocation) => {
    const { options, registry, messages } = invocation;
    const { factor, ...rest } = Object.fromEntries(options);
    const upscaler =
      factor === undefined
        ? usualUpscaler(registry.upscalers)
        : findUpscaler(String(factor), registry, messages);
    if (upscaler === undefined) throw refuse(messages, 'upscaler-unknown');
    return requestsFor(invocation, { network: upscaler.name, options: rest });
  },
};
