import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlaces } from '../../src/queue/places.ts';

describe('places', () => {
  const places = createPlaces('a secret of enough bytes');

  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.jsonValue(), (id, value) => {
        const place = JSON.parse(JSON.stringify(value));
        expect(places.open(id, places.seal(id, place))).toEqual(place);
      }),
      { numRuns: 30 },
    );
  });

  it('show nothing of what they hold, nor that two are the same', () => {
    const sealed = places.seal('r1', { token: 'interaction-token' });
    expect(sealed.toString('latin1')).not.toContain('token');
    expect(sealed.equals(places.seal('r1', { token: 'interaction-token' }))).toBe(false);
  });

  it('open under the same secret only, and for their own request only', () => {
    const sealed = places.seal('r1', { channel: 'c' });
    expect(createPlaces('a secret of enough bytes').open('r1', sealed)).toEqual({ channel: 'c' });
    const foreign = () => createPlaces('another secret of bytes').open('r1', sealed);
    expect(foreign).toThrow(expect.objectContaining({ code: 'place-unreadable', report: true }));
    expect(() => places.open('r2', sealed)).toThrow(expect.objectContaining({ code: 'place-unreadable' }));
  });

  it('do not open once a single bit is turned, or a byte is missing', () => {
    const sealed = places.seal('r1', { channel: 'c' });
    fc.assert(
      fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
        const bent = Buffer.from(sealed);
        bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => places.open('r1', bent)).toThrow(expect.objectContaining({ code: 'place-unreadable' }));
      }),
      { numRuns: 30 },
    );
    for (const length of [0, 1, 12, 28, sealed.length - 1]) {
      expect(() => places.open('r1', sealed.subarray(0, length))).toThrow('place-unreadable');
    }
  });

  it('take no secret that is too short to be one', () => {
    expect(() => createPlaces('short')).toThrow(RangeError);
  });
});
