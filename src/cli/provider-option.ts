import { Option } from 'commander';
import { PROVIDER_CHOICES, type ProviderChoice } from '../inference/providers.ts';

/** `--provider`, as training and evaluation take it. */
export function providerOption(byDefault: ProviderChoice): Option {
  return new Option('--provider <provider>', 'where to compute').choices(PROVIDER_CHOICES).default(byDefault);
}
