import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { Graph } from '../graph/graph.ts';
import { toModel } from '../graph/model.ts';
import { type StyleShape, styleNetwork, styleParameters } from '../graph/networks/style.ts';
import type { WeightValues } from '../graph/networks/weights.ts';
import type { Picture } from '../images/picture.ts';
import { resize } from '../images/resample.ts';
import { paintWhole } from '../inference/paint-whole.ts';
import { feedsOf, floats, type OpenSession } from './session-values.ts';

/** Paints fixed photos with whatever the weights are by now: one session for a whole training. */
export class Previews {
  readonly #session: InferenceSession;
  readonly #photos: readonly Picture[];

  private constructor(session: InferenceSession, photos: readonly Picture[]) {
    this.#session = session;
    this.#photos = photos;
  }

  /** @param shape of the network whose weights `paint` will be given */
  static async create(photos: readonly Picture[], shape: StyleShape, open: OpenSession): Promise<Previews> {
    const graph = new Graph();
    const image = graph.input('image', [1, 3, 'dynamic', 'dynamic']);
    const weights = new Map(styleParameters(shape).map(({ name, dims }) => [name, graph.input(name, dims)]));
    const painting = styleNetwork(
      image,
      (name) => {
        const weight = weights.get(name);
        if (!weight) throw new RangeError(`there is no weight ${name}`);
        return weight;
      },
      shape,
    );
    return new Previews(await open(toModel(graph, { painting })), photos);
  }

  get photos(): readonly Picture[] {
    return this.#photos;
  }

  /** The photos, painted with these weights, in their order. */
  async paint(weights: ReadonlyMap<string, WeightValues>): Promise<Picture[]> {
    const paintings: Picture[] = [];
    const paint = async (planes: Float32Array, width: number, height: number): Promise<Float32Array> => {
      const image = new Tensor('float32', planes, [1, 3, height, width]);
      return floats((await this.#session.run({ image, ...feedsOf(weights) })).painting);
    };
    for (const photo of this.#photos) paintings.push(await paintWhole({ paint }, photo));
    return paintings;
  }

  /** Release the session. */
  async close(): Promise<void> {
    await this.#session.release();
  }
}

/** Height of a style's preview in the catalogue, in pixels. */
const STRIP_HEIGHT = 240;
const STRIP_GAP = 8;

/** Pictures below each other on white. */
export function stacked(pictures: readonly Picture[]): Picture {
  const width = Math.max(...pictures.map((picture) => picture.width));
  const height = pictures.reduce((sum, picture) => sum + picture.height + STRIP_GAP, -STRIP_GAP);
  const rgb = new Uint8Array(3 * width * height).fill(255);
  let top = 0;
  for (const picture of pictures) {
    for (let row = 0; row < picture.height; row++) {
      const from = 3 * row * picture.width;
      rgb.set(picture.rgb.subarray(from, from + 3 * picture.width), 3 * (top + row) * width);
    }
    top += picture.height + STRIP_GAP;
  }
  return { width, height, rgb };
}

/** Pictures side by side at one height on white: a style's preview. */
export async function strip(pictures: readonly Picture[]): Promise<Picture> {
  const scaled = await Promise.all(
    pictures.map((picture) =>
      resize(picture, Math.max(1, Math.round((picture.width * STRIP_HEIGHT) / picture.height)), STRIP_HEIGHT),
    ),
  );
  const width = scaled.reduce((sum, picture) => sum + picture.width + STRIP_GAP, -STRIP_GAP);
  const rgb = new Uint8Array(3 * width * STRIP_HEIGHT).fill(255);
  let left = 0;
  for (const picture of scaled) {
    for (let row = 0; row < STRIP_HEIGHT; row++) {
      const from = 3 * row * picture.width;
      rgb.set(picture.rgb.subarray(from, from + 3 * picture.width), 3 * (row * width + left));
    }
    left += picture.width + STRIP_GAP;
  }
  return { width, height: STRIP_HEIGHT, rgb };
}
