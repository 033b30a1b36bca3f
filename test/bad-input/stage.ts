import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createFetcher } from '../../src/images/fetch.ts';
import { loadCatalogue } from '../../src/inference/catalogue.ts';
import { createNetworks } from '../../src/inference/network.ts';
import { paintBytes } from '../../src/inference/paint-bytes.ts';
import { openPlayground } from '../bots/playground/support.ts';
import { type Answer, visit } from '../bots/playground/visitor.ts';
import { mixedCatalogue } from '../inference/upscaler-support.ts';
import type { TestRedis } from '../queue/support.ts';
import type { HostAnswer, Stage, Visit } from './input.ts';

/** Begin everything that inputs are tried on. */
export async function openStage(redis: TestRedis): Promise<Stage & { close(): Promise<void> }> {
  const models = await mixedCatalogue();
  const networks = createNetworks({ catalogue: await loadCatalogue(models), provider: 'cpu', threads: 1 });
  const house = await openPlayground(redis);
  const { url } = house.playground;
  const visitor = await visit(url);
  const stranger = await visit(url, 'none=none');

  async function visited({ method, path, headers, body, ...asked }: Visit, locale: string): Promise<Answer> {
    return (asked.stranger ? stranger : visitor).raw(path, {
      method,
      headers: { 'accept-language': locale, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  }

  return {
    paint: (bytes, job) => paintBytes(networks, bytes, job),
    fetched,
    visited: async (asked) => {
      const [english, chinese] = [await visited(asked, 'en'), await visited(asked, 'zh-TW')];
      const { code, message } = english.body.error;
      return { code, english: message, chinese: chinese.body.error.message };
    },
    close: async () => {
      await house.close();
      await networks.close();
      await rm(models, { recursive: true });
    },
  };
}

/** Fetch from a host of our own that answers so, whatever it is asked. */
async function fetched({ status, location, bytes = 0 }: HostAnswer): Promise<unknown> {
  const server = createServer((_request, response) => {
    response.writeHead(status, location === undefined ? {} : { location }).end(Buffer.alloc(bytes));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const fetch = createFetcher({ hosts: [], origins: [origin], bytes: 1024 ** 2, timeoutMs: 5000 });
  try {
    return await fetch(`${origin}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
