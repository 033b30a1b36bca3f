import { type Command, Option } from 'commander';
import type { Config } from '../config.ts';
import { PROVIDER_CHOICES, type Provider, trainingProvider } from '../inference/providers.ts';
import { toCount } from './arguments.ts';

/** Which networks, and where to compute. */
export interface ComputeFlags {
  readonly models: string;
  readonly threads: number;
  /** Never `auto`: what it stands for here. */
  readonly provider: Provider;
}

/** The same as settings, which are the defaults. */
export type ComputeDefaults = Pick<Config, 'models' | 'provider' | 'threads'>;

/** Give a command the flags of `ComputeFlags`. @returns the command */
export function withComputing(command: Command, defaults: ComputeDefaults): Command {
  return command
    .option('--models <folder>', 'the catalogue’s folder', defaults.models)
    .option('--threads <count>', 'threads of onnxruntime', toCount, defaults.threads)
    .addOption(
      new Option('--provider <provider>', 'where to compute')
        .choices(PROVIDER_CHOICES)
        .default(defaults.provider),
    )
    .hook('preAction', async () => {
      const { provider } = command.opts();
      command.setOptionValue('provider', await trainingProvider(provider));
    });
}
