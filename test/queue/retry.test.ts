import { describe, expect, it } from 'vitest';
import { ImpastoError, UserError } from '../../src/errors.ts';
import { pauseBeforeRetry, worthRetrying } from '../../src/queue/failure.ts';
import { defaultSettings } from '../../src/queue/settings.ts';
import { aRequest, type House, picture, useHouses } from './house.ts';
import { eventually } from './support.ts';

const away = (data = {}) =>
  new ImpastoError({ code: 'platform-away', userMessage: 'It is away.', retryable: true, data });

describe('what is retried', () => {
  it('is what can be retried, until the attempts are used up', () => {
    expect(worthRetrying(away(), 1, 4, defaultSettings)).toBe(true);
    expect(worthRetrying(away(), 3, 4, defaultSettings)).toBe(true);
    expect(worthRetrying(away(), 4, 4, defaultSettings)).toBe(false);
    expect(worthRetrying(new UserError('image-empty', 'Empty.'), 1, 4, defaultSettings)).toBe(false);
    expect(worthRetrying(new TypeError('x'), 2, 30, defaultSettings)).toBe(true);
    expect(worthRetrying(new TypeError('x'), 3, 30, defaultSettings)).toBe(false);
    expect(worthRetrying('a string', 1, 1, defaultSettings)).toBe(false);
  });

  it('pauses longer each time, up to a limit, and never twice alike for all', () => {
    const settings = { ...defaultSettings, backoffMs: 1_000, backoffLimitMs: 8_000 };
    for (let attempt = 1; attempt <= 8; attempt++) {
      const full = Math.min(8_000, 1_000 * 2 ** (attempt - 1));
      const pauses = Array.from({ length: 50 }, () => pauseBeforeRetry(attempt, away(), settings));
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(full / 2);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(full);
      expect(new Set(pauses).size).toBeGreaterThan(5);
    }
  });

  it('waits out what a platform asks for', () => {
    expect(pauseBeforeRetry(1, away({ retryAfterMs: 30_000 }), defaultSettings)).toBeGreaterThan(30_000);
  });

  it('waits no longer than asked for, but for what spreads those who were told the same', () => {
    const { backoffMs } = defaultSettings;
    const pauses = [1, 2, 3, 4, 5].map((attempt) =>
      pauseBeforeRetry(attempt, away({ retryAfterMs: 30_000 }), defaultSettings),
    );
    expect(Math.max(...pauses)).toBeLessThanOrEqual(30_000 + backoffMs);
    expect(new Set(pauses).size).toBeGreaterThan(1);
  });
});

describe('failure', () => {
  const { house, redis } = useHouses();

  /** Submit one request and wait for what is said about it. */
  async function outcomeOf(made: House, request = aRequest()) {
    made.open();
    await made.queue.submit(request, {}, 60);
    await eventually(() => made.delivered.length === 1);
    return made.delivered[0]?.outcome;
  }

  it('that may pass is tried again, everywhere on the way', async () => {
    const tries = { intake: 0, inference: 0, delivery: 0 };
    const twice = (kind: keyof typeof tries) => {
      if (++tries[kind] <= 2) throw away();
    };
    const made = house({
      intake: async () => {
        twice('intake');
        return [{ source: await made.artefacts.put(Buffer.from('a photo'), picture) }];
      },
      inference: async () => {
        twice('inference');
        return made.artefacts.put(Buffer.from('a painting'), picture);
      },
      delivery: async () => {
        twice('delivery');
        return undefined;
      },
    });
    expect(await outcomeOf(made)).toMatchObject({ kind: 'pictures' });
    expect(tries).toEqual({ intake: 3, inference: 3, delivery: 3 });
    expect(redis().log.lines.filter(({ message }) => message.startsWith('An attempt failed'))).toHaveLength(
      6,
    );
  });

  it('that is the person’s own is said at once, and not to the log’s alarm', async () => {
    let tries = 0;
    const made = house({
      intake: async () => {
        tries++;
        throw new UserError('image-empty', 'The file is empty. Send a picture.');
      },
    });
    const request = aRequest();
    expect(await outcomeOf(made, request)).toMatchObject({
      kind: 'failure',
      code: 'image-empty',
      userMessage: 'The file is empty. Send a picture.',
      incident: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
    await eventually(async () => (await made.queue.progress(request.id))?.state === 'failed');
    expect(tries).toBe(1);
    expect(redis().log.lines.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('that lasts is said when the attempts are used up', async () => {
    let tries = 0;
    const made = house(
      {
        inference: async () => {
          tries++;
          throw away();
        },
      },
      { attempts: { intake: 1, inference: 3, delivery: 1 } },
    );
    expect(await outcomeOf(made)).toMatchObject({ kind: 'failure', code: 'platform-away' });
    expect(tries).toBe(3);
  });

  it('that nobody foresaw shows a person no stack, and the log all of it under the incident', async () => {
    const made = house({
      inference: async () => {
        throw new TypeError('secret detail of the program');
      },
    });
    const outcome = await outcomeOf(made);
    if (outcome?.kind !== 'failure') throw new Error('expected a failure');
    expect(outcome.code).toBe('internal');
    expect(outcome.userMessage).toContain(outcome.incident);
    expect(JSON.stringify(outcome)).not.toContain('secret detail');
    const line = redis().log.lines.find(({ level }) => level === 'error');
    expect(line?.facts).toMatchObject({ incident: outcome.incident, err: expect.any(TypeError) });
    // Nor do the jobs keep it.
    const names = await made.context.redis.keys('{impasto}:inference:inference-*');
    const fields = await Promise.all(names.map((name) => made.context.redis.hgetall(name)));
    expect(fields).not.toEqual([]);
    expect(JSON.stringify(fields)).not.toContain('secret detail');
  });

  it('of a shared job is told to each, and the same wish may be uttered again', async () => {
    let broken = true;
    const made = house(
      {
        inference: async () => {
          if (broken) throw new UserError('image-damaged', 'It is damaged.');
          return made.artefacts.put(Buffer.from('a painting'), picture);
        },
      },
      {},
    );
    made.open(['intake', 'delivery']);
    const requests = [aRequest(), aRequest(), aRequest()];
    for (const request of requests) await made.queue.submit(request, {}, 60);
    await eventually(async () => {
      const states = await Promise.all(requests.map(({ id }) => made.queue.progress(id)));
      return states.every((progress) => progress?.state === 'waiting');
    });
    made.open(['inference']);
    await eventually(() => made.delivered.length === 3);
    expect(made.delivered.map(({ outcome }) => outcome.kind)).toEqual(['failure', 'failure', 'failure']);
    expect(made.runs()).toBe(1);
    broken = false;
    await made.queue.submit(aRequest(), {}, 60);
    await eventually(() => made.delivered.length === 4);
    expect(made.delivered[3]?.outcome.kind).toBe('pictures');
  });

  it('to deliver a picture is said in its place, once', async () => {
    const tried: string[] = [];
    const made = house({
      delivery: async (_request, _place, outcome) => {
        tried.push(outcome.kind);
        if (outcome.kind === 'pictures')
          throw new UserError('file-too-large', 'The channel takes no such file.');
        return undefined;
      },
    });
    const request = aRequest();
    expect(await outcomeOf(made, request)).toMatchObject({ kind: 'failure', code: 'file-too-large' });
    await eventually(async () => (await made.queue.progress(request.id))?.state === 'failed');
    expect(tried).toEqual(['pictures', 'failure']);
  });

  it('to deliver anything closes the request all the same', async () => {
    const made = house({
      delivery: async () => {
        throw new UserError('channel-gone', 'The channel is gone.');
      },
    });
    made.open();
    const request = aRequest();
    await made.queue.submit(request, {}, 60);
    await eventually(async () => (await made.queue.progress(request.id))?.state === 'failed');
    expect(await made.context.records.open()).toEqual([]);
  });

  it('renews the source with every attempt', async () => {
    const lives: number[] = [];
    const made = house({
      inference: async ({ source }) => {
        const key = `{impasto}:artefact:${source.hash}`;
        lives.push(await made.context.redis.pttl(key));
        await made.context.redis.pexpire(key, 10_000);
        if (lives.length < 3) throw away();
        return made.artefacts.put(Buffer.from('a painting'), picture);
      },
    });
    expect(await outcomeOf(made)).toMatchObject({ kind: 'pictures' });
    expect(lives).toHaveLength(3);
    expect(Math.min(...lives)).toBeGreaterThan(30_000);
  });

  it('because the source is no longer stored asks for the picture again', async () => {
    const made = house({});
    made.open(['intake', 'delivery']);
    const request = aRequest();
    await made.queue.submit(request, {}, 60);
    await eventually(async () => (await made.queue.progress(request.id))?.state === 'waiting');
    const [name] = await made.context.redis.keys('{impasto}:artefact:*');
    await made.context.redis.del(name ?? '');
    made.open(['inference']);
    await eventually(() => made.delivered.length === 1);
    expect(made.delivered[0]?.outcome).toMatchObject({ kind: 'failure', code: 'source-gone' });
    expect(made.runs()).toBe(0);
  });
});
