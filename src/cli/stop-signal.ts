const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Known by what they set: npm, and the process that starts shards. They hand on what the terminal has sent to all already. */
const HANDING_ON = ['npm_lifecycle_event', 'SHARDING_MANAGER'];

/** So soon after the first, a second Ctrl-C that may have been handed on is the same one. */
const ECHO_MS = HANDING_ON.some((name) => process.env[name] !== undefined) ? 500 : 0;

/**
 * A signal that aborts at the first Ctrl-C or SIGTERM, with a sentence on stderr. A second one, of either kind, ends
 * the process at once.
 * @param atOnce ends the process itself, by this code; without it the system does, whatever the process is busy with
 */
export function stopSignal(sentence: string, atOnce?: (code: number) => void): AbortSignal {
  const controller = new AbortController();
  const names = ['SIGINT', 'SIGTERM'] as const;
  let first = 0;
  const hear = (name: (typeof names)[number]): void => {
    if (controller.signal.aborted) {
      if (Date.now() - first >= ECHO_MS) atOnce?.(EXIT_CODES[name]);
      return;
    }
    first = Date.now();
    if (atOnce === undefined) for (const each of names) process.off(each, hear);
    process.stderr.write(`\n${sentence}\n`);
    controller.abort();
  };
  for (const name of names) process.on(name, hear);
  return controller.signal;
}

/** A part of the program that runs until it is closed, or ends by itself. */
export interface Service {
  /** Finish what runs, or hand it back after a while. */
  close(): Promise<void>;
  /** Settles where the program's Redis has ended; rejects, saying why, where something else that it can't do without has. */
  readonly ended?: Promise<void> | undefined;
}

/**
 * Start something and keep it running until Ctrl-C or SIGTERM, then close it and end the process: what still waits for
 * a Redis that is gone would keep it.
 */
export async function untilStopped(start: () => Promise<Service>): Promise<void> {
  const sentence = 'Stopping: what runs is finished or handed back. Once more to stop at once.';
  const signal = stopSignal(sentence, (code) => process.exit(code));
  const running = await start();
  const stopped = new Promise<void>((settle) => {
    if (signal.aborted) settle();
    signal.addEventListener('abort', () => settle(), { once: true });
  });
  try {
    await Promise.race([stopped, running.ended ?? stopped]);
  } catch (error) {
    await running.close();
    throw error;
  }
  if (!signal.aborted) {
    process.stderr.write('Redis has ended, so everything else ends too. Start it again.\n');
    process.exitCode = 1;
  }
  await running.close();
  process.exit();
}
