import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { photo } from '../bots/playground/support.ts';
import type { DeliveryKind } from '../bots/slack/peer/deliveries.ts';
import { element } from '../bots/slack/reading.ts';
import type { SlackHouse } from '../bots/slack/support.ts';
import { eventually } from '../queue/support.ts';
import type { Json } from './json.ts';

/** A request as Slack makes it. */
export interface Sound {
  readonly kind: DeliveryKind;
  readonly payload: Json;
}

/** Have people do what people do, and keep what Slack made of it. */
export async function soundRequests({ peer, answer }: SlackHouse): Promise<readonly Sound[]> {
  const channel = await peer.channel();
  const ada = await peer.user();
  const files = [{ name: 'a.jpg', bytes: await photo() }];
  const asked = await ada.mention(channel, 'stylize starry-night', { files });
  const painted = await answer(asked);
  await ada.slash(channel, '/stylize', 'great-wave strength:0.5');
  await ada.slash(channel, '/stylize');
  await ada.slash(channel, '/impasto', 'queue');
  await ada.react(asked.message, 'ocean');
  const form = await eventually(() => peer.modals(ada).at(-1));
  await ada.submitView(form, { 'impasto.look': 'starry-night' });
  await ada.shortcut('impasto.stylize', asked.message);
  await ada.press(painted, element(painted, 'delete'));
  await ada.openHome();
  const direct = await peer.direct(ada);
  await ada.post(direct, 'stylize great-wave', { files });
  await peer.idle();
  return peer.deliveries.map(({ kind, payload }) => ({ kind, payload: JSON.parse(JSON.stringify(payload)) }));
}

/** Its body, and what kind of content that is. */
export function encoded({ kind, payload }: Sound): readonly [body: string, type: string] {
  if (kind === 'events_api') return [JSON.stringify(payload), 'application/json'];
  const fields =
    kind === 'interactive'
      ? { payload: JSON.stringify(payload) }
      : Object.fromEntries(
          Object.entries(Object(payload)).map(([name, value]) => [
            name,
            typeof value === 'string' ? value : JSON.stringify(value),
          ]),
        );
  return [new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded'];
}

/** Who signs a request, when, and how well. */
export interface Signing {
  readonly secret: string;
  readonly seconds?: number;
  readonly without?: 'x-slack-signature' | 'x-slack-request-timestamp';
}

/** Bring the bot a request, signed. @returns the status of its answer */
export async function post(
  url: string,
  body: Buffer | string,
  type: string,
  { secret, seconds = 0, without }: Signing,
): Promise<number> {
  const timestamp = String(Math.floor(Date.now() / 1000) + seconds);
  const hash = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex');
  const headers: Record<string, string> = {
    'content-type': type,
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${hash}`,
  };
  if (without !== undefined) delete headers[without];
  // A connection of its own: one that is kept may be closed just when it is used again.
  const asked = request(url, { method: 'POST', headers, agent: false, timeout: 10_000 });
  asked.on('timeout', () => asked.destroy(new Error('the bot does not answer')));
  asked.end(body);
  const [response]: IncomingMessage[] = await once(asked, 'response');
  // Who is turned away may have more to say.
  asked.on('error', () => undefined);
  response?.resume();
  return response?.statusCode ?? 0;
}
