import { describe, expect, it } from 'vitest';
import { upload } from '../../../src/bots/discord/upload.ts';
import { en } from '../../../src/commands/messages/en.ts';
import type { Reply } from '../../../src/commands/reply.ts';
import { textReply } from '../../../src/commands/reply.ts';
import { ImpastoError } from '../../../src/errors.ts';
import { recode } from '../../../src/images/recode.ts';
import type { ArtefactInfo } from '../../../src/queue/request.ts';
import { rich } from './pictures.ts';

const limit = 10 * 1024 ** 2;

/** What comes of an upload that Discord finds too large, whatever its size; and the sizes that were tried. */
async function refusedAlways(links?: { readonly url: string }): Promise<{ sizes: number[]; text: string }> {
  const bytes = await rich(900, 700);
  const info: ArtefactInfo = {
    hash: 'a'.repeat(64),
    contentType: 'image/png',
    bytes: bytes.length,
    width: 900,
    height: 700,
  };
  const picture = { artefact: info, alt: 'a painting', fileName: 'painting', spoiler: false };
  const reply: Reply = { ...textReply('Here'), pictures: [picture] };
  const sizes: number[] = [];
  let text = '';
  await upload(
    {
      artefacts: { get: async () => ({ info, bytes }) },
      recode,
      ...(links === undefined ? {} : { links: { make: () => ({ url: links.url, until: 0 }) } }),
    },
    { reply, asker: 'ada', messages: en, limit },
    async ({ body, files }) => {
      text = String(body.content);
      if (files.length === 0) return;
      sizes.push(...files.map(({ data }) => data.length));
      throw new ImpastoError({ code: 'discord-upload-too-large', userMessage: 'Too large.' });
    },
  );
  return { sizes, text };
}

describe('an upload that Discord refuses', () => {
  it('gets smaller with each try, and is a link in the end', async () => {
    const { sizes, text } = await refusedAlways({ url: 'https://pictures.example.com/pictures/x' });
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(new Set(sizes).size).toBe(sizes.length);
    expect(text).toContain('https://pictures.example.com/pictures/x');
  });

  it('is given up where there are no links, by the limit of the place', async () => {
    await expect(refusedAlways()).rejects.toMatchObject({ code: 'result-too-large', data: { limit } });
  });
});
