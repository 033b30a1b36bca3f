import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { decode } from '../../src/images/decode.ts';
import { gif, jpeg, manyFrames, png, webp } from '../bad-input/files.ts';

describe('a stranger’s file', () => {
  it('is bounded by limits that the caller sets', async () => {
    const bytes = await png();
    await expect(decode(bytes, { bytes: 1000 })).rejects.toMatchObject({ code: 'image-file-too-large' });
    await expect(decode(bytes, { pixels: 1000 })).rejects.toMatchObject({ code: 'image-too-large' });
    await expect(decode(bytes, { side: 100 })).rejects.toMatchObject({ code: 'image-too-large' });
    await expect(decode(await manyFrames(3), { frames: 2 })).rejects.toMatchObject({
      code: 'image-too-many-frames',
    });
    expect((await decode(bytes, { pixels: 120 * 90 })).width).toBe(120);
  });

  it('never lets any but our own errors out, whatever byte is wrong', async () => {
    const sources = await Promise.all([jpeg(), png(), webp(), gif()]);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sources), fc.nat(), fc.nat(255), async (source, place, value) => {
        const bytes = Buffer.from(source);
        bytes[place % bytes.length] = value;
        const error = await decode(bytes).then(
          () => undefined,
          (cause: unknown) => cause,
        );
        if (error !== undefined) expect(error).toBeInstanceOf(UserError);
      }),
      { numRuns: 120, seed: 11 },
    );
  });
});
