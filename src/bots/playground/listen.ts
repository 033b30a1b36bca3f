import type { FastifyInstance } from 'fastify';
import { ImpastoError, systemCode } from '../../errors.ts';

/**
 * Begin to listen, and return the address to open.
 * @param port 0 for any that is free
 * @throws ImpastoError `port-taken`, `address-unusable`
 */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    const taken = code === 'EADDRINUSE';
    throw new ImpastoError({
      code: taken ? 'port-taken' : 'address-unusable',
      userMessage: taken
        ? `Port ${port} on ${host} is taken already. Stop what listens there, or set PORT to another one.`
        : `The playground cannot listen on ${host}, port ${port}. Set HOST to an address of this machine, and PORT to a free port.`,
      data: { host, port, errno: code },
      cause: error,
    });
  }
  const address = app.server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  // An address that means "all of this machine's" is nothing to type into a browser.
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${bound}/`;
}
