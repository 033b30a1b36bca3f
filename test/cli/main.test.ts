import { cp, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestRedis, type TestRedis, temporaryFolder } from '../queue/support.ts';
import { createProgram } from './program.ts';

let folder: string;
let redis: TestRedis;
const program = createProgram(() => ({ IMPASTO_STATE: folder, REDIS_URL: redis.url }));

beforeAll(async () => {
  folder = temporaryFolder();
  redis = await startTestRedis();
});
afterEach(() => program.endAll());
afterAll(async () => {
  await redis.close();
  await rm(folder, { recursive: true });
});

describe('the command line', () => {
  it.each([['--version'], ['--help'], ['stylize --help'], ['train style --help'], ['help worker']])(
    'answers %s, whatever is wrong with the settings',
    async (words) => {
      const part = program.run(words.split(' '), { PORT: 'eighty' });
      expect(await part.ended()).toBe(0);
      expect(part.said()).toMatch(words === '--version' ? /^\d+\.\d+\.\d+\n$/ : /^Usage: impasto/);
    },
  );

  it.each([
    ['paint', /^Unknown command 'paint'/],
    ['styles --jsn', /^Unknown option '--jsn' \(Did you mean --json\?\)/],
    ['stylize starry-night -o out.jpg', /^Missing required argument 'in'/],
    ['stylize starry-night in.jpg', /^Required option '-o, --output <file>' not specified/],
    ['stylize starry-night in.jpg -o out.jpg --strength 2', /argument '2' is invalid/],
  ])('says in one line what is wrong with “%s”', async (words, sentence) => {
    const part = program.run(words.split(' '));
    expect(await part.ended()).toBe(2);
    expect(part.said()).toMatch(sentence);
    expect(part.said()).toMatch(/^[^\n]+\n$/);
  });

  it('takes a person’s own file of any size that a camera makes', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    const file = join(folder, 'grainy.png');
    await sharp({ create: { width: 4000, height: 3000, channels: 3, background: 'grey', noise } })
      .png({ compressionLevel: 0 })
      .toFile(file);
    expect((await stat(file)).size).toBeGreaterThan(30_000_000);
    const out = join(folder, 'grainy.jpg');
    const part = program.run(['stylize', 'starry-night', file, '-o', out]);
    expect(await part.ended(), part.said()).toBe(0);
    expect(await sharp(out).metadata()).toMatchObject({ width: 4000, height: 3000 });
  });
});

describe('a worker', () => {
  it('does not start without the provider that it was told to have', async () => {
    const part = program.run(['worker', '--provider', 'cuda'], { PROVIDER_FALLBACK: 'off' });
    expect(await part.ended()).toBe(1);
    expect(part.said()).toMatch(/^The provider cuda can't start on this machine\. [^\n]+\n$/);
  });

  it('does not start with a network that is not the catalogue’s', async () => {
    const models = join(folder, 'models');
    await cp(resolve('models'), models, { recursive: true });
    await writeFile(join(models, 'styles', 'starry-night.onnx'), 'damaged');
    const part = program.run(['worker'], { IMPASTO_MODELS: models });
    expect(await part.ended()).toBe(1);
    expect(part.said()).toMatch(/starry-night\.onnx is not the file that the catalogue lists/);
  });
});
