import { env, InferenceSession } from 'onnxruntime-node';
import { ImpastoError } from '../errors.ts';
import { Graph } from '../graph/graph.ts';
import { PRECISIONS } from '../graph/half.ts';
import { toModel } from '../graph/model.ts';
import { relu } from '../graph/operators/elementwise.ts';

// Whatever goes wrong comes back as an exception; the native log would repeat it on stderr.
env.logLevel = 'fatal';

/** Where onnxruntime computes. `cpu` is always there; the others need drivers or libraries of their own. */
export const PROVIDERS = ['cpu', 'cuda', 'webgpu'] as const;

/** One of `PROVIDERS`. */
export type Provider = (typeof PROVIDERS)[number];

/** Those that are graphics cards, the better first. */
export const CARDS: readonly Provider[] = ['cuda', 'webgpu'];

/** What can be asked for: a provider, or the best of what is there. */
export const PROVIDER_CHOICES: readonly ['auto', ...typeof PROVIDERS] = ['auto', ...PROVIDERS];

/** One of `PROVIDER_CHOICES`. */
export type ProviderChoice = (typeof PROVIDER_CHOICES)[number];

/** What can be asked for: a precision, or half precision where it is known to be good enough. */
export const PRECISION_CHOICES: readonly ['auto', ...typeof PRECISIONS] = ['auto', ...PRECISIONS];

/** One of `PRECISION_CHOICES`. */
export type PrecisionChoice = (typeof PRECISION_CHOICES)[number];

const INSTALLING: Readonly<Record<Provider, string>> = {
  cpu: 'Reinstall the onnxruntime-node package for this platform',
  cuda:
    'Install an NVIDIA driver with CUDA 12 and cuDNN 9, and let onnxruntime-node fetch its CUDA libraries ' +
    '(ONNXRUNTIME_NODE_INSTALL=true node node_modules/onnxruntime-node/script/install)',
  webgpu: "Install the graphics card's Vulkan driver (on Debian: libvulkan1 and mesa-vulkan-drivers)",
};

/**
 * Why a provider can't start here; undefined where it can. Tried on a graph that is known to be sound, because
 * onnxruntime tells a missing library from an unsound model by its message's text only.
 */
export async function whyMissing(provider: Provider): Promise<ImpastoError | undefined> {
  const graph = new Graph();
  const model = toModel(graph, { y: relu(graph.input('x', [1])) });
  try {
    const session = await InferenceSession.create(model, { executionProviders: [provider] });
    await session.release();
    return undefined;
  } catch (cause) {
    return new ImpastoError({
      code: 'provider-missing',
      userMessage: `The provider ${provider} can't start on this machine. ${INSTALLING[provider]}, or choose the provider cpu.`,
      report: true,
      data: { provider },
      cause,
    });
  }
}

/**
 * Where to train and to evaluate. `auto` takes CUDA or the cpu: of WebGPU only what is served is tested at the start, no
 * gradient, so it has to be asked for by name.
 */
export async function trainingProvider(choice: ProviderChoice): Promise<Provider> {
  if (choice !== 'auto') return choice;
  return (await whyMissing('cuda')) ? 'cpu' : 'cuda';
}
