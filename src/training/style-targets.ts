import { Tensor } from 'onnxruntime-node';
import type { Picture } from '../images/picture.ts';
import { blur, resizeShortSide } from '../images/resample.ts';
import { toPlanes } from '../inference/planes.ts';
import type { LossNetworkWeights } from './features.ts';
import { type StyleTargets, styleTargetModel } from './objective.ts';
import type { StyleRecipe } from './recipe.ts';
import { floats, type OpenSession } from './session-values.ts';

/** The Gram matrices of an artwork at the size that the recipe gives it: what paintings are compared with. */
export async function styleTargets(
  artwork: Picture,
  lossNetwork: LossNetworkWeights,
  recipe: StyleRecipe,
  open: OpenSession,
): Promise<StyleTargets> {
  const resized = await resizeShortSide(artwork, recipe.artworkShortSide);
  const picture = await blur(resized, recipe.artworkBlur);
  const dims = [1, 3, picture.height, picture.width] as const;
  const session = await open(styleTargetModel(dims, lossNetwork, recipe));
  try {
    const results = await session.run({ artwork: new Tensor('float32', toPlanes(picture), dims) });
    return new Map(
      recipe.styleLayers.map((layer) => {
        const data = Float32Array.from(floats(results[layer]));
        const channels = Math.sqrt(data.length);
        return [layer, { dims: [1, channels, channels], data }];
      }),
    );
  } finally {
    await session.release();
  }
}
