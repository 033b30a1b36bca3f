/**
 * An address below the one that people reach the program at, whose own path stays: a proxy may serve it below one.
 * @param path begins with `/`
 */
export function publicAddress(base: string, path: string): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  return url.href;
}
