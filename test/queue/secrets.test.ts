import { describe, expect, it } from 'vitest';
import { createSealer } from '../../src/queue/secrets.ts';

const SECRET = 'a secret of enough bytes';

describe('what is sealed', () => {
  it('opens under its own secret, purpose and name only', () => {
    const sealed = createSealer(SECRET, 'installation').seal('T1', { token: 'xoxb-1' });
    expect(createSealer(SECRET, 'installation').open('T1', sealed)).toEqual({ token: 'xoxb-1' });
    const others = [
      () => createSealer(SECRET, 'place').open('T1', sealed),
      () => createSealer('another secret of bytes', 'installation').open('T1', sealed),
      () => createSealer(SECRET, 'installation').open('T2', sealed),
    ];
    for (const open of others) {
      expect(open).toThrow(expect.objectContaining({ code: 'sealed-unreadable', report: true }));
    }
  });

  it('shows nothing of what it holds', () => {
    const sealed = createSealer(SECRET, 'installation').seal('T1', { token: 'xoxb-1' });
    expect(sealed.toString('latin1')).not.toMatch(/token|xoxb|T1/);
  });

  it('opens under an earlier secret too, and is renewed under the current one', () => {
    const before = createSealer(SECRET, 'installation').seal('T1', { token: 'xoxb-1' });
    const turned = createSealer('another secret of bytes', 'installation', [SECRET]);
    expect(turned.open('T1', before)).toEqual({ token: 'xoxb-1' });
    const renewed = turned.renew('T1', before) ?? Buffer.of();
    expect(createSealer('another secret of bytes', 'installation').open('T1', renewed)).toEqual({
      token: 'xoxb-1',
    });
    expect(turned.renew('T1', renewed)).toBeUndefined();
    expect(() => turned.renew('T2', before)).toThrow(expect.objectContaining({ code: 'sealed-unreadable' }));
  });

  it('needs secrets of 16 bytes, the earlier ones too', () => {
    expect(() => createSealer('short', 'place')).toThrow(RangeError);
    expect(() => createSealer(SECRET, 'place', ['short'])).toThrow(RangeError);
  });
});
