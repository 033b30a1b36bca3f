import fc from 'fast-check';

/** One thing done to a file. Places are taken modulo its length, so that they fit any. */
export type Damage =
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'drop'; readonly at: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number }
  | { readonly kind: 'splice'; readonly at: number; readonly other: number; readonly from: number }
  | {
      readonly kind: 'number';
      readonly mark: number;
      readonly shift: number;
      readonly width: Width;
      readonly value: number;
    }
  | { readonly kind: 'noise'; readonly at: number; readonly bytes: Uint8Array };

type Width = '8' | '16 BE' | '32 BE' | '16 LE' | '32 LE';

/** Numbers at which lengths and sizes go wrong. */
const CRITICAL = [0, 1, 2, 4, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xfffe, 0xffff, 0x10000, 0xffffff];
const HUGE = [0x7ffffffe, 0x7fffffff, 0x80000000, 0xfffffff0, 0xfffffffe, 0xffffffff];

const place = fc.nat(1 << 20);
const length = fc.oneof(fc.nat(16), fc.nat(4096));

/** What can be done to a file, smallest first. */
export const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('cut' as const), at: place }),
  fc.record({ kind: fc.constant('drop' as const), at: place, length }),
  fc.record({ kind: fc.constant('repeat' as const), at: place, length }),
  fc.record({ kind: fc.constant('noise' as const), at: place, bytes: fc.uint8Array({ maxLength: 12 }) }),
  fc.record({ kind: fc.constant('splice' as const), at: place, other: fc.nat(64), from: place }),
  fc.record({
    kind: fc.constant('number' as const),
    mark: fc.nat(64),
    shift: fc.integer({ min: -4, max: 12 }),
    width: fc.constantFrom<Width>('8', '16 BE', '32 BE', '16 LE', '32 LE'),
    value: fc.oneof(fc.constantFrom(...CRITICAL, ...HUGE), fc.nat(0xffff)),
  }),
);

/** A file that damage is done to. */
export interface Sample {
  readonly name: string;
  readonly bytes: Buffer;
  /** Where its parts begin: lengths and sizes stand there. */
  readonly marks: readonly number[];
}

/**
 * A sample after damage, in order.
 * @param others what pieces are taken from
 */
export function damaged(sample: Sample, all: readonly Damage[], others: readonly Sample[]): Buffer {
  return all.reduce<Buffer>((bytes, each) => after(bytes, each, sample.marks, others), sample.bytes);
}

function after(bytes: Buffer, done: Damage, marks: readonly number[], others: readonly Sample[]): Buffer {
  if (bytes.length === 0) return bytes;
  switch (done.kind) {
    case 'cut':
      return bytes.subarray(0, done.at % bytes.length);
    case 'flip': {
      const at = done.at % bytes.length;
      return replaced(bytes, at, Buffer.of((bytes[at] ?? 0) ^ (1 << done.bit)));
    }
    case 'drop': {
      const at = done.at % bytes.length;
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + done.length)]);
    }
    case 'repeat': {
      const at = done.at % bytes.length;
      return Buffer.concat([bytes.subarray(0, at + done.length), bytes.subarray(at)]);
    }
    case 'noise':
      return replaced(bytes, done.at % bytes.length, done.bytes);
    case 'splice': {
      const other = others[done.other % others.length]?.bytes ?? bytes;
      return Buffer.concat([
        bytes.subarray(0, done.at % bytes.length),
        other.subarray(done.from % other.length),
      ]);
    }
    case 'number': {
      const mark = marks[done.mark % Math.max(1, marks.length)] ?? 0;
      return replaced(bytes, Math.max(0, mark + done.shift), encoded(done.value, done.width));
    }
  }
}

function replaced(bytes: Buffer, at: number, by: Uint8Array): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(by.subarray(0, Math.max(0, copy.length - at)), Math.min(at, copy.length));
  return copy;
}

function encoded(value: number, width: Width): Buffer {
  const whole = Buffer.alloc(4);
  const little = width.endsWith('LE');
  if (little) whole.writeUInt32LE(value);
  else whole.writeUInt32BE(value);
  const size = Number.parseInt(width, 10) / 8;
  return little ? whole.subarray(0, size) : whole.subarray(4 - size);
}
