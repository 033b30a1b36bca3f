import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode, UserError } from '../errors.ts';
import { readNetwork } from '../graph/network-file.ts';
import type { WeightValues } from '../graph/networks/weights.ts';
import type { Picture } from '../images/picture.ts';
import { centreCrop, resizeShortSide } from '../images/resample.ts';
import { findStyle, loadCatalogue, type Nearest, readPublished } from '../inference/catalogue.ts';
import type { StyleEntry } from '../inference/catalogue-schema.ts';
import type { LossNetworkWeights } from '../training/features.ts';
import { loadLossNetwork } from '../training/loss-network/load.ts';
import { foldPreprocessing, type Preprocessing } from '../training/loss-network/preprocessing.ts';
import { notedPreprocessing } from '../training/network-metadata.ts';
import { decodeOwn, readOwn } from '../training/own-file.ts';
import { openPhotos } from '../training/photos/source.ts';
import { type StyleRecipe, trainedRecipe } from '../training/recipe.ts';

/** Where a style and what it was trained with are. */
export interface StyleSources {
  readonly models: string;
  readonly artwork?: string | undefined;
  readonly lossNetwork?: string | undefined;
  /** Holds `artworks` and `loss-network`; without it both have to be given. */
  readonly data: string | undefined;
}

/** A style of the catalogue. */
export interface ListedStyle {
  readonly entry: StyleEntry;
  readonly weights: ReadonlyMap<string, WeightValues>;
  readonly recipe: StyleRecipe;
}

/** @throws UserError `style-unknown`; ImpastoError where catalogue, network or recipe don't read */
export async function readStyle(models: string, style: string, nearest?: Nearest): Promise<ListedStyle> {
  const catalogue = await loadCatalogue(models);
  const entry = findStyle(catalogue, style, nearest);
  const { weights } = readNetwork(await readPublished(catalogue, entry));
  return { entry, weights, recipe: trainedRecipe(entry.recipe, style) };
}

/** What a style was trained with, and what both are known by. */
export interface TrainedWith {
  readonly artwork: Picture;
  readonly lossNetwork: LossNetworkWeights;
  readonly preprocessing: Preprocessing;
  /** SHA-256 of the artwork's file, and what the loss network's weights are known by. */
  readonly hashes: { readonly artwork: string; readonly lossNetwork: string };
}

/**
 * The artwork and the loss network of a style, as given or below the data folder.
 * @throws UserError `data-unset`, `evaluation-mismatch`, and where a file doesn't read
 */
export async function readTrainedWith(entry: StyleEntry, sources: StyleSources): Promise<TrainedWith> {
  const file = sources.artwork ?? (await artworkOf(entry, sources.data));
  const lossNetworkPath = sources.lossNetwork ?? below(sources.data, 'loss-network');
  const preprocessing = notedPreprocessing(entry.recipe);
  const published = await loadLossNetwork(lossNetworkPath, { preprocessing });
  const bytes = await readOwn(file, 'artwork');
  const hashes = { artwork: sha256(bytes), lossNetwork: published.hash };
  for (const [what, hash] of Object.entries(hashes)) {
    if (!String(entry.recipe[what]).endsWith(hash)) {
      throw new UserError(
        'evaluation-mismatch',
        `${entry.name} was trained with another ${what} than the one given.`,
      );
    }
  }
  return {
    artwork: await decodeOwn(bytes, file, 'artwork'),
    lossNetwork: foldPreprocessing(published),
    preprocessing: published.preprocessing,
    hashes,
  };
}

/** `artworks/STYLE.jpg`; where there is none, whichever artwork the style was trained with: widths share theirs. */
async function artworkOf({ name, recipe }: StyleEntry, data: string | undefined): Promise<string> {
  const folder = below(data, 'artworks');
  const named = join(folder, `${name}.jpg`);
  const files = await readdir(folder).catch((cause: unknown): string[] => {
    if (systemCode(cause) === undefined) throw cause;
    return [];
  });
  if (files.includes(`${name}.jpg`)) return named;
  for (const file of files) {
    const path = join(folder, file);
    if (String(recipe.artwork).endsWith(sha256(await readOwn(path, 'artwork')))) return path;
  }
  return named;
}

/**
 * A loss network by which pictures are judged, as given or below the data folder.
 * @throws ImpastoError where neither is given, or it doesn't read
 */
export async function readJudge(
  file: string | undefined,
  data: string | undefined,
): Promise<LossNetworkWeights> {
  const path = file ?? (data === undefined ? undefined : join(data, 'loss-network'));
  return foldPreprocessing(await loadLossNetwork(path));
}

/** A path below the data folder. @throws UserError `data-unset` */
function below(data: string | undefined, ...parts: readonly string[]): string {
  if (data !== undefined) return join(data, ...parts);
  throw new UserError(
    'data-unset',
    'Give --artwork and --loss-network, or set IMPASTO_DATA to a folder that holds artworks/STYLE.jpg and loss-network.',
  );
}

/**
 * The squares on which styles are compared: short side resized, the centre of it.
 * @param limit takes so many, spread evenly over the folder
 */
export async function readSquares(
  folder: string,
  side: number,
  limit: number = Number.POSITIVE_INFINITY,
): Promise<{ name: string; picture: Picture }[]> {
  const { files } = await openPhotos(folder);
  const count = Math.min(limit, files.length);
  const squares: { name: string; picture: Picture }[] = [];
  for (let index = 0; index < count; index++) {
    const name = files[Math.floor((index * files.length) / count)] ?? '';
    const path = join(folder, name);
    const picture = await decodeOwn(await readOwn(path, 'photo'), path, 'photo');
    squares.push({ name, picture: await square(picture, side) });
  }
  return squares;
}

/** The centre of a picture whose short side is made `side` pixels long. */
export async function square(picture: Picture, side: number): Promise<Picture> {
  return centreCrop(await resizeShortSide(picture, side), side);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
