import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addEvaluateUpscale } from '../../src/cli/evaluate-upscale.ts';
import { listed } from '../../src/training/publish.ts';
import { mixedCatalogue } from '../inference/upscaler-support.ts';
import { writeNpyFolder } from '../training/loss-network-files.ts';
import { putPicture, tinyLayers, waves } from '../training/support.ts';

let data: string;
let models: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'impasto-evaluate-'));
  models = await mixedCatalogue();
  await mkdir(join(data, 'sr'));
  for (const number of [1, 2])
    await putPicture(join(data, 'sr', 'Tiny', `photo-${number}.png`), waves(number, 67, 58));
  await writeNpyFolder(
    join(data, 'loss-network'),
    tinyLayers().map((layer) => ({ ...layer, dims: [layer.outChannels, layer.inChannels, 3, 3] })),
  );
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(data, { recursive: true });
  await rm(models, { recursive: true });
});

/** What `impasto evaluate upscale …` prints. */
async function evaluate(...words: readonly string[]): Promise<string> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addEvaluateUpscale(program.command('evaluate'), { provider: 'cpu', threads: 1, models, data });
  vi.mocked(console.log).mockClear();
  await program.parseAsync(['evaluate', 'upscale', ...words], { from: 'user' });
  return vi.mocked(console.log).mock.calls.flat().join('\n');
}

const SCORES = ['psnrY', 'ssimY', 'psnrRgb', 'perceptualDistance', 'relu4_3'];

describe('impasto evaluate upscale', () => {
  it.each(['x4', 'x4-pixel', 'bicubic', 'lanczos'])('%s: prints exactly this as JSON', async (network) => {
    const scores = Object.fromEntries(SCORES.map((key) => [key, expect.any(Number)]));
    const before = await listed(models);
    const image = (name: string): object => ({ name, ...scores, seconds: expect.any(Number) });
    expect(JSON.parse(await evaluate(network, '--set', 'Tiny', '--json'))).toEqual({
      network,
      set: 'Tiny',
      protocol: expect.stringContaining('x4; made small by bicubic (antialiased, a = -0.5, as Matlab)'),
      ...scores,
      secondsPerImage: expect.any(Number),
      images: [image('photo-1.png'), image('photo-2.png')],
    });
    expect(await listed(models)).toEqual(before);
  });

  it('says it in a line otherwise, and the protocol beside it', async () => {
    expect(await evaluate('bicubic', '--set', join(data, 'sr', 'Tiny'), '--factor', '2')).toMatch(
      /^bicubic on Tiny \(2\): Y \d+\.\d\d dB \/ 0\.\d{4}, RGB \d+\.\d\d dB, perceptual distance \S+, relu4_3 \S+, \d/,
    );
    const said = vi.mocked(process.stderr.write).mock.calls.flat().join('');
    expect(said).toContain('x2; made small by bicubic');
  });

  it('measures a file that stands in no catalogue', async () => {
    const file = join(models, 'upscale', 'x4.onnx');
    const {
      images: _,
      secondsPerImage: __,
      ...ours
    } = JSON.parse(await evaluate(file, '--set', 'Tiny', '--json'));
    const listed = JSON.parse(await evaluate('x4', '--set', 'Tiny', '--json'));
    expect(listed).toMatchObject(ours);
  });

  it('is harder the worse the small picture is', async () => {
    const of = async (...words: string[]): Promise<number> =>
      JSON.parse(await evaluate('bicubic', '--set', 'Tiny', '--json', ...words)).psnrY;
    const plain = await of();
    expect(await of('--degradation', 'jpeg', '--quality', '20')).toBeLessThan(plain);
    expect(await of('--degradation', 'paper')).not.toBe(plain);
  });

  it('records a whole set under its protocol, beside other sets', async () => {
    await evaluate('x4', '--set', 'Tiny', '--record');
    await evaluate('x4', '--set', 'Tiny', '--degradation', 'jpeg', '--quality', '40', '--record');
    const entry = (await listed(models)).find(({ name }) => name === 'x4');
    expect(Object.keys(entry?.scores ?? {})).toEqual(['Tiny bicubic', 'Tiny jpeg 40']);
    expect(Object.keys(entry?.scores['Tiny bicubic'] ?? {}).sort()).toEqual(
      [...SCORES, 'protocol', 'secondsPerImage'].sort(),
    );
  });

  it.each([
    [['bicubic', '--set', 'Tiny', '--record'], 'record-limited'],
    [['x4', '--set', 'Tiny', '--limit', '1', '--record'], 'record-limited'],
    [['x4', '--set', 'Set99'], 'set-unknown'],
    [['x3', '--set', 'Tiny'], 'upscaler-unknown'],
    [['waves', '--set', 'Tiny'], 'upscaler-unknown'],
  ])('refuses %j', async (words, code) => {
    await expect(evaluate(...words)).rejects.toMatchObject({ name: 'UserError', code });
  });
});
