/**
 * A signal that aborts at the first Ctrl-C or SIGTERM, with a sentence on stderr; a second one ends the process
 * at once, as it would by itself.
 */
export function stopSignal(sentence: string): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      process.stderr.write(`\n${sentence}\n`);
      controller.abort();
    });
  }
  return controller.signal;
}
