import type { Choice, Command, StringOption } from './command.ts';
import { help } from './help.ts';
import { impastoForget } from './impasto-forget.ts';
import { impastoSettings } from './impasto-settings.ts';
import { nearest } from './near.ts';
import { queue } from './queue.ts';
import type { StyleInfo } from './style-info.ts';
import { styles } from './styles.ts';
import { stylize } from './stylize.ts';
import { upscale } from './upscale.ts';
import { type UpscalerInfo, usualUpscaler } from './upscaler-info.ts';

/** All that can be asked for: every platform's commands, help and autocomplete are made from it. */
export interface Registry {
  readonly commands: readonly Command[];
  readonly styles: readonly StyleInfo[];
  readonly upscalers: readonly UpscalerInfo[];
  /** How a person writes a command here: `/queue`, or `/impasto queue`. */
  readonly write: (command: Command) => string;
  /** How long pictures are kept, for telling people; undefined where it is not known. */
  readonly keepSeconds: number | undefined;
  /** Pixels of the largest picture that enlarging makes; undefined where it is not known. */
  readonly upscalePixels: number | undefined;
}

/** How a platform differs from the others. */
export interface RegistryOptions {
  /** True where a command's name is taken for everyone: all that have a `subcommand` stand below `/impasto`. */
  readonly grouped?: boolean;
  /** False where there are no servers to have settings; true where left out. */
  readonly servers?: boolean;
  readonly keepSeconds?: number;
  readonly upscaleMegapixels?: number;
}

/** What asks for a larger picture where the catalogue names no emoji for it. */
const MAGNIFIER = '🔍';

/**
 * @param catalogue the networks that can be served just now, in the order of listing; without upscalers there is no
 *   command for them
 */
export function createRegistry(
  catalogue: { readonly styles: readonly StyleInfo[]; readonly upscalers: readonly UpscalerInfo[] },
  { grouped = false, servers = true, keepSeconds, upscaleMegapixels }: RegistryOptions = {},
): Registry {
  const upscalers = withMagnifier(oneEach(catalogue.upscalers));
  return {
    commands: [
      stylize,
      ...(upscalers.length > 0 ? [upscale] : []),
      styles,
      queue,
      help,
      ...(servers ? [impastoSettings] : []),
      impastoForget,
    ],
    styles: catalogue.styles,
    upscalers,
    write: ({ name, subcommand }) =>
      grouped && subcommand !== undefined ? `/impasto ${subcommand}` : `/${name}`,
    keepSeconds,
    upscalePixels: upscaleMegapixels === undefined ? undefined : upscaleMegapixels * 1e6,
  };
}

/** One for each factor: of several, one that has an emoji; others are there to be compared with. */
function oneEach(upscalers: readonly UpscalerInfo[]): readonly UpscalerInfo[] {
  return upscalers.filter((each) => {
    const equals = upscalers.filter(({ factor }) => factor === each.factor);
    return each === (equals.find(({ emoji }) => emoji !== undefined) ?? equals[0]);
  });
}

function withMagnifier(upscalers: readonly UpscalerInfo[]): readonly UpscalerInfo[] {
  if (upscalers.some(({ emoji }) => emoji !== undefined)) return upscalers;
  const usual = usualUpscaler(upscalers);
  return upscalers.map((each) => (each === usual ? { ...each, emoji: MAGNIFIER } : each));
}

/**
 * What autocomplete offers for what is typed so far: those that begin so, those that contain it, then a near
 * miss; all of them for nothing typed.
 * @param most Discord shows at most 25
 */
export function complete(
  option: StringOption,
  typed: string,
  registry: Registry,
  most = 25,
): readonly Choice[] {
  const choices = option.choices(registry);
  const word = typed.trim().toLowerCase();
  if (word === '') return choices.slice(0, most);
  const begins = choices.filter(({ value }) => value.startsWith(word));
  const contains = choices.filter(
    ({ value, label }) => !value.startsWith(word) && label.toLowerCase().includes(word),
  );
  if (begins.length + contains.length > 0) return [...begins, ...contains].slice(0, most);
  const near = nearest(
    word,
    choices.map(({ value }) => value),
  );
  return choices.filter(({ value }) => value === near);
}
