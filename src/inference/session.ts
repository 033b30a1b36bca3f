import { InferenceSession } from 'onnxruntime-node';
import { ImpastoError } from '../errors.ts';
import { type Provider, whyMissing } from './providers.ts';

/** Where a session runs. */
export interface SessionOptions {
  readonly provider: Provider;
  /** Threads of one `run`; 1 where the machine is busy, where two are slower than one. */
  readonly threads: number;
  /**
   * Where given, a provider that can't start is replaced by `cpu`, and this is told why (`provider-missing`), so
   * that nobody falls back in silence. Where left out, that error is thrown.
   */
  readonly onFallback?: (missing: ImpastoError) => void;
}

/**
 * Open a session on an ONNX model.
 *
 * `run` blocks the thread that calls it until it ends, and can't be stopped: never in a process that listens.
 * Open a session once and keep it; opening and releasing in a loop leaks native memory.
 *
 * @throws ImpastoError `provider-missing`; `model-refused` where onnxruntime can't run the model
 */
export async function openSession(model: Uint8Array, options: SessionOptions): Promise<InferenceSession> {
  const { provider, threads, onFallback } = options;
  try {
    return await create(model, provider, threads);
  } catch (cause) {
    const missing = await whyMissing(provider);
    if (!missing) throw refused(cause);
    if (!onFallback || provider === 'cpu') throw missing;
    onFallback(missing);
    return openSession(model, { provider: 'cpu', threads });
  }
}

function create(model: Uint8Array, provider: Provider, threads: number): Promise<InferenceSession> {
  return InferenceSession.create(model, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Without the arena runs are 1.3 times slower; without the pattern they take 15 % less memory for nothing.
    enableCpuMemArena: true,
    enableMemPattern: false,
    logSeverityLevel: 4,
  });
}

function refused(cause: unknown): ImpastoError {
  return new ImpastoError({
    code: 'model-refused',
    userMessage: "The model can't be run: it is damaged or made for another runtime. Fetch it again.",
    report: true,
    cause,
  });
}
