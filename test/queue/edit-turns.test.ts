import { describe, expect, it } from 'vitest';
import { createEditTurns } from '../../src/queue/edit-turns.ts';
import { aGate, aRequest, useHouses } from './house.ts';
import { eventually } from './support.ts';

describe('turns to edit a placeholder', () => {
  const { house, redis } = useHouses();

  /** Two processes and one open request. */
  async function two(settings = {}) {
    const [here, there] = [house({}, settings), house({}, settings)];
    const request = aRequest();
    await here.queue.submit(request, {}, 60);
    return { here, request, ours: createEditTurns(here.context), theirs: createEditTurns(there.context) };
  }

  it('are for one at a time: other progress meanwhile is left out', async () => {
    const { request, ours, theirs } = await two();
    const gate = aGate();
    let edits = 0;
    const edit = async (): Promise<void> => {
      edits++;
      await gate.opened;
    };
    const first = ours.progress(request.id, edit);
    await eventually(() => edits === 1);
    expect(await theirs.progress(request.id, edit)).toBe(false);
    expect(await ours.progress(request.id, edit)).toBe(false);
    gate.open();
    expect(await first).toBe(true);
    expect(await theirs.progress(request.id, edit)).toBe(false);
    expect(await ours.progress(request.id, edit)).toBe(true);
    expect(edits).toBe(2);
  });

  it('pass to another process where the one that told of progress tells no more', async () => {
    const { request, ours, theirs } = await two({ editorMs: 60 });
    const edit = async (): Promise<void> => undefined;
    expect(await ours.progress(request.id, edit)).toBe(true);
    expect(await theirs.progress(request.id, edit)).toBe(false);
    await eventually(() => theirs.progress(request.id, edit));
    expect(await ours.progress(request.id, edit)).toBe(false);
  });

  it('let the final edit wait for the progress on its way, longer than a lease lives', async () => {
    const { request, ours, theirs } = await two({ editLeaseMs: 60 });
    const gate = aGate();
    const order: string[] = [];
    const progress = ours.progress(request.id, async () => {
      order.push('progress begins');
      await gate.opened;
      order.push('progress ends');
    });
    await eventually(() => order.length === 1);
    const final = theirs.final(request.id, async () => void order.push('final'));
    await new Promise((wake) => setTimeout(wake, 200));
    gate.open();
    await Promise.all([progress, final]);
    expect(order).toEqual(['progress begins', 'progress ends', 'final']);
  });

  it('leave no progress after the outcome is decided, whatever the moment', async () => {
    for (let moment = 0; moment < 12; moment++) {
      const made = house({ delivery: async () => void order.push('final') });
      const turns = createEditTurns(house().context);
      const order: string[] = [];
      made.open();
      const request = aRequest({ source: `photo ${moment}` });
      const { id } = request;
      await made.queue.submit(request, {}, 60);
      while ((await made.queue.progress(id))?.state !== 'answered') {
        await turns.progress(id, async () => {
          await new Promise((wake) => setTimeout(wake, moment));
          order.push('progress');
        });
      }
      expect(await turns.progress(id, async () => void order.push('progress'))).toBe(false);
      expect(order.filter((edit) => edit === 'final')).toHaveLength(1);
      expect(order.at(-1)).toBe('final');
      await made.rest();
    }
  });

  it('come back from a process that died, and from an edit that hangs', async () => {
    const { here, request, ours, theirs } = await two({ editLeaseMs: 150, editMs: 200 });
    await here.context.redis.set(`{impasto}:edit-lease:${request.id}`, 'the dead', 'PX', 150);
    let said = 0;
    await ours.final(request.id, async () => void said++);
    void theirs.progress(request.id, () => new Promise(() => undefined));
    await eventually(() => here.context.redis.exists(`{impasto}:edit-lease:${request.id}`));
    await ours.final(request.id, async () => void said++);
    expect(said).toBe(2);
  });

  it('are given back by their holder only, and by one whose edit fails too', async () => {
    const { here, request, ours } = await two();
    const key = `{impasto}:edit-lease:${request.id}`;
    const failing = ours.progress(request.id, async () => {
      throw new TypeError('the platform said no');
    });
    await expect(failing).rejects.toThrow('said no');
    expect(await here.context.redis.exists(key)).toBe(0);
    await ours.progress(request.id, async () => {
      await here.context.redis.set(key, 'another', 'PX', 60_000);
    });
    expect(await here.context.redis.get(key)).toBe('another');
  });

  it('know nothing of a request that is forgotten', async () => {
    const turns = createEditTurns(house().context);
    expect(await turns.progress('no-such-request', async () => undefined)).toBe(false);
    expect(redis().log.lines).toEqual([]);
  });
});
