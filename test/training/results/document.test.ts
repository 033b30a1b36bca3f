import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { resultsDocument } from '../../../src/training/results/document.ts';
import { loadResults } from '../../../src/training/results/saved.ts';
import { savedSpeed, savedStyle, savedText, savedUpscale } from './support.ts';

/** The cells of the first row that begins like this. */
function row(document: string, beginning: string): string[] {
  const line = document.split('\n').find((each) => each.startsWith(`| ${beginning}`));
  return (line ?? expect.unreachable(`there is no row ${beginning}`))
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

describe('the page of results', () => {
  it('is what the committed results give', async () => {
    const folder = fileURLToPath(new URL('../../../docs/results', import.meta.url));
    const page = await readFile(`${folder}.md`, 'utf8');
    expect(resultsDocument(await loadResults(folder), await readdir(folder))).toBe(page);
  });

  it('says of everything that has no figure that it is not measured', () => {
    const page = resultsDocument([], []);
    expect(row(page, '256², ours')).toEqual(Array.from({ length: 5 }, () => 'not measured'));
    expect(row(page, 'all')).toEqual(Array.from({ length: 7 }, () => 'not measured'));
    for (const name of ['bicubic', 'x4-pixel', 'x8-feature', 'x4 (served)', 'JPEG 60, x4 (served)'])
      expect(new Set(row(page, name))).toEqual(new Set(['not measured']));
    expect(page).not.toMatch(/NaN|undefined|Infinity|!\[/);
  });

  it('sets the paper’s figures beside ours', () => {
    const page = resultsDocument([], []);
    expect(row(page, '512², the paper')).toEqual(['0.050', '', '', '54.85', '1,097']);
    expect(row(page, 'the paper: feature loss')).toEqual(['27.09 / 0.7680', '24.99', '24.95', '']);
  });

  it('tells how fast networks are, where iterations were multiplied, and whether that is enough', () => {
    const page = resultsDocument([savedSpeed(), savedSpeed({ style: 'sea', width: 'full' })], []);
    expect(row(page, '256², waves, half width')).toEqual([
      '0.0250',
      '40.0',
      '120.0',
      '200.0',
      '1,600 / 4,800 / 8,000',
    ]);
    expect(page).toContain('| 512², waves, half width (20 iterations timed and multiplied) |');
    expect(page).toContain(
      'waves (half width): at least 4,000 times as fast as 500 iterations; the bar is 5,000: miss.',
    );
    expect(page).toContain(
      'sea (full width): at least 4,000 times as fast as 500 iterations; the bar is 1,500: pass.',
    );
    expect(page).toContain(
      '- By a stopwatch.\n- Abacus 9, 4 cores, load 0.25 when it began; 2 threads, cpu,',
    );
    expect(page).not.toContain('256², ours');
  });

  it('tells how styles stand against the optimisation, and on which photo they are worst', () => {
    const page = resultsDocument([savedStyle()], []);
    expect(row(page, 'waves, half width')).toEqual([
      ...['0.750', 'not measured', 'not measured', '0.625', '1.125'],
      'over 50 of 50',
      'mean 50, worst 35: miss',
    ]);
    expect(page).toContain('### waves, half width, 2 photos');
    expect(row(page, '50 iterations')).toEqual([
      '12,000',
      '4,000',
      '4,500',
      '500',
      '0.750',
      '1.125 (sky.jpg)',
    ]);
    expect(row(page, 'the photo itself')).toEqual(['9,000', '0', '4,500', '500', '', '']);
    expect(page).toContain('on 1 of 2 photos, after more than 49.5 iterations on average.');
  });

  it('sets distances beside those of the cubic kernel', () => {
    const cubic = savedUpscale({
      network: 'bicubic',
      sha256: undefined,
      perceptualDistance: 0.004,
      relu4_3: 0.0008,
    });
    const page = resultsDocument([cubic, savedUpscale(), savedUpscale({ network: 'x4-feature-paper' })], []);
    const [scores, distances] = [page, page.slice(page.indexOf('Perceptual distance'))];
    expect(row(scores, 'x4 (served)')).toEqual([
      '30.13 / 0.8750',
      'not measured',
      'not measured',
      'not measured',
    ]);
    expect(row(distances, 'bicubic')[0]).toBe('4.000; 0.800');
    expect(row(distances, 'x4 (served)')[0]).toBe('2.000 (−50 %); 1.000 (+25 %)');
    expect(row(distances, 'x4-feature-paper')[0]).toBe('2.000 (−50 %); 1.000 (+25 %)');
    expect(page.match(/x4; by the book/g)).toHaveLength(1);
  });

  it('keeps compressed pictures apart', () => {
    const page = resultsDocument([savedUpscale({ degraded: 'jpeg 40', psnrY: 25 })], []);
    expect(row(page, 'JPEG 40, x4 (served)').slice(0, 2)).toEqual(['25.00', '2.000; 1.000']);
    expect(row(page, 'x4 (served)')[0]).toBe('not measured');
  });

  it('tells how text fares', () => {
    const page = resultsDocument([savedText({ passed: false })], []);
    const text = page.slice(page.indexOf('## Text'));
    expect(row(text, 'x4 (served)')).toEqual([...Array.from({ length: 4 }, () => '22.50 (+4.25)'), 'miss']);
  });

  it('shows the strips that are there', () => {
    const page = resultsDocument([], ['strips-x8.webp', 'text-x4-jpeg-60.webp', 'other.webp']);
    expect([...page.matchAll(/\]\((results\/\S+\.webp)\)/g)].map(([, file]) => file)).toEqual([
      'results/strips-x8.webp',
      'results/text-x4-jpeg-60.webp',
    ]);
  });
});
