import { expect, it } from 'vitest';
import { revive } from '../../../src/cli/pool/messages.ts';
import { ImpastoError } from '../../../src/errors.ts';

it.each([
  ['its own sentence for people', 'It cannot paint today.', 'It cannot paint today.'],
  ['the one sentence for all', true, 'Restore /srv/x.onnx.'],
  ['no sentence for people', undefined, undefined],
] as const)('an error that comes out of a child with %s keeps it so', (_, publicMessage, heard) => {
  const userMessage = 'Restore /srv/x.onnx.';
  const thrown = new ImpastoError({ code: 'x-damaged', userMessage, report: true, publicMessage });
  // Only fields survive the way between processes.
  const revived = revive(structuredClone({ ...thrown }));
  expect(revived).toBeInstanceOf(ImpastoError);
  expect(revived).toMatchObject({ code: 'x-damaged', userMessage, report: true });
  expect(Object(revived).publicMessage).toBe(heard);
});
