import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { STATUS } from '../../../src/bots/playground/problem.ts';
import { ImpastoError } from '../../../src/errors.ts';
import { aGate, through } from '../../queue/house.ts';
import { eventually } from '../../queue/support.ts';
import { usePlayground } from './use-playground.ts';
import { visit } from './visitor.ts';

const docs = readFileSync('docs/playground.md', 'utf8');
const { house } = usePlayground();

/** The JSON examples of a section: a block holds one, or one on each line. */
function examples(heading: string): unknown[] {
  const section = docs.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const blocks = [...section.matchAll(/```json\n(.*?)```/gs)].map((match) => match[1] ?? '');
  return blocks.flatMap((block) =>
    block.includes('\n{') ? block.trim().split('\n').map(parse) : [parse(block)],
  );
}

function parse(json: string): unknown {
  return JSON.parse(json);
}

/** Names of fields all the way down; of a list, those of its first. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shape);
  if (typeof value !== 'object' || value === null) return typeof value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, inside]) => [name, shape(inside)]));
}

describe('docs/playground.md', () => {
  it('names calls that are all there', async () => {
    const ann = await visit(house().playground.url);
    const calls = [...docs.matchAll(/`(GET|POST) (\/[^\s`]*)`/g)].map(([, method, path]) => ({
      method: method ?? '',
      path: path ?? '',
    }));
    const named = new Set(calls.map(({ method, path }) => `${method} ${path}`));
    expect([...named].sort()).toEqual([
      'GET /',
      'GET /api/commands',
      'GET /api/events',
      'GET /api/pictures/:id',
      'GET /api/previews/:name',
      'GET /api/samples',
      'GET /api/samples/:name',
      'GET /healthz',
      'POST /api/messages',
      'POST /api/pictures',
      'POST /api/reactions',
      'POST /api/requests/:id/cancel',
    ]);
    const real = (path: string) => path.replace('previews/:name', 'previews/starry-night');
    for (const { method, path } of calls.filter((call) => call.path !== '/api/events')) {
      const { body } = await ann.raw(real(path), { method });
      expect(body.error?.code, `${method} ${path}`).not.toBe('not-found');
    }
  });

  it('shows commands, samples, pictures and limits as they are answered', async () => {
    const ann = await visit(house().playground.url);
    const { body: commands } = await ann.get('/api/commands');
    const stylize = {
      ...commands,
      commands: commands.commands.slice(0, 1),
      styles: commands.styles.slice(0, 1),
      upscalers: commands.upscalers.filter(({ name }) => name === 'x4'),
    };
    const [example] = examples('`GET /api/commands`');
    expect(shape(stylize)).toEqual(shape(example));
    expect(example).toMatchObject({
      limits: commands.limits,
      commands: [{ usage: commands.commands[0]?.usage, options: [{}, { default: 1 }, { default: false }] }],
    });
    const taken = await ann.post('/api/pictures', { sample: 'boats' });
    expect(shape(taken.body)).toEqual(shape(examples('`POST /api/pictures`')[0]));
    expect(shape((await ann.get('/api/samples')).body)).toEqual(shape(examples('`GET /api/samples`')[0]));
    const { error } = (await ann.get('/api/nothing')).body;
    const documented = Object.keys(Object(Object(examples('Errors')[0]).error));
    expect([...Object.keys(error), 'incident']).toEqual(documented);
  });

  it('shows messages and progress as they are told', async () => {
    const ann = await visit(house().playground.url);
    const page = await ann.follow();
    const gate = aGate();
    const [message, waiting, running] = examples('`GET /api/events`');
    const { id } = await ann.picture();
    const posted = {
      ...Object(examples('`POST /api/messages`')[0]),
      text: '/stylize great-wave',
      pictures: [id],
    };
    const { body } = await ann.post('/api/messages', { ...posted, key: 'a-key-of-its-own' });
    await eventually(() => page.progress().find(({ state }) => state === 'accepted' || state === 'waiting'));
    house().work(async ({ source }, { report, signal }) => {
      report(0.4);
      await through(gate, signal);
      return source;
    });
    const told = await eventually(() => page.progress().find(({ fraction }) => fraction === 0.4));
    expect({ ...told, message: '' }).toEqual({ ...Object(running), message: '' });
    expect(Object.keys(Object(waiting))).toEqual(['message', 'state', 'text', 'before']);
    gate.open();
    const reaction = { message: body.message, picture: id, emoji: '🌌', key: 'another-key' };
    expect(Object.keys(reaction).sort()).toEqual(
      Object.keys(Object(examples('`POST /api/reactions`')[0])).sort(),
    );
    await ann.post('/api/reactions', reaction);
    const photo = await eventually(() => page.thread().find(({ reactions }) => reactions.length > 0));
    const open = {
      request: { id: '', state: '' },
      buttons: [{ action: '', label: '', request: '' }],
      replyTo: '',
    };
    expect(shape({ ...photo, ...open })).toEqual(shape(message));
    page.leave();
  });

  it('gives every refusal its status', async () => {
    const rows = [...docs.matchAll(/^\| ([45]\d\d) \| (.+) \|$/gm)];
    const statusOf = new Map(
      rows.flatMap(([, status, codes]) =>
        [...(codes ?? '').matchAll(/`([a-z-]+)`/g)].map(([, code]): [string, number] => [
          code ?? '',
          Number(status),
        ]),
      ),
    );
    const refusals = [...statusOf].filter(([, status]) => status < 500);
    expect(Object.fromEntries(refusals)).toEqual(STATUS);
    const ann = await visit(house().playground.url);
    const stranger = {
      ...ann,
      post: (path: string) => fetch(new URL(path, house().playground.url), { method: 'POST' }),
    };
    const answers = [
      await ann.get('/api/nothing'),
      await ann.get('/api/pictures/nothing'),
      await ann.get('/api/samples/nothing'),
      await ann.get('/%E0%A4%A'),
      await ann.get(`/api/pictures/${'x'.repeat(200)}`),
      await ann.post('/api/messages', { text: 7 }),
      await ann.post('/api/reactions', { message: 'none', picture: 'none', emoji: '🌌' }),
      await ann.post('/api/messages', { text: 'x' }, { origin: 'http://evil.example' }),
    ];
    for (const { status, body } of answers)
      expect([body.error.code, status]).toEqual([body.error.code, statusOf.get(body.error.code)]);
    expect((await stranger.post('/api/messages')).status).toBe(statusOf.get('session-missing'));

    const failures: [string, unknown][] = [
      ['internal', new TypeError('x')],
      ...[true, false].map((retryable): [string, unknown] => {
        const code = retryable ? 'child-died' : 'job-too-slow';
        return [
          code,
          new ImpastoError({
            code,
            userMessage: 'It broke off.',
            retryable,
            report: true,
            publicMessage: true,
          }),
        ];
      }),
    ];
    for (const [code, failure] of failures) {
      const inspect = () => Promise.reject(failure);
      const broken = await visit((await house().another({ inspect })).url);
      const { status, body } = await broken.upload(Buffer.from('a photo'));
      expect([body.error.code, status]).toEqual([code, statusOf.get(code)]);
    }
  });

  it('gives every refusal its shape, of what is no address too', async () => {
    for (const path of ['/%E0%A4%A', '/api/%E0%A4%A', '/api/nothing', '/nothing']) {
      const answer = await fetch(new URL(path, house().playground.url));
      const { error } = Object(await answer.json());
      expect(Object.keys(error), path).toEqual(['code', 'message']);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });
});
