import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import sharp from 'sharp';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { addEvaluateStrips } from '../../src/cli/evaluate-strips.ts';
import { addEvaluateText } from '../../src/cli/evaluate-text.ts';
import { loadResults } from '../../src/training/results/saved.ts';
import { putPicture, waves } from '../training/support.ts';
import { measured } from './measured.ts';

const house = measured();

/** What `impasto evaluate …` prints on stdout. */
async function evaluate(...words: readonly string[]): Promise<string> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  const command = program.command('evaluate');
  const defaults = { provider: 'cpu' as const, threads: 1, models: house.models, data: house.root };
  addEvaluateText(command, defaults);
  addEvaluateStrips(command, defaults);
  for (const each of command.commands) each.exitOverride().configureOutput({ writeErr: () => undefined });
  vi.mocked(console.log).mockClear();
  await program.parseAsync(['evaluate', ...words], { from: 'user' });
  return vi.mocked(console.log).mock.calls.flat().join('\n');
}

describe('impasto evaluate text', () => {
  it('prints JSON only, saves the same, and puts pictures beside each other', async () => {
    const folders = ['--strips', join(house.root, 'strips'), '--save', join(house.root, 'results')];
    const printed = JSON.parse(await evaluate('text', 'x4', '--json', ...folders));
    expect(printed).toMatchObject({ network: 'x4', factor: 4, pictures: 14, passed: expect.any(Boolean) });
    const [saved] = await loadResults(join(house.root, 'results'));
    expect(saved).toMatchObject({
      kind: 'text',
      ...printed,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      machine: { threads: 1 },
    });
    const strips = (await readdir(join(house.root, 'strips'))).sort();
    expect(strips).toEqual(
      ['40', '60', '80'].map((q) => `text-x4-jpeg-${q}.webp`).concat('text-x4-plain.webp'),
    );
    for (const strip of strips) {
      const { format, width } = await sharp(join(house.root, 'strips', strip)).metadata();
      expect([format, width]).toEqual(['webp', 4 * 240 + 5 * 10]);
    }
  });

  it('says it in a table otherwise, and whether the bar is passed', async () => {
    const said = await evaluate('text', 'lanczos', '--factor', '2');
    expect(said).toMatch(/^jpeg 40 +\d+\.\d\d dB, Lanczos \d+\.\d\d dB, difference 0\.00 dB$/m);
    expect(said).toContain('Miss: the bar is 1 dB above Lanczos on each; the mean is 0.00 dB.');
  });
});

describe('impasto evaluate strips', () => {
  const parts = ['--parts', 'Tiny/photo.png@16,8', 'Tiny/photo.png@0,0'];
  const save = (): string[] => ['--save', join(house.root, 'strips')];

  beforeEach(() => putPicture(join(house.root, 'sr', 'Tiny', 'photo.png'), waves(3, 180, 170)));

  it('shows input, bicubic, networks and truth of every part', async () => {
    const file = await evaluate('strips', '--networks', 'x4', 'x4-pixel', ...save(), ...parts);
    expect(file).toBe(join(house.root, 'strips', 'strips-x4.webp'));
    const { width = 0, height = 0 } = await sharp(file).metadata();
    expect([width, height]).toEqual([5 * 144 + 6 * 10, 10 + 2 * (26 + 144 + 10)]);
  });

  it.each([
    ['part-outside', ['--parts', 'Tiny/photo.png@64,0'], 'Give another corner.'],
    ['set-unknown', ['--parts', 'Huge/photo.png@0,0'], 'There is no set'],
    ['file-unreadable', ['--parts', 'Tiny/other.png@0,0'], 'Check the path.'],
    ['factor-differs', [...parts, '--factor', '8'], 'give --factor 4'],
    ['commander.invalidArgument', ['--parts', 'butterfly'], 'SET/FILE@LEFT,TOP'],
  ])('says in a sentence what is wrong: %s', async (code, words, sentence) => {
    const failed = evaluate('strips', '--networks', 'x4', ...save(), ...words);
    await expect(failed).rejects.toMatchObject({ code });
    await failed.catch((error) => expect(error.userMessage ?? error.message).toContain(sentence));
  });
});
