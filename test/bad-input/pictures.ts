import { gzipSync } from 'node:zlib';
import { decode, inspect } from '../../src/images/decode.ts';
import {
  animation,
  avif,
  chunk,
  declaredGif,
  declaredJpeg,
  declaredPng,
  declaredWebp,
  flipped,
  gif,
  half,
  header,
  hex,
  jpeg,
  manyFrames,
  pixels,
  png,
  pngOf,
  text,
  tiff,
  webp,
  withBytes,
  withChunk,
} from './files.ts';
import { type BadInput, refusalOf, type Topic } from './input.ts';

type Making = () => Promise<Buffer>;

/** Files that are all answered alike. */
function files(code: string, reads: string, all: Readonly<Record<string, Making>>): readonly BadInput[] {
  return Object.entries(all).map(([input, make]) => file(input, code, reads, make));
}

function file(input: string, code: string, reads: string, make: Making): BadInput {
  const refused = async () => {
    const bytes = await make();
    const [seen, ...others] = await Promise.all(
      [inspect, decode].map((read) => refusalOf(() => read(bytes))),
    );
    if (seen === undefined || others.some(({ code: other }) => other !== seen.code)) {
      throw new Error('looking and decoding disagree');
    }
    return seen;
  };
  return { input, code, reads, refused };
}

const NO_PICTURE = 'The file is no picture. Send a JPEG, PNG, WebP or GIF picture.';
const DAMAGED = 'The picture is damaged or incomplete. Open it, save it again, and send that.';
const unread = (format: string): string =>
  `${format} pictures can’t be read. Send a JPEG, PNG, WebP or GIF picture.`;
const large = (width: number, height: number): string =>
  `The picture is ${width} × ${height} pixels; up to 50 megapixels and 16384 pixels a side can be read. Make it smaller.`;

const noPictures: Topic = {
  title: 'Files that are no pictures',
  about: 'A file is what its bytes say; its name and what is said of it count for nothing.',
  inputs: [
    ...files('image-empty', 'The file is empty. Send the picture again.', {
      nothing: () => text(''),
    }),
    ...files('image-not-an-image', NO_PICTURE, {
      'one byte': () => hex('ff'),
      zeros: async () => Buffer.alloc(4096),
      'plain text': () => text('hello, this is not a picture'),
      'a page': () => text('<!DOCTYPE html><html><body>404</body></html>'),
      JSON: () => text('{"error":"not found"}'),
      'a shell script': () => text('#!/bin/sh\nrm -rf /\n'),
      'a PDF': () => text('%PDF-1.7\n1 0 obj\n<<>>\nendobj'),
      'a PDF with a JPEG behind its first line': async () =>
        Buffer.concat([Buffer.from('%PDF-1.7\n'), await jpeg()]),
      'a ZIP': () => hex('504b0304 14000000 0800'),
      'a ZIP with a PNG behind its first bytes': async () =>
        Buffer.concat([await hex('504b0304 14000000 0800'), await png()]),
      gzip: async () => gzipSync('x'),
      'a RAR': () => hex('526172211a0700cf'),
      'an ELF program': () => hex('7f454c46 02010100 00000000 00000000'),
      'a Windows program': () => text('MZ\x90\0'),
      'a film (MP4)': () => hex('00000018 66747970 6d703432 00000000 6d703432 69736f6d 0000'),
      'a film (WebM)': () => hex('1a45dfa3 9f428681 0142f781 0142f281 0442f381 08428284 7765626d'),
      'a song': () => hex('49443303 00000000 00215449 54320000 0017'),
      'a database': () => text('SQLite format 3\0'),
      'a scan from a clinic (DICOM)': async () => Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]),
      'a PNM': () => text('P6\n2 2\n255\n123456789012'),
      'an XML bomb': () => text('<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l "lol">]><svg>&l;</svg>'),
      'a PNG in base64': async () => text((await png()).toString('base64')),
      'a PNG as a data: address': async () =>
        text(`data:image/png;base64,${(await png()).toString('base64')}`),
      'a PNG that was sent as text': async () => text((await png()).toString('utf8')),
      'a PNG whose lines’ ends were changed': async () =>
        Buffer.from((await png()).toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
      'a PNG’s signature alone': async () => Buffer.concat([(await png()).subarray(0, 8), Buffer.alloc(40)]),
      'an SVG behind a PNG’s signature': async () =>
        Buffer.concat([(await png()).subarray(0, 8), Buffer.from('<svg/>')]),
      'a page with a PNG in it': async () => Buffer.concat([Buffer.from('<html>'), await png()]),
    }),
  ],
};

const otherFormats: Topic = {
  title: 'Pictures of other formats',
  about: 'JPEG, PNG, WebP and GIF are read; every other decoder is shut.',
  inputs: (
    [
      ['an SVG', 'SVG', () => text('<svg xmlns="http://www.w3.org/2000/svg"/>')],
      ['an SVG behind a declaration', 'SVG', () => text('<?xml version="1.0"?>\n<svg/>')],
      ['an SVG that fetches', 'SVG', () => text('<svg><image href="http://169.254.169.254/latest"/></svg>')],
      ['a TIFF', 'TIF', tiff],
      ['an AVIF', 'AVIF', avif],
      [
        'a HEIC, as telephones make them',
        'HEIC',
        () => hex('00000018 66747970 68656963 00000000 6d696631 68656963 00000000'),
      ],
      ['a BMP', 'BMP', async () => Buffer.concat([Buffer.from('BM'), Buffer.alloc(64)])],
      ['an icon', 'ICO', () => hex('00000100 01001010 00000100 20006804 00001600 0000')],
      ['a Photoshop file', 'PSD', async () => Buffer.concat([Buffer.from('8BPS\0\x01'), Buffer.alloc(40)])],
      ['a JPEG XL', 'JXL', () => hex('ff0a0010 0000')],
      [
        'a JPEG 2000',
        'JP2',
        () => hex('0000000c 6a502020 0d0a870a 00000014 66747970 6a703220 00000000 6a703220'),
      ],
      ['a camera’s raw file (Canon)', 'CR2', () => hex('49492a00 10000000 43520200 00')],
      ['a camera’s raw file (Fujifilm)', 'RAF', () => text('FUJIFILMCCD-RAW 0201')],
    ] satisfies readonly (readonly [string, string, Making])[]
  ).map(([input, format, make]) => file(input, 'image-format-unsupported', unread(format), make)),
};

const damaged: Topic = {
  title: 'Damaged pictures',
  about: 'Pictures are read strictly: what breaks off is refused, not painted grey from there on.',
  inputs: files('image-damaged', DAMAGED, {
    'half a JPEG': () => half(jpeg()),
    'half a PNG': () => half(png()),
    'half a WebP': () => half(webp()),
    'half a GIF': () => half(gif()),
    'a JPEG’s first bytes': async () => (await jpeg()).subarray(0, 20),
    'a JPEG without its last two bytes': async () => (await jpeg()).subarray(0, -2),
    'a JPEG that begins twice': async () => Buffer.concat([await hex('ffd8'), await jpeg()]),
    'a JPEG of no size': () => declaredJpeg(0, 0),
    'text that says it is a JPEG': async () =>
      Buffer.concat([await hex('ffd8ffe0'), Buffer.from('but it is not')]),
    'a PNG with a flipped byte': () => flipped(png()),
    'a PNG of no width': async () => pngOf(header(0, 8), pixels()),
    'a PNG of a negative width': async () => pngOf(header(4294967295, 8), pixels()),
    'a PNG of 3 bits': async () => pngOf(header(8, 8, [3, 2, 0, 0, 0]), pixels()),
    'a PNG of a kind of colour that there is not': async () => pngOf(header(8, 8, [8, 5, 0, 0, 0]), pixels()),
    'a PNG without its palette': async () => pngOf(header(8, 8, [8, 3, 0, 0, 0]), pixels()),
    'a PNG of an unknown interlacing': async () => pngOf(header(8, 8, [8, 2, 0, 0, 9]), pixels()),
    'a PNG without pixels': async () => pngOf(header(8, 8)),
    'a PNG with fewer pixels than it says': async () => pngOf(header(8, 8), pixels(Buffer.alloc(30))),
    'a PNG whose rows are filtered in an unknown way': async () =>
      pngOf(header(8, 8), pixels(Buffer.alloc(200, 9))),
    'a PNG with two headers': async () => pngOf(header(8, 8), header(9, 9), pixels()),
    'a PNG with a critical part that nobody knows': () => withChunk('ABCD', Buffer.alloc(4)),
    'a PNG whose pixels are not packed': async () => pngOf(header(8, 8), chunk('IDAT', Buffer.alloc(200, 1))),
    'a WebP that says it has 4 GB': () => withBytes(webp(), 4, Buffer.alloc(4, 255)),
    'a WebP that says it has nothing': () => withBytes(webp(), 4, Buffer.alloc(4)),
    'a WebP whose frame is no frame': () => withBytes(webp(), 20, Buffer.alloc(10)),
    'a GIF without a frame': () => declaredGif(10, 10, 0),
    'a GIF whose canvas says 65,535 × 65,535': async () => withBytes(gif(), 6, await hex('ffffffff 000000')),
  }),
};

const tooLarge: Topic = {
  title: 'Pictures that are too large, or say so',
  about: 'Sizes are read before any pixel is.',
  inputs: [
    file('50,000 × 50,000 in a PNG’s header', 'image-too-large', large(5e4, 5e4), () =>
      declaredPng(5e4, 5e4),
    ),
    file('2,147,483,647 × 1 in a PNG’s header', 'image-damaged', DAMAGED, () => declaredPng(2 ** 31 - 1, 1)),
    file('a strip of 1 × 100,000', 'image-too-large', large(1, 1e5), () => declaredPng(1, 1e5)),
    file('65,500 × 65,500 in a JPEG’s header', 'image-too-large', large(65500, 65500), () =>
      declaredJpeg(65500, 65500),
    ),
    file('20,000 × 20 in a JPEG’s header', 'image-too-large', large(2e4, 20), () => declaredJpeg(2e4, 20)),
    {
      input: 'a file of 50 MB and a byte',
      code: 'image-file-too-large',
      reads: 'The file is larger than 50 MB. Send a smaller one.',
      refused: () => refusalOf(() => inspect(Buffer.alloc(50 * 1024 ** 2 + 1))),
    },
  ],
};

const frames = (count: number): string =>
  `The animation has ${count} frames; up to 500 can be read. Send a shorter one or a still picture.`;

const animations: Topic = {
  title: 'Animations',
  about: 'GIF and WebP.',
  inputs: [
    ...files('image-damaged', DAMAGED, {
      'half an animated GIF': () => half(animation('gif')),
      'half an animated WebP': () => half(animation('webp')),
      'an animated WebP with a flipped byte': () => withBytes(animation('webp'), 30, Buffer.alloc(12, 255)),
      'an animated WebP whose canvas is smaller than its frames': () => declaredWebp(1, 1),
      'an animated WebP whose canvas says 16,777,216 × 16,777,216': () => declaredWebp(2 ** 24, 2 ** 24),
    }),
    file('a bomb of 1,500 frames in a WebP', 'image-too-many-frames', frames(1500), () => manyFrames(1500)),
    file('501 frames in a GIF', 'image-too-many-frames', frames(501), () => declaredGif(10, 10, 501)),
  ],
};

export const pictureTopics: readonly Topic[] = [noPictures, otherFormats, damaged, tooLarge, animations];
