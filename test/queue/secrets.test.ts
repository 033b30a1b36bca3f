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
});
