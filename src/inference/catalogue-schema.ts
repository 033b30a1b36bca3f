import { z } from 'zod';

/** `catalogue.json` as a whole. */
export interface CatalogueFile {
  readonly version: 1;
  readonly networks: readonly CatalogueEntry[];
}

/** One network that can be served. */
export type CatalogueEntry = StyleEntry | UpscaleEntry;

/** What is said of every network. Paths are below the catalogue's folder, with forward slashes. */
export interface NetworkEntry {
  /** What a person types after the command: lower-case words joined by hyphens. */
  readonly name: string;
  /** The published network. */
  readonly file: string;
  /** SHA-256 of the published network's bytes, hexadecimal. */
  readonly sha256: string;
  /** True until the network passes the bar that finished ones pass. */
  readonly provisional?: boolean | undefined;
  readonly preview: string;
  readonly card: string;
  /** How the network was trained, in the trainer's own terms. */
  readonly recipe: Readonly<Record<string, unknown>>;
  /** What it scored in evaluation. */
  readonly scores: Readonly<Record<string, unknown>>;
}

/** A network that paints like an artwork. */
export interface StyleEntry extends NetworkEntry {
  readonly kind: 'style';
  /** The reaction that asks for this style. */
  readonly emoji: string;
  readonly artwork: Artwork;
}

/** A network that makes pictures larger. */
export interface UpscaleEntry extends NetworkEntry {
  readonly kind: 'upscale';
  /** How many times longer each side becomes. */
  readonly factor: number;
  /** The reaction that asks for it; networks that are there for comparison have none. */
  readonly emoji?: string | undefined;
}

/** The work of art that a style is learnt from, and on what terms it may be used. */
export interface Artwork {
  readonly title: string;
  readonly artist: string;
  readonly year: number;
  readonly credit: string;
}

/** What names a network: lower-case words joined by hyphens. */
export const NETWORK_NAME: RegExp = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Nothing absolute, nothing that climbs out. */
const below = z
  .string()
  .regex(/^(?!.*(^|\/)\.{1,2}(\/|$))[\w.-]+(\/[\w.-]+)*$/, 'expected a path below the catalogue’s folder');

const open = z.record(z.string(), z.json());

const name = z.string().regex(NETWORK_NAME, 'expected lower-case words joined by hyphens');
const published = {
  file: below,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
};
const emoji = z.string().min(1).max(16);
const provisional = z.boolean().optional();
const rest = { preview: below, card: below, recipe: open, scores: open };

const style = z.strictObject({
  name,
  kind: z.literal('style'),
  ...published,
  emoji,
  provisional,
  artwork: z.strictObject({
    title: z.string().min(1),
    artist: z.string().min(1),
    year: z.int(),
    credit: z.string().min(1),
  }),
  ...rest,
});

const upscale = z.strictObject({
  name,
  kind: z.literal('upscale'),
  factor: z.int().min(2).max(16),
  ...published,
  emoji: emoji.optional(),
  provisional,
  ...rest,
});

const entry = z.discriminatedUnion('kind', [style, upscale]);

/** The shape of `catalogue.json`. Names and emojis stand for one network each. */
export const catalogueSchema: z.ZodType<CatalogueFile> = z.strictObject({
  version: z.literal(1),
  networks: z.array(entry).superRefine((networks, context) => {
    const seen = new Set<string>();
    networks.forEach(({ name, emoji }, index) => {
      // Emojis come with and without the selector that asks for the coloured form.
      const own = { name, ...(emoji === undefined ? {} : { emoji: emoji.replaceAll('\uFE0F', '') }) };
      for (const [field, value] of Object.entries(own)) {
        const key = `${field} ${value}`;
        if (seen.has(key)) {
          context.addIssue({ code: 'custom', path: [index, field], message: `the ${key} stands twice` });
        }
        seen.add(key);
      }
    });
  }),
});
