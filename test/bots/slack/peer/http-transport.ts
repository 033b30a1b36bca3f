import { createHmac } from 'node:crypto';
import type { DeliveryKind, Failure, Transport } from './deliveries.ts';
import { isJson, type Json, readJson } from './json.ts';
import type { Clocks } from './world.ts';

export interface HttpTransport extends Transport {
  /** Ask the bot to prove that the address is its own. True where it gives the challenge back. */
  verifyUrl(token: string): Promise<boolean>;
}

/**
 * Requests to the bot's address, signed with the app's secret.
 * @param botUrl is asked for each request, so that a bot can come up, and move, after the peer
 */
export function createHttpTransport(
  botUrl: () => string,
  signingSecret: string,
  clocks: Clocks,
): HttpTransport {
  async function post(
    body: string,
    type: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<Response> {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const hash = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
    return fetch(botUrl(), {
      method: 'POST',
      body,
      headers: {
        'content-type': type,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${hash}`,
        ...headers,
      },
      redirect: 'manual',
      signal: AbortSignal.timeout(clocks.ackMs),
    });
  }
  return {
    async verifyUrl(token) {
      const challenge = 'the bot must give this back';
      const body = JSON.stringify({ token, challenge, type: 'url_verification' });
      const response = await post(body, 'application/json', {});
      const text = await response.text();
      return response.ok && (text === challenge || readJson(text).challenge === challenge);
    },
    async send(kind, payload, retry) {
      const at = Date.now();
      const headers: Record<string, string> = {};
      if (retry.num > 0) {
        headers['x-slack-retry-num'] = String(retry.num);
        headers['x-slack-retry-reason'] = retry.reason === 'timeout' ? 'http_timeout' : (retry.reason ?? '');
      }
      try {
        const [body, type] = encoded(kind, payload);
        const response = await post(body, type, headers);
        const text = await response.text();
        const failure: Failure | undefined = response.ok ? undefined : 'http_error';
        const ackMs = failure === undefined ? Date.now() - at : undefined;
        const noRetry = response.headers.get('x-slack-no-retry') === '1';
        return { at, ackMs, answer: decoded(text), failure, noRetry };
      } catch (error) {
        const late = error instanceof Error && error.name === 'TimeoutError';
        const failure: Failure = late ? 'timeout' : 'connection_failed';
        return { at, ackMs: undefined, answer: undefined, failure };
      }
    },
  };
}

function encoded(kind: DeliveryKind, payload: Json): readonly [string, string] {
  if (kind === 'events_api') return [JSON.stringify(payload), 'application/json'];
  const form =
    kind === 'interactive'
      ? new URLSearchParams({ payload: JSON.stringify(payload) })
      : new URLSearchParams(
          Object.entries(payload).map(([key, value]): [string, string] => [key, String(value)]),
        );
  return [form.toString(), 'application/x-www-form-urlencoded'];
}

function decoded(text: string): unknown {
  if (text === '') return {};
  const json = readJson(text);
  return isJson(json) && Object.keys(json).length > 0 ? json : { text };
}
