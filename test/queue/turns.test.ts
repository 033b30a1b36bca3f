import { describe, expect, it } from 'vitest';
import type { Progress } from '../../src/queue/request.ts';
import { aGate, aRequest, picture, through, useHouses } from './house.ts';
import { eventually } from './support.ts';

const { house } = useHouses();
const PLACE = { channel: 'c' };

/** A house with one worker that stands still until told; who is painted, in order. */
function slowHouse(settings = {}) {
  const gate = aGate();
  const painted: string[] = [];
  const made = house(
    {
      intake: async ({ source }) => [
        {
          source: await made.artefacts.put(Buffer.from(String(source)), {
            ...picture,
            width: widthOf(source),
          }),
        },
      ],
      inference: async ({ source }, { signal }) => {
        const bytes = await made.artefacts.get(source.hash);
        painted.push(bytes?.bytes.toString() ?? '');
        await through(gate, signal);
        return made.artefacts.put(Buffer.from(`painted ${source.hash}`), picture);
      },
    },
    settings,
  );
  return { ...made, gate, painted };
}

/** The sources of these tests may say how wide they are: `ada-3-w900`. */
function widthOf(source: unknown): number {
  return Number(/-w(\d+)$/.exec(String(source))?.[1] ?? picture.width);
}

/** All of these are asked, and wait for the worker. */
async function ask(
  { queue }: ReturnType<typeof slowHouse>,
  person: string,
  sources: readonly string[],
  about: object = {},
): Promise<void> {
  for (const source of sources) {
    const request = aRequest({ source, person: { id: person, locale: 'en' }, ...about });
    await queue.submit(request, PLACE, 60);
    await eventually(
      async () => !['accepted', 'fetching'].includes((await queue.progress(request.id))?.state ?? 'accepted'),
    );
  }
}

const many = (who: string, count: number) => Array.from({ length: count }, (_, nth) => `${who}-${nth}`);

describe('the line', () => {
  it('lets somebody’s first picture start next, however many of another’s wait', async () => {
    const line = slowHouse();
    line.open();
    await ask(line, 'ada', many('ada', 100));
    await ask(line, 'bob', many('bob', 2));
    line.gate.open();
    await eventually(() => line.delivered.length === 102);
    expect(line.painted[0]).toBe('ada-0');
    expect(line.painted[1]).toBe('bob-0');
    expect(line.painted.indexOf('bob-1')).toBeLessThanOrEqual(4);
    expect(line.painted.filter((name) => name.startsWith('ada'))).toEqual(many('ada', 100));
  }, 60_000);

  it('goes round between people, in the order of each', async () => {
    const line = slowHouse();
    line.open();
    for (const who of ['ada', 'bob', 'mia']) await ask(line, who, many(who, 4));
    line.gate.open();
    await eventually(() => line.delivered.length === 12);
    for (const who of ['ada', 'bob', 'mia']) {
      expect(line.painted.filter((name) => name.startsWith(who))).toEqual(many(who, 4));
      // The first of all had begun alone.
      expect(line.painted.slice(1, 4).filter((name) => name.startsWith(who)).length).toBe(1);
    }
  });

  it('goes round between servers too: many people of one do not crowd out another', async () => {
    const line = slowHouse();
    line.open();
    for (let nth = 0; nth < 40; nth++) await ask(line, `crowd-${nth}`, [`crowd-${nth}`], { server: 'big' });
    await ask(line, 'bob', many('bob', 3), { server: 'small' });
    line.gate.open();
    await eventually(() => line.delivered.length === 43);
    expect(line.painted.indexOf('bob-2')).toBeLessThan(20);
  }, 30_000);

  it('brings a picture forward that somebody wants whose turn comes earlier', async () => {
    const line = slowHouse();
    line.open();
    await ask(line, 'ada', many('ada', 10));
    await ask(line, 'bob', ['ada-9']);
    line.gate.open();
    await eventually(() => line.delivered.length === 11);
    expect(line.painted[1]).toBe('ada-9');
    expect(line.painted).toHaveLength(10);
  });

  it('forgets what was paid for once nobody waits', async () => {
    const line = slowHouse();
    line.open();
    line.gate.open();
    await ask(line, 'ada', many('ada', 5));
    await eventually(() => line.delivered.length === 5);
    await ask(line, 'ada', ['again']);
    await eventually(() => line.delivered.length === 6);
    const { redis } = line.context;
    expect(await redis.zcard('{impasto}:turns:inference:people')).toBe(1);
    expect(Number(await redis.get('{impasto}:turns:inference:now'))).toBeLessThan(60);
  });

  it('takes what costs little before what costs much, where both come at once', async () => {
    const line = slowHouse();
    await line.context.jobs.learn(sized(1000), aRequest().task, 40);
    await line.context.jobs.learn(sized(10), aRequest().task, 1);
    line.open();
    await ask(line, 'ada', ['ada-0-w10']);
    await ask(line, 'bob', ['bob-0-w1000']);
    await ask(line, 'mia', ['mia-0-w10']);
    line.gate.open();
    await eventually(() => line.delivered.length === 3);
    expect(line.painted).toEqual(['ada-0-w10', 'mia-0-w10', 'bob-0-w1000']);
  });
});

describe('the wait', () => {
  it('is not told where nobody can know', async () => {
    const line = slowHouse();
    const shown: Progress[] = [];
    await line.queue.onProgress('playground', (progress) => shown.push(progress));
    line.open();
    await ask(line, 'ada', ['ada-0', 'ada-1']);
    await eventually(() => shown.some(({ before }) => before === 1));
    expect(shown.every(({ seconds }) => seconds === undefined)).toBe(true);
    line.gate.open();
    await eventually(() => line.delivered.length === 2);
  });

  it('adds up what is before one', async () => {
    const line = slowHouse();
    await line.context.jobs.learn(sized(picture.width), aRequest().task, 30);
    const shown: Progress[] = [];
    await line.queue.onProgress('playground', (progress) => shown.push(progress));
    line.open();
    await ask(line, 'ada', ['ada-0', 'ada-1', 'ada-2']);
    // Half of what runs, and one more.
    await eventually(() => shown.some(({ before, seconds }) => before === 2 && seconds === 45));
    line.gate.open();
    await eventually(() => line.delivered.length === 3);
  });
});

function sized(width: number) {
  return { hash: '', bytes: 1, ...picture, width };
}
