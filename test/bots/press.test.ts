import { describe, expect, it } from 'vitest';
import { createInvoker } from '../../src/bots/invoke.ts';
import { keptSourceOf, takeKept } from '../../src/bots/kept-intake.ts';
import { createPresses, type Press, type Presses } from '../../src/bots/press.ts';
import { type CommandRequest, createRequest } from '../../src/commands/request.ts';
import { createLimits } from '../../src/queue/limits.ts';
import { createRequestQueue } from '../../src/queue/requests.ts';
import { createServerSettings } from '../../src/queue/server-settings.ts';
import { refused, someRegistry, someServices, usualSettings } from '../commands/support.ts';
import { type House, onlyPicture, useHouses } from '../queue/house.ts';
import { eventually } from '../queue/support.ts';

const builder = useHouses();

interface Desk {
  readonly house: House;
  readonly presses: Presses;
  readonly request: CommandRequest;
  switchOff(): Promise<void>;
}

/** A request by Ada; answered where the house is open. */
async function aDesk(open: boolean): Promise<Desk> {
  const house = builder.house();
  const queue = createRequestQueue<CommandRequest>(house.context, house.places);
  const redis = builder.redis().connect('producer');
  const serverSettings = createServerSettings(redis);
  const invoker = createInvoker({
    platform: 'playground',
    registry: someRegistry,
    services: { ...someServices(), serverSettings },
    limits: createLimits(redis),
    shareLimits: { personPerHour: 0, serverPerHour: 0 },
  });
  const presses = createPresses({ invoker, queue, artefacts: house.artefacts });
  const request = createRequest({
    platform: 'playground',
    command: 'stylize',
    trigger: 'command',
    person: { id: 'ada', locale: 'en' },
    eventKey: 'asked',
    picture: { source: 'a photo', target: 'photo' },
    task: { network: 'starry-night', options: { strength: 1, keep_colors: false } },
    now: 1,
  });
  await queue.submit(request, 'place', 60);
  if (open) {
    house.open();
    await eventually(() => house.delivered.length === 1);
  }
  const switchOff = (): Promise<void> =>
    serverSettings.write('playground', 'guild', { ...usualSettings, enabled: false });
  return { house, presses, request, switchOff };
}

function press(desk: Desk, changes: Partial<Press>): ReturnType<Presses> {
  return desk.presses({
    action: 'restyle',
    request: desk.request.id,
    person: 'bob',
    moderates: false,
    eventKey: 'pressed',
    locale: 'en',
    ...changes,
  });
}

describe('a button below an answer', () => {
  it('offers the other styles, then asks for the one chosen, from the same picture', async () => {
    const desk = await aDesk(true);
    const offered = await press(desk, {});
    expect(offered).toMatchObject({ kind: 'choices' });
    expect(JSON.stringify(offered)).toContain('great-wave');
    expect(JSON.stringify(offered)).not.toContain('starry-night');
    const wish = await press(desk, { choice: 'great-wave' });
    expect(wish).toMatchObject({ request: { task: { network: 'great-wave' }, person: { id: 'bob' } } });
    if (wish.kind !== 'request') throw new Error('expected a request');
    const kept = keptSourceOf(wish.request.source);
    expect(kept?.sources.map(({ hash }) => hash)).toEqual([
      onlyPicture(desk.house.delivered[0]?.outcome).source.hash,
    ]);
  });

  it('enlarges what was made', async () => {
    const desk = await aDesk(true);
    const wish = await press(desk, { action: 'upscale', choice: 'sr-x8' });
    if (wish.kind !== 'request') throw new Error('expected a request');
    expect(keptSourceOf(wish.request.source)?.sources[0]?.hash).toBe(
      onlyPicture(desk.house.delivered[0]?.outcome).artefact.hash,
    );
  });

  it('says so where the picture is no longer stored', async () => {
    const desk = await aDesk(true);
    const wish = await press(desk, { choice: 'great-wave' });
    const kept = wish.kind === 'request' ? keptSourceOf(wish.request.source) : undefined;
    if (kept === undefined) throw new Error('expected a kept source');
    await builder.redis().clear();
    expect(await takeKept(desk.house.artefacts, kept)).toMatchObject([{ error: { code: 'picture-gone' } }]);
    expect(await refused(press(desk, { choice: 'great-wave' }))).toMatchObject({ code: 'picture-gone' });
  });

  it('is refused where the server is switched off', async () => {
    const desk = await aDesk(true);
    await desk.switchOff();
    expect(await refused(press(desk, { server: 'guild' }))).toMatchObject({ code: 'server-off' });
  });
});

describe('cancelling', () => {
  it('is for who asked', async () => {
    const desk = await aDesk(false);
    expect(await refused(press(desk, { action: 'cancel', moderates: true }))).toMatchObject({
      code: 'cancel-not-yours',
    });
    expect(await press(desk, { action: 'cancel', person: 'ada' })).toEqual({ kind: 'cancelled' });
  });

  it('comes too late once it is answered', async () => {
    const desk = await aDesk(true);
    expect(await refused(press(desk, { action: 'cancel', person: 'ada' }))).toMatchObject({
      code: 'request-over',
    });
  });
});

describe('deleting', () => {
  it('is for who asked, and for moderators', async () => {
    const desk = await aDesk(true);
    expect(await refused(press(desk, { action: 'delete' }))).toMatchObject({ code: 'delete-not-yours' });
    expect(await press(desk, { action: 'delete', person: 'ada' })).toEqual({ kind: 'delete' });
    expect(await press(desk, { action: 'delete', moderates: true })).toEqual({ kind: 'delete' });
  });

  it('goes by what the button remembers once the request is forgotten', async () => {
    const desk = await aDesk(true);
    await builder.redis().clear();
    expect(await press(desk, { action: 'delete', asker: 'bob' })).toEqual({ kind: 'delete' });
    expect(await refused(press(desk, { action: 'delete', asker: 'eve' }))).toMatchObject({
      code: 'delete-not-yours',
    });
  });
});
