import { afterEach, describe, expect, it } from 'vitest';
import { type ProgressEdit, startProgressEdits } from '../../src/bots/progress-edits.ts';
import type { CommandRequest } from '../../src/commands/request.ts';
import { createEditTurns } from '../../src/queue/edit-turns.ts';
import { createRequestQueue } from '../../src/queue/requests.ts';
import { aGate, aRequest, type Handlers, type House, useHouses } from '../queue/house.ts';
import { eventually } from '../queue/support.ts';

const builder = useHouses();
const ended: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

const INTERVAL_MS = 150;

interface Watch {
  readonly house: House;
  readonly edits: { readonly text: string; readonly at: number; readonly by: number }[];
  submit(): Promise<CommandRequest>;
}

/** As many processes as asked for, each of which hears of progress. */
async function watch(
  handlers: Handlers,
  edit: (what: ProgressEdit) => Promise<void> = async () => undefined,
  processes = 1,
): Promise<Watch> {
  const house = builder.house(handlers);
  const queue = createRequestQueue<CommandRequest>(house.context, house.places);
  ended.push(() => queue.close());
  const edits: { text: string; at: number; by: number }[] = [];
  for (let by = 0; by < processes; by++) {
    const progress = await startProgressEdits({
      platform: 'playground',
      queue,
      turns: createEditTurns(house.context),
      log: builder.redis().log,
      intervalMs: INTERVAL_MS,
      edit: async (what) => {
        edits.push({ text: what.text, at: Date.now(), by });
        await edit(what);
      },
    });
    ended.push(progress.close);
  }
  const submit = async (): Promise<CommandRequest> => {
    const request: CommandRequest = { ...aRequest(), command: 'stylize', trigger: 'command' };
    await queue.submit(request, { channel: 'c' }, 60);
    return request;
  };
  return { house, edits, submit };
}

describe('progress', () => {
  it('is said in the person’s words, with what is needed to say it', async () => {
    const gate = aGate();
    const places: unknown[] = [];
    const inference: Handlers['inference'] = async ({ source }, { report }) => {
      report(0.4);
      await gate.opened;
      return source;
    };
    const { house, edits, submit } = await watch({ inference }, async ({ place }) => {
      places.push(place);
    });
    house.open();
    await submit();
    await eventually(() => edits.some(({ text }) => text.includes('40')));
    expect(places[0]).toEqual({ channel: 'c' });
    gate.open();
    await eventually(() => house.delivered.length === 1);
  });

  it('is said at intervals, by one process at a time, and the newest wins', async () => {
    const gate = aGate();
    const inference: Handlers['inference'] = async ({ source }, { report }) => {
      for (let step = 0; step <= 20; step++) {
        report(step / 20);
        await new Promise((wake) => setTimeout(wake, 40));
      }
      await gate.opened;
      return source;
    };
    const { house, edits, submit } = await watch({ inference }, undefined, 3);
    house.open();
    await submit();
    await eventually(() => edits.at(-1)?.text.includes('100'));
    const gaps = edits.slice(1).map(({ at }, index) => at - (edits[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(INTERVAL_MS - 30);
    expect(new Set(edits.map(({ text }) => text)).size).toBe(edits.length);
    expect(new Set(edits.map(({ by }) => by)).size).toBe(1);
    gate.open();
    await eventually(() => house.delivered.length === 1);
  });

  it('that can’t be said is dropped, and the next is said', async () => {
    const gate = aGate();
    let failures = 0;
    const inference: Handlers['inference'] = async ({ source }, { report }) => {
      report(0.5);
      await gate.opened;
      return source;
    };
    const { house, edits, submit } = await watch({ inference }, async () => {
      if (failures++ === 0) throw new Error('429');
    });
    house.open(['intake', 'delivery']);
    await submit();
    await eventually(() => failures === 1);
    house.open(['inference']);
    await eventually(() => edits.some(({ text }) => text.includes('50')));
    gate.open();
    await eventually(() => house.delivered.length === 1);
  });

  it('never comes after the outcome', async () => {
    const slow = aGate();
    const order: string[] = [];
    const { house, submit } = await watch({ delivery: async () => void order.push('outcome') }, async () => {
      await slow.opened;
      order.push('progress');
    });
    await submit();
    house.open();
    await eventually(() => house.runs() === 1);
    slow.open();
    await eventually(() => house.delivered.length === 1);
    await new Promise((wake) => setTimeout(wake, 2 * INTERVAL_MS));
    expect(order.at(-1)).toBe('outcome');
    expect(order.filter((each) => each === 'outcome')).toHaveLength(1);
  });
});
