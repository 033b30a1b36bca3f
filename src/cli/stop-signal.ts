/**
 * A signal that aborts at the first Ctrl-C or SIGTERM, with a sentence on stderr; a second one ends the process
 * at once, as it would by itself.
 */
export function stopSignal(sentence: string): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      if (!controller.signal.aborted) process.stderr.write(`\n${sentence}\n`);
      controller.abort();
    });
  }
  return controller.signal;
}

/** What runs until it is told to stop, or ends by itself. */
export interface Running {
  close(): Promise<void>;
  /** Settles where something that it can't do without has ended. */
  readonly ended?: Promise<void> | undefined;
}

/** Start something and keep it running until Ctrl-C or SIGTERM, then close it. */
export async function untilStopped(start: () => Promise<Running>): Promise<void> {
  const signal = stopSignal('Stopping: what runs is finished or handed back. Once more to stop at once.');
  const running = await start();
  const stopped = new Promise<void>((settle) => {
    if (signal.aborted) settle();
    signal.addEventListener('abort', () => settle(), { once: true });
  });
  await Promise.race([stopped, running.ended ?? stopped]);
  if (!signal.aborted) {
    process.stderr.write('Redis has ended, so everything else ends too. Start it again.\n');
    process.exitCode = 1;
  }
  await running.close();
}
