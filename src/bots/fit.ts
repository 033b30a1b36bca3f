import { UserError } from '../errors.ts';
import type { Fitted } from '../images/fit.ts';
import type { RecodeFormat } from '../images/recode.ts';
import type { Owner } from '../queue/contract.ts';
import type { ArtefactInfo } from '../queue/request.ts';
import type { Links } from './links.ts';

/** Makes a picture of ours smaller in bytes, in a child process; undefined where it can't be made to fit. */
export type Recode = (
  bytes: Uint8Array,
  limit: number,
  formats: readonly RecodeFormat[],
) => Promise<Fitted | undefined>;

/** What a result has lost so that it fits: some of its quality, most of its colours, or what was transparent in it. */
export type Loss = 'quality' | 'colors' | 'transparency';

/** True for the name of a loss. */
export function isLoss(word: string | undefined): word is Loss {
  return word === 'quality' || word === 'colors' || word === 'transparency';
}

/** How a result gets to people. */
export type Fit =
  | {
      readonly kind: 'file';
      readonly bytes: Buffer;
      readonly contentType: string;
      /** What it has lost; undefined where people need not be told. */
      readonly recoded?: Loss;
    }
  | { readonly kind: 'link'; readonly url: string; readonly until: number };

/** A result, and what its place takes. */
export interface FitOptions {
  readonly bytes: Buffer;
  readonly info: ArtefactInfo;
  /** Bytes that the place takes at most. */
  readonly limit: number;
  /** Content types that the place shows. */
  readonly takes: readonly string[];
  readonly recode: Recode;
  /** Whose it is. */
  readonly owner: Owner;
  /** Left out where this program serves no links. */
  readonly links?: Pick<Links, 'make'> | undefined;
}

/**
 * A result as the place takes it: as it is, else in the best quality that fits, else as a link, and where there are none
 * without what is transparent in it.
 * @throws UserError `result-too-large`, with both sizes
 */
export async function fitPicture(options: FitOptions): Promise<Fit> {
  const { bytes, info, limit, takes, recode, owner, links } = options;
  if (bytes.length <= limit && takes.includes(info.contentType)) {
    return { kind: 'file', bytes, contentType: info.contentType };
  }
  const formats = (['jpeg', 'webp', 'gif', 'png'] as const).filter((format) =>
    takes.includes(`image/${format}`),
  );
  const fitted = await recode(bytes, limit, formats);
  if (fitted !== undefined) {
    const loss = fitted.contentType === 'image/png' ? 'colors' : 'quality';
    return fileOf(fitted, bytes.length > limit ? loss : undefined);
  }
  if (links !== undefined) return { kind: 'link', ...links.make(info.hash, owner) };
  const flat = takes.includes('image/jpeg') ? await recode(bytes, limit, ['flat-jpeg']) : undefined;
  if (flat !== undefined) return fileOf(flat, 'transparency');
  const megabytes = (size: number): string => (size / 1024 ** 2).toFixed(1);
  throw new UserError(
    'result-too-large',
    `The result takes ${megabytes(bytes.length)} MB, more than can be posted here (${megabytes(limit)} MB). Try a smaller picture.`,
    { data: { bytes: bytes.length, limit } },
  );
}

function fileOf({ bytes, contentType }: Fitted, recoded: Loss | undefined): Fit {
  // From another process bytes come as a plain Uint8Array.
  return {
    kind: 'file',
    bytes: Buffer.from(bytes),
    contentType,
    ...(recoded === undefined ? {} : { recoded }),
  };
}

/** A content type as people write it: `JPEG`, `WebP`. */
export function formatName(contentType: string): string {
  const [, format = contentType] = contentType.split('/');
  return format === 'webp' ? 'WebP' : format.toUpperCase();
}
