import { z } from 'zod';

/** `catalogue.json` as a whole. */
export interface CatalogueFile {
  readonly version: 1;
  readonly networks: readonly CatalogueEntry[];
}

/** One network that can be served. Paths are below the catalogue's folder, with forward slashes. */
export interface CatalogueEntry {
  /** What a person types after the command: lower-case words joined by hyphens. */
  readonly name: string;
  readonly kind: 'style';
  /** The published network. */
  readonly file: string;
  /** SHA-256 of the published network's bytes, hexadecimal. */
  readonly sha256: string;
  /** The reaction that asks for this style. */
  readonly emoji: string;
  /** True until the network passes the bar that finished ones pass. */
  readonly provisional?: boolean | undefined;
  readonly artwork: Artwork;
  readonly preview: string;
  readonly card: string;
  /** How the network was trained, in the trainer's own terms. */
  readonly recipe: Readonly<Record<string, unknown>>;
  /** What it scored in evaluation. */
  readonly scores: Readonly<Record<string, unknown>>;
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

const entry = z.strictObject({
  name: z.string().regex(NETWORK_NAME, 'expected lower-case words joined by hyphens'),
  kind: z.enum(['style']),
  file: below,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
  emoji: z.string().min(1).max(16),
  provisional: z.boolean().optional(),
  artwork: z.strictObject({
    title: z.string().min(1),
    artist: z.string().min(1),
    year: z.int(),
    credit: z.string().min(1),
  }),
  preview: below,
  card: below,
  recipe: open,
  scores: open,
});

/** The shape of `catalogue.json`. Names and emojis stand for one network each. */
export const catalogueSchema: z.ZodType<CatalogueFile> = z.strictObject({
  version: z.literal(1),
  networks: z.array(entry).superRefine((networks, context) => {
    const seen = new Set<string>();
    networks.forEach(({ name, emoji }, index) => {
      // Emojis come with and without the selector that asks for the coloured form.
      for (const [field, value] of Object.entries({ name, emoji: emoji.replaceAll('\uFE0F', '') })) {
        const key = `${field} ${value}`;
        if (seen.has(key)) {
          context.addIssue({ code: 'custom', path: [index, field], message: `the ${key} stands twice` });
        }
        seen.add(key);
      }
    });
  }),
});
