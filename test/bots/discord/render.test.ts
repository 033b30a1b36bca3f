import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buttonRows, selectRows } from '../../../src/bots/discord/components.ts';
import { customId, readCustomId } from '../../../src/bots/discord/custom-id.ts';
import { replyPages } from '../../../src/bots/discord/render.ts';
import { plain, short } from '../../../src/bots/discord/text.ts';
import { textReply } from '../../../src/commands/reply.ts';
import { someStyles } from '../../commands/support.ts';
import { memoryLog, temporaryFolder } from '../../queue/support.ts';

const request = '3f2a9c44-1b5e-8d10-9a77-0123456789ab';
let folder = '';

beforeAll(() => {
  folder = temporaryFolder();
  writeFileSync(join(folder, 'starry-night.jpg'), 'a preview');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a gallery', () => {
  it('takes as many messages as its previews need, ten to each; controls stand below the first', async () => {
    const [first] = someStyles;
    if (first === undefined) throw new Error('there are styles');
    const gallery = Array.from({ length: 23 }, (_, index) => ({ ...first, name: `style-${index}` }));
    const pages = await replyPages(
      { ...textReply('All of them'), gallery },
      'ada',
      { previews: folder, log: memoryLog() },
      [{ type: 1 }],
    );
    expect(pages.map(({ files }) => files.length)).toEqual([10, 10, 3]);
    expect(pages.map(({ body }) => body.content)).toEqual(['All of them', '', '']);
    expect(pages.map(({ body }) => body.components)).toEqual([[{ type: 1 }], [], []]);
  });

  it('shows a style without its preview where that can’t be read, and tells the log', async () => {
    const [first] = someStyles;
    if (first === undefined) throw new Error('there are styles');
    const gallery = [{ ...first, preview: 'gone.jpg' }, first];
    const log = memoryLog();
    const pages = await replyPages({ ...textReply('All of them'), gallery }, 'ada', {
      previews: folder,
      log,
    });
    expect(pages).toHaveLength(1);
    expect(pages[0]?.files.map(({ name }) => name)).toEqual(['starry-night.jpg']);
    expect(pages[0]?.body.embeds).toMatchObject([
      { title: '🌌 starry-night' },
      { title: '🌌 starry-night', thumbnail: { url: 'attachment://starry-night.jpg' } },
    ]);
    expect(log.lines).toMatchObject([{ level: 'warn', facts: { preview: 'gone.jpg' } }]);
  });
});

describe('controls', () => {
  it('remember what they are for, in at most a hundred letters', () => {
    const carried = {
      kind: 'choose',
      action: 'strength',
      subject: request,
      asker: '1'.repeat(20),
      row: 4,
    } as const;
    const id = customId(carried);
    expect(id.length).toBeLessThanOrEqual(100);
    expect(readCustomId(id)).toEqual(carried);
    expect(readCustomId('somebody-else')).toBeUndefined();
  });

  it('are as many lists as the choices need, 25 to each, each with an id of its own', () => {
    const choices = Array.from({ length: 60 }, (_, index) => ({
      value: `v${index}`,
      label: 'x'.repeat(150),
    }));
    const rows = selectRows(choices, 'Choose', { kind: 'pick', action: 'stylize', subject: '1', asker: '2' });
    const lists = JSON.stringify(rows).match(/"custom_id":"[^"]+"/g) ?? [];
    expect(new Set(lists).size).toBe(3);
    expect(Math.max(...(JSON.stringify(rows).match(/x+…?/g) ?? []).map(({ length }) => length))).toBe(100);
  });

  it('stand five in a row', () => {
    const button = { action: 'cancel', label: 'Cancel', request } as const;
    expect(
      buttonRows(
        Array.from({ length: 7 }, () => button),
        'ada',
      ),
    ).toHaveLength(2);
  });
});

describe('a text', () => {
  it('is shown as it is', () => {
    expect(plain('keep_colors **loud** <#123>')).toBe('keep\\_colors \\*\\*loud\\*\\* <#123>');
  });

  it('fits into one message, cut at the end of a line', () => {
    const text = Array.from({ length: 300 }, (_, index) => `line ${index}`).join('\n');
    const fitted = plain(text);
    expect(fitted.length).toBeLessThanOrEqual(2000);
    expect(fitted).toMatch(/line \d+\n…$/);
    expect(plain('_'.repeat(3000)).length).toBeLessThanOrEqual(2000);
  });

  it('is cut between letters, not within one', () => {
    const cut = short('🌌'.repeat(80));
    expect(cut.length).toBeLessThanOrEqual(100);
    // A lone half of a letter can't be encoded.
    expect(() => encodeURIComponent(cut)).not.toThrow();
  });
});
