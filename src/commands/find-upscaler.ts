import { UserError } from '../errors.ts';
import type { Messages } from './messages/messages.ts';
import { shown } from './options.ts';
import type { Registry } from './registry.ts';
import { factorLabel, type UpscalerInfo } from './upscaler-info.ts';

/**
 * The upscaler that a person names by its factor: `x4`, `4x`, `4`, `×4`, `4 times`.
 * @throws UserError `factor-unknown`, with the nearest one where there is one
 */
export function findUpscaler(
  typed: string,
  { upscalers }: Pick<Registry, 'upscalers'>,
  messages: Messages,
): UpscalerInfo {
  const factor = factorOf(typed);
  const found = upscalers.find((each) => each.factor === factor);
  if (found !== undefined) return found;
  const factors = upscalers.map(factorLabel);
  const near = nearestFactor(typed, upscalers);
  const about = { typed: shown(typed), ...(near === undefined ? {} : { near }) };
  throw new UserError('factor-unknown', messages.factorUnknown({ ...about, factors }), { data: about });
}

function factorOf(typed: string): number | undefined {
  const word = typed
    .trim()
    .toLowerCase()
    .replace(/\s*(times|倍)$/, '');
  const [, digits] = /^(?:[x×*]\s*)?(\d{1,4})\s*[x×*]?$/.exec(word) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** The one nearest to the first number in what was typed. */
function nearestFactor(typed: string, upscalers: readonly UpscalerInfo[]): string | undefined {
  const digits = /\d{1,6}/.exec(typed)?.[0];
  if (digits === undefined) return undefined;
  const factor = Number(digits);
  const away = (each: UpscalerInfo): number => Math.abs(Math.log2(each.factor / Math.max(factor, 1)));
  const [best] = [...upscalers].sort((a, b) => away(a) - away(b));
  return best === undefined ? undefined : factorLabel(best);
}
