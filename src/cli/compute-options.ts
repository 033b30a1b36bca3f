import { type Command, Option } from 'commander';
import type { Config } from '../config.ts';
import { PROVIDERS, type Provider } from '../inference/providers.ts';
import { toCount } from './arguments.ts';

/** Which networks, and where to compute. */
export interface ComputeFlags {
  readonly models: string;
  readonly threads: number;
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
      new Option('--provider <provider>', 'where to compute').choices(PROVIDERS).default(defaults.provider),
    );
}
