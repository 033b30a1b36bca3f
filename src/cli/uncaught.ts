const FAILED = 1;

/**
 * End the process by what nobody has caught: it may be half done with anything. Node would print all that the error
 * holds, addresses with tokens included.
 * @param tell says what went wrong; the exit code
 */
export function endUncaught(tell: (error: unknown) => number): void {
  // Where a promise's rejection is handled by nobody, Node takes this way too.
  process.on('uncaughtException', (error) => process.exit(tell(error) || FAILED));
}
