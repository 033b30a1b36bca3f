import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { Graph } from '../graph/graph.ts';
import { toModel } from '../graph/model.ts';
import {
  BY_PHASES,
  receptiveField,
  type UpscaleShape,
  upscaleNetwork,
  upscaleParameters,
} from '../graph/networks/upscale.ts';
import type { WeightValues } from '../graph/networks/weights.ts';
import { resizeBicubic } from '../images/bicubic.ts';
import type { Picture } from '../images/picture.ts';
import { psnr } from '../images/psnr.ts';
import { enlarge, type UpscaleNetwork } from '../inference/tiles.ts';
import { average } from './mean.ts';
import type { Pair } from './photos/pairs.ts';
import type { SheetRow } from './report/preview-sheet.ts';
import { feedsOf, floats, type OpenSession } from './session-values.ts';
import { type UpscaleRecipe, upscaleShapeOf } from './upscale-recipe.ts';

/** Enlarges fixed pictures with whatever the weights are by now: one session for a whole training. */
export class UpscalePreviews {
  readonly #session: InferenceSession;
  readonly #shape: UpscaleShape;
  readonly #matched: boolean;
  readonly #pairs: readonly Pair[];
  readonly #plain: readonly Picture[];

  private constructor(
    session: InferenceSession,
    shape: UpscaleShape,
    matched: boolean,
    pairs: readonly Pair[],
  ) {
    this.#session = session;
    this.#matched = matched;
    this.#shape = shape;
    this.#pairs = pairs;
    this.#plain = pairs.map(({ low, high }) => resizeBicubic(low, high.width, high.height));
  }

  /**
   * @param pairs pictures that training does not see
   * @param recipe of the network whose weights `look` will be given
   */
  static async create(
    pairs: readonly Pair[],
    recipe: UpscaleRecipe,
    open: OpenSession,
  ): Promise<UpscalePreviews> {
    const shape = upscaleShapeOf(recipe);
    const graph = new Graph();
    const image = graph.input('image', [1, 3, 'dynamic', 'dynamic']);
    const weights = new Map(
      upscaleParameters(shape).map(({ name, dims }) => [name, graph.input(name, dims)]),
    );
    const enlarged = upscaleNetwork(
      image,
      (name) => {
        const weight = weights.get(name);
        if (!weight) throw new RangeError(`there is no weight ${name}`);
        return weight;
      },
      shape,
      BY_PHASES,
    );
    const session = await open(toModel(graph, { enlarged }));
    return new UpscalePreviews(session, shape, recipe.matching === 'histogram', pairs);
  }

  /** The pictures, each enlarged by the cubic kernel, by the network, and as it truly is; and how near both come. */
  async look(
    weights: ReadonlyMap<string, WeightValues>,
    step: number,
  ): Promise<{ rows: SheetRow[]; psnr: number; plainPsnr: number }> {
    const network = this.#network(weights);
    const rows: SheetRow[] = [];
    const [ours, plain]: [number[], number[]] = [[], []];
    for (const [index, { low, high }] of this.#pairs.entries()) {
      const cubic = this.#plain[index] ?? high;
      const enlarged = await enlarge(network, low);
      const [near, before] = [psnr(enlarged, high, 'y'), psnr(cubic, high, 'y')];
      ours.push(near);
      plain.push(before);
      const label = `step ${step}: bicubic ${before.toFixed(2)} dB, network ${near.toFixed(2)} dB, truth`;
      rows.push({ label, pictures: [cubic, enlarged, high] });
    }
    return { rows, psnr: average(ours), plainPsnr: average(plain) };
  }

  /** Release the session. */
  async close(): Promise<void> {
    await this.#session.release();
  }

  #network(weights: ReadonlyMap<string, WeightValues>): UpscaleNetwork {
    return {
      factor: this.#shape.factor,
      reach: receptiveField(this.#shape),
      matched: this.#matched,
      enlarge: async (planes, width, height) => {
        const image = new Tensor('float32', planes, [1, 3, height, width]);
        return floats((await this.#session.run({ image, ...feedsOf(weights) })).enlarged);
      },
    };
  }
}
