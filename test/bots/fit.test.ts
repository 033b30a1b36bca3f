import { describe, expect, it } from 'vitest';
import { type FitOptions, fitPicture } from '../../src/bots/fit.ts';

const bytes = Buffer.alloc(1000, 1);
const info = { hash: 'a'.repeat(64), contentType: 'image/png', bytes: 1000, width: 10, height: 10 };
const owner = { platform: 'discord', person: 'ada' };
const links: FitOptions['links'] = {
  make: (hash, { person }) => ({ url: `https://pictures.example/${hash}/${person}`, until: 7 }),
};

function postable(changes: Partial<FitOptions>): ReturnType<typeof fitPicture> {
  return fitPicture({
    bytes,
    info,
    limit: 2000,
    takes: ['image/png', 'image/jpeg', 'image/webp'],
    recode: async () => undefined,
    owner,
    ...changes,
  });
}

/** Answers in the first format asked for, half as large as allowed. */
const halving: FitOptions['recode'] = async (_, limit, [format]) =>
  format && {
    bytes: Buffer.alloc(limit / 2),
    contentType: format === 'flat-jpeg' ? 'image/jpeg' : `image/${format}`,
  };

describe('a result', () => {
  it('that fits is posted as it is', async () => {
    expect(await postable({ limit: 1000 })).toEqual({
      kind: 'file',
      bytes,
      contentType: 'image/png',
    });
  });

  it('that is too large is made smaller', async () => {
    expect(await postable({ limit: 500, recode: halving })).toMatchObject({
      kind: 'file',
      contentType: 'image/jpeg',
      recoded: 'quality',
    });
  });

  it('of a form that the place does not show takes one that it does', async () => {
    expect(await postable({ takes: ['image/webp'], recode: halving })).toMatchObject({
      contentType: 'image/webp',
    });
  });

  it('that can’t be made to fit is a link, where links are served', async () => {
    expect(await postable({ limit: 500, links })).toEqual({
      kind: 'link',
      url: `https://pictures.example/${info.hash}/ada`,
      until: 7,
    });
  });

  it('in fewer colors says so', async () => {
    const recode: FitOptions['recode'] = async (_, limit, formats) =>
      formats.includes('png') ? { bytes: Buffer.alloc(limit), contentType: 'image/png' } : undefined;
    expect(await postable({ limit: 500, recode, links })).toMatchObject({
      contentType: 'image/png',
      recoded: 'colors',
    });
  });

  it('is white where it was transparent only where nothing else is left', async () => {
    const recode: FitOptions['recode'] = async (_, limit, formats) =>
      formats.includes('flat-jpeg') ? { bytes: Buffer.alloc(limit), contentType: 'image/jpeg' } : undefined;
    expect(await postable({ limit: 500, recode, links })).toMatchObject({ kind: 'link' });
    expect(await postable({ limit: 500, recode })).toMatchObject({
      contentType: 'image/jpeg',
      recoded: 'transparency',
    });
    await expect(postable({ limit: 500, recode, takes: ['image/webp'] })).rejects.toMatchObject({
      code: 'result-too-large',
    });
  });

  it('is refused with both sizes otherwise', async () => {
    await expect(postable({ limit: 500 })).rejects.toMatchObject({
      code: 'result-too-large',
      data: { bytes: 1000, limit: 500 },
    });
  });
});
