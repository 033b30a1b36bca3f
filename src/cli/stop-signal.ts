const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** A signal that npm hands on comes within so many milliseconds of the terminal's own. */
const NPM_ECHO_MS = 500;

/**
 * A signal that aborts at the first Ctrl-C or SIGTERM, with a sentence on stderr. A second one, of either kind, ends
 * the process at once.
 * @param atOnce ends the process itself, by this code; without it the system does, whatever the process is busy with
 */
export function stopSignal(sentence: string, atOnce?: (code: number) => void): AbortSignal {
  const controller = new AbortController();
  const names = ['SIGINT', 'SIGTERM'] as const;
  const hear = (name: (typeof names)[number]): void => {
    if (controller.signal.aborted) {
      atOnce?.(EXIT_CODES[name]);
      return;
    }
    process.stderr.write(`\n${sentence}\n`);
    controller.abort();
  };
  for (const name of names) process.on(name, hear);
  return controller.signal;
}

