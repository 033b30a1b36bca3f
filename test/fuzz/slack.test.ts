import fc from 'fast-check';
import { expect, it } from 'vitest';
import { photo } from '../bots/playground/support.ts';
import { finalAnswer } from '../bots/slack/reading.ts';
import { useSlackHouses } from '../bots/slack/support.ts';
import type { LogLine } from '../queue/support.ts';
import { type Damage, damage, damaged } from './bytes.ts';
import { holds } from './holds.ts';
import { jsonDamage, spoilJson } from './json.ts';
import { encoded, post, type Signing, type Sound, soundRequests } from './slack-requests.ts';

const open = useSlackHouses();

const spoilt = fc.record({
  request: fc.nat(1000),
  payload: fc.array(jsonDamage, { maxLength: 3 }),
  body: fc.oneof(
    { weight: 4, arbitrary: fc.constant<Damage[]>([]) },
    { weight: 1, arbitrary: fc.array(damage, { maxLength: 2 }) },
  ),
  type: fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom('text/plain', 'application/json', 'application/xml', '') },
  ),
});

/**
 * How soon something is acknowledged is not asked here, where the machine may be busy; and that Slack refuses an id that it has
 * signed itself is for whoever runs the program to hear of.
 */
function isFault({ level, facts }: LogLine): boolean {
  return level === 'error' && !/not acknowledged within|slack-refused/.test(JSON.stringify(facts));
}

it('a spoilt request of Slack’s own is passed over or answered in a sentence, and the bot stays up', async () => {
  const house = await open({ mode: 'http' });
  const { peer } = house;
  const log = house.redis.log.lines;
  const sound = await soundRequests(house);
  const ada = await peer.user();
  const channel = await peer.channel();
  const seen = log.length;
  const { signingSecret: secret } = peer.settings;
  await holds(
    fc.asyncProperty(spoilt, async (made) => {
      const before = log.length;
      const chosen = sound[made.request % sound.length];
      if (chosen === undefined) throw new RangeError('no request was made');
      const [text, type] = encoded({ ...chosen, payload: spoilJson(chosen.payload, made.payload) });
      const sample = { name: 'body', bytes: Buffer.from(text), marks: [0] };
      await post(house.eventsUrl(), damaged(sample, made.body, [sample]), made.type ?? type, { secret });
      const afterwards = await ada.slash(channel, '/impasto', 'help');
      expect(afterwards.error).toBeUndefined();
      expect(log.slice(before).filter(isFault)).toEqual([]);
    }),
    60,
  );
  const files = [{ name: 'b.jpg', bytes: await photo(90) }];
  // Whatever was taken before is in line before it.
  const asked = await ada.mention(channel, 'stylize starry-night', { files });
  const painted = await finalAnswer(peer, asked, 60_000);
  expect(peer.picturesOf(painted)).toHaveLength(1);
  expect(log.slice(seen).filter(isFault)).toEqual([]);
});

it.each<[string, Sound]>([
  [
    'a button that is nobody’s',
    {
      kind: 'interactive',
      payload: {
        type: 'block_actions',
        actions: [{ type: 'button', action_id: 'x' }],
        user: { id: 'U1' },
        team: { id: 'T1' },
      },
    },
  ],
  [
    'a form that is nobody’s',
    {
      kind: 'interactive',
      payload: {
        type: 'view_submission',
        view: { callback_id: 'x' },
        user: { id: 'U1' },
        team: { id: 'T1' },
      },
    },
  ],
  [
    'a command that is nobody’s',
    {
      kind: 'slash_commands',
      payload: { command: '/dance', text: '', team_id: 'T1', user_id: 'U1', channel_id: 'C1' },
    },
  ],
  [
    'an event of a kind to come',
    { kind: 'events_api', payload: { type: 'event_callback', event: { type: 'x' }, team_id: 'T1' } },
  ],
  ['something of a kind to come', { kind: 'events_api', payload: { type: 'x' } }],
  ['nothing', { kind: 'events_api', payload: {} }],
])('%s is acknowledged, and no fault', async (_, request) => {
  const { peer, redis, eventsUrl } = await open({ mode: 'http' });
  const [body, type] = encoded(request);
  expect(await post(eventsUrl(), body, type, { secret: peer.settings.signingSecret })).toBe(200);
  expect(redis.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

it.each([
  ['POST', '/slack/events', 'null', 400],
  ['POST', '/slack/events', '{', 400],
  ['POST', '/slack/events', 'x'.repeat(5_000_000), 413],
  ['POST', '/slack/nothing', '{}', 404],
  ['POST', '//', '{}', 400],
])('%s %s is turned away, and the bot stays up', async (_, path, body, status) => {
  const { peer, redis, eventsUrl } = await open({ mode: 'http' });
  const { signingSecret: secret } = peer.settings;
  const { origin } = new URL(eventsUrl());
  expect(await post(`${origin}${path}`, body, 'application/json', { secret })).toBe(status);
  expect(await peer.verifyUrl()).toBe(true);
  expect(redis.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

const forged: fc.Arbitrary<Signing> = fc.oneof(
  fc.record({ secret: fc.string({ minLength: 1, maxLength: 40 }) }),
  fc.record({ secret: fc.constant(''), seconds: fc.constantFrom(-310, -3600, -86_400) }),
  fc.record({
    secret: fc.constant(''),
    without: fc.constantFrom('x-slack-signature' as const, 'x-slack-request-timestamp' as const),
  }),
);

/** Of a place that nothing else tells of. */
const TOLD_APART = 'C0FORGED';

const FORGED: readonly Sound[] = [
  {
    kind: 'slash_commands',
    payload: {
      command: '/stylize',
      text: 'great-wave',
      team_id: 'T1',
      user_id: 'U1',
      channel_id: TOLD_APART,
    },
  },
  {
    kind: 'events_api',
    payload: {
      type: 'event_callback',
      team_id: 'T1',
      event: { type: 'app_mention', user: 'U1', channel: TOLD_APART, ts: '1.1', text: 'help' },
    },
  },
  {
    kind: 'interactive',
    payload: {
      type: 'block_actions',
      team: { id: 'T1' },
      user: { id: 'U1' },
      container: { channel_id: TOLD_APART, message_ts: '1.1' },
      actions: [],
    },
  },
];

it('a request that is signed by anybody else, or long ago, is refused', async () => {
  const { peer, eventsUrl } = await open({ mode: 'http' });
  await holds(
    fc.asyncProperty(fc.constantFrom(...FORGED), forged, async (request, signing) => {
      const [body, type] = encoded(request);
      // An empty secret stands for the true one, of which something else is wrong.
      const secret = signing.secret || peer.settings.signingSecret;
      expect(await post(eventsUrl(), body, type, { ...signing, secret })).toBe(401);
    }),
    40,
  );
  await peer.idle();
  expect(JSON.stringify(peer.requests)).not.toContain(TOLD_APART);
});
