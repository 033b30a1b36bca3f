import { join } from 'node:path';
import { ImpastoError } from '../errors.ts';
import type { Precision } from '../graph/half.ts';
import { type NetworkFile, readNetwork } from '../graph/network-file.ts';
import { heldGraph, servingGraph, statisticsGraph } from '../graph/networks/serving.ts';
import { FULL_WIDTH, reachOf, styleShape } from '../graph/networks/style.ts';
import { PAPER_SIZE, receptiveField, servingUpscaler } from '../graph/networks/upscale.ts';
import type { CatalogueEntry, UpscaleEntry } from './catalogue-schema.ts';

/**
 * In what form a network runs: on a whole picture; telling the statistics of one; on a part, by statistics that are
 * held. An upscaler has the first only.
 */
export type Form = 'whole' | 'statistics' | 'held';

const STYLE_FORMS = { whole: servingGraph, statistics: statisticsGraph, held: heldGraph };

/**
 * The graph that is served, emitted anew from a published network's weights.
 * @param folder the catalogue's
 * @throws ImpastoError `network-damaged`
 */
export function emit(
  bytes: Uint8Array,
  entry: CatalogueEntry,
  form: Form,
  folder: string,
  precision: Precision = 'float32',
): Uint8Array {
  const file = join(folder, entry.file);
  try {
    const published = readNetwork(bytes);
    return entry.kind === 'style'
      ? emitStyle(published, form, precision)
      : emitUpscaler(published, entry, precision);
  } catch (cause) {
    throw new ImpastoError({
      code: 'network-damaged',
      userMessage: `The network ${file} is damaged. Fetch it again or restore it from the repository.`,
      report: true,
      data: { file },
      cause,
    });
  }
}

function emitStyle({ weights }: NetworkFile, form: Form, precision: Precision): Uint8Array {
  // Tiles are cut for the paper's network.
  if (reachOf(styleShape(weights)) > reachOf(FULL_WIDTH))
    throw new RangeError(`expected at most ${FULL_WIDTH.residualBlocks} residual blocks`);
  return STYLE_FORMS[form](weights, precision);
}

function emitUpscaler(published: NetworkFile, entry: UpscaleEntry, precision: Precision): Uint8Array {
  const { model, shape } = servingUpscaler(published, precision);
  if (
    shape.factor !== entry.factor ||
    receptiveField(shape) > receptiveField({ ...PAPER_SIZE, factor: entry.factor })
  )
    throw new RangeError(`expected a network of factor ${entry.factor} but received one of ${shape.factor}`);
  return model;
}
