import { SingleBar } from 'cli-progress';
import type { PaintedBytes, PaintJob } from '../inference/paint-bytes.ts';
import type { OnProgress } from '../inference/progress.ts';
import { writeWhole } from './picture-files.ts';

/** Paints away from this process, since pictures are strangers' bytes and runs block their thread. */
export interface Painter {
  paint(bytes: Uint8Array, job: PaintJob, onProgress: OnProgress): Promise<PaintedBytes>;
  close(): Promise<void>;
}

/** Paint under a bar, and write the file as a whole or not at all. The painter is closed. */
export async function paintTo(
  output: string,
  painter: Painter,
  bytes: Uint8Array,
  job: PaintJob,
): Promise<{ width: number; height: number; seconds: number }> {
  const bar = new SingleBar({
    format: '{bar} {percentage} %',
    stream: process.stderr,
    clearOnComplete: true,
  });
  const started = performance.now();
  bar.start(1, 0);
  try {
    const painted = await painter.paint(bytes, job, (fraction) => bar.update(fraction));
    await writeWhole(output, painted.bytes);
    const { width, height } = painted;
    return { width, height, seconds: (performance.now() - started) / 1000 };
  } finally {
    bar.stop();
    await painter.close();
  }
}
