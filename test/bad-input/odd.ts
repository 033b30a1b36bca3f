import {
  bomb,
  chunk,
  declaredGif,
  declaredJpeg,
  gif,
  header,
  hex,
  pixels,
  png,
  pngOf,
  withBytes,
  withChunk,
  withSegment,
} from './files.ts';

/** A file that is strange, and a picture all the same. */
export interface Odd {
  readonly input: string;
  readonly make: () => Promise<Buffer>;
  /** Upright, in pixels. */
  readonly size: readonly [number, number];
}

const latin = (value: string): Buffer => Buffer.from(value, 'latin1');
const exif = async (tiff: string): Promise<Buffer> =>
  withSegment(0xe1, Buffer.concat([latin('Exif\0\0'), await hex(tiff)]));

/** What these hold besides their pixels is passed over, unread or within limits of its own. */
export const odd: readonly Odd[] = [
  {
    input: 'a PNG whose profile unpacks to 200 MB',
    make: () => withChunk('iCCP', Buffer.concat([latin('bomb\0\0'), bomb(200)])),
    size: [8, 8],
  },
  {
    input: 'a PNG whose comment unpacks to 200 MB',
    make: () => withChunk('zTXt', Buffer.concat([latin('Comment\0\0'), bomb(200)])),
    size: [8, 8],
  },
  {
    input: 'a PNG whose international comment unpacks to 200 MB',
    make: () => withChunk('iTXt', Buffer.concat([latin('Comment\0\x01\0\0\0'), bomb(200)])),
    size: [8, 8],
  },
  {
    input: 'a PNG whose pixels unpack to 200 MB more than it has',
    make: async () => pngOf(header(8, 8), chunk('IDAT', bomb(200))),
    size: [8, 8],
  },
  {
    input: 'a PNG whose profile is none',
    make: () => withChunk('iCCP', latin('x\0\0garbage')),
    size: [8, 8],
  },
  {
    input: 'a PNG with a part that nobody knows',
    make: () => withChunk('abCd', Buffer.alloc(4)),
    size: [8, 8],
  },
  {
    input: 'a PNG that says it moves, and does not',
    make: async () => pngOf(header(8, 8), chunk('acTL', await hex('00000002 00000000')), pixels()),
    size: [8, 8],
  },
  {
    input: 'a PNG with a ZIP behind it',
    make: async () => Buffer.concat([await png(), await hex('504b0304 14000000 0800')]),
    size: [120, 90],
  },
  {
    input: 'a GIF with a ZIP behind it',
    make: async () => Buffer.concat([await gif(), await hex('504b0304 14000000 0800')]),
    size: [120, 90],
  },
  {
    input: 'a GIF that is a script too',
    make: () => withBytes(gif(), 6, latin('/*')),
    size: [120, 90],
  },
  {
    input: 'a GIF whose canvas says 65,535 × 65,535 around one pixel',
    make: () => declaredGif(65_535, 65_535, 1),
    size: [1, 1],
  },
  {
    input: 'a JPEG with a page in its comment',
    make: () => withSegment(0xfe, latin('<script>alert(1)</script>')),
    size: [120, 90],
  },
  {
    input: 'a JPEG that says it is larger than it is',
    make: () => declaredJpeg(1200, 900),
    size: [1200, 900],
  },
  {
    input: 'a JPEG that stands on its ninth side (EXIF)',
    make: () => exif('4d4d002a 00000008 0001 0112 0003 00000001 00090000 00000000'),
    size: [120, 90],
  },
  {
    input: 'a JPEG whose EXIF goes round in a circle',
    make: () => exif('4d4d002a 00000008 0000 00000008'),
    size: [120, 90],
  },
  {
    input: 'a JPEG whose EXIF says it has 65,535 entries of 4 GB',
    make: () => exif('4d4d002a 00000008 ffff 0112 0003 ffffffff 00060000'),
    size: [120, 90],
  },
  {
    input: 'a JPEG of 60 KB of EXIF that is none',
    make: () => withSegment(0xe1, Buffer.concat([latin('Exif\0\0'), Buffer.alloc(60_000, 0xff)])),
    size: [120, 90],
  },
  {
    input: 'a JPEG whose profile is 60 KB of one letter',
    make: () =>
      withSegment(0xe2, Buffer.concat([latin('ICC_PROFILE\0\x01\x01'), Buffer.alloc(60_000, 0x41)])),
    size: [120, 90],
  },
  {
    input: 'a JPEG of whose profile’s 255 parts one is there',
    make: () => withSegment(0xe2, Buffer.concat([latin('ICC_PROFILE\0\x02\xFF'), Buffer.alloc(100, 0x41)])),
    size: [120, 90],
  },
];
