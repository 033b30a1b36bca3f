import { cpus, loadavg } from 'node:os';
import { env } from 'onnxruntime-node';

/** What figures of speed depend on besides the program. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** Processes that ran or waited over the last minute, when measuring began: above 0.5 something else was at work. */
  readonly load: number;
  readonly node: string;
  readonly onnxruntime: string;
  readonly provider: string;
  readonly threads: number;
}

/** This machine, and where it is going to compute. */
export function thisMachine(where: Pick<Machine, 'provider' | 'threads'>): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    load: Math.round(100 * (loadavg()[0] ?? 0)) / 100,
    node: process.versions.node,
    onnxruntime: env.versions.node ?? 'unknown',
    provider: where.provider,
    threads: where.threads,
  };
}
