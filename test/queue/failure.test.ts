import { describe, expect, it } from 'vitest';
import { ImpastoError, type ImpastoErrorInit, UserError } from '../../src/errors.ts';
import { failureOf } from '../../src/queue/failure.ts';
import { answered, connect } from '../../src/queue/redis.ts';
import type { FailureOutcome } from '../../src/queue/request.ts';
import { type LogLine, memoryLog } from './support.ts';

/** What a person is told of an error, and what the log is. */
function told(error: unknown): { readonly failure: FailureOutcome; readonly line: LogLine | undefined } {
  const log = memoryLog();
  const failure = failureOf(error, log, { request: 'r1' });
  expect(failure.incident).toMatch(/^[0-9a-f]{8}$/);
  expect(log.lines).toHaveLength(1);
  expect(log.lines[0]?.facts).toMatchObject({ request: 'r1', incident: failure.incident });
  return { failure, line: log.lines[0] };
}

const damaged = (init: Partial<ImpastoErrorInit> = {}): ImpastoError =>
  new ImpastoError({ code: 'x-damaged', userMessage: 'Restore /srv/models/x.onnx.', ...init });

describe('a failure in the words for people', () => {
  it('is a general sentence where only whoever runs the program can help, and the log has it all', () => {
    const error = damaged({ report: true, data: { file: '/srv/models/x.onnx' } });
    const { failure, line } = told(error);
    expect(failure).toMatchObject({ kind: 'failure', code: 'internal', data: {} });
    expect(failure.userMessage).toMatch(new RegExp(`^Something went wrong .* ${failure.incident}\\.$`));
    expect(JSON.stringify(failure)).not.toContain('/srv');
    expect(line).toMatchObject({ level: 'error', facts: { err: error } });
    expect(error.message).toContain('Restore /srv/models/x.onnx.');
  });

  it('is the sentence meant for them, where a reported error has one', () => {
    const own = told(damaged({ report: true, publicMessage: 'This style cannot paint today.' }));
    expect(own.failure.userMessage).toBe('This style cannot paint today.');
    expect(own.line?.level).toBe('error');
    const same = told(damaged({ userMessage: 'Try a smaller one.', report: true, publicMessage: true }));
    expect(same.failure.userMessage).toBe('Try a smaller one.');
  });

  it('carries the facts of its sentence, but not those of a sentence that is for the log', () => {
    const data = { bytes: 12, limit: 10 };
    expect(told(new UserError('file-too-large', 'Too large.', { data })).failure.data).toEqual(data);
    const own = damaged({ report: true, publicMessage: 'Not today.', data: { file: '/srv/x' } });
    expect(told(own).failure).toMatchObject({ code: 'x-damaged', data: {} });
  });

  it('is the error’s own sentence where nobody is to hear of it but them', () => {
    const { failure, line } = told(new UserError('image-empty', 'The file is empty.'));
    expect(failure).toMatchObject({ code: 'image-empty', data: {}, userMessage: 'The file is empty.' });
    expect(line).toMatchObject({ level: 'info', facts: { code: 'image-empty' } });
  });

  it('keeps the address of a Redis that is away to the log', async () => {
    const redis = connect('redis://127.0.0.1:1/0', 'producer', memoryLog());
    try {
      const away = await answered(redis, redis.ping()).catch((reason: unknown) => reason);
      const { failure, line } = told(away);
      expect(failure.code).toBe('redis-away');
      expect(failure.userMessage).toBe("Impasto can't reach its memory just now. Try again in a moment.");
      expect(line?.facts).toMatchObject({ err: { userMessage: expect.stringContaining('127.0.0.1:1') } });
    } finally {
      redis.disconnect();
    }
  });
});
