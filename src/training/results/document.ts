import type { Saved } from './saved.ts';
import { speedSection, styleSection } from './style-sections.ts';
import { servedSection, textSection, upscaleSection } from './upscale-sections.ts';

/**
 * `docs/results.md`, out of what evaluations have saved: the same text for the same results.
 *
 * @param pictures names of the files that lie beside the results, for strips to be shown where they are there
 */
export function resultsDocument(results: readonly Saved[], pictures: readonly string[]): string {
  const of = <Kind extends Saved['kind']>(kind: Kind): Extract<Saved, { kind: Kind }>[] =>
    results.filter((saved): saved is Extract<Saved, { kind: Kind }> => saved.kind === kind);
  const upscale = of('upscale');
  return `${[
    '# Results',
    '<!-- Written by “impasto results” from docs/results/*.json. Whatever is changed here is lost. -->',
    'What the paper claims (Johnson, Alahi and Fei-Fei, *Perceptual Losses for Real-Time Style Transfer and Super-Resolution*, 2016), measured by this project’s own ' +
      'programs on its own networks, with the paper’s figures beside it as they were published. Each table says how it was measured, and on what. What has no figure yet is said to be not ' +
      'measured. How the programs measure is in [training.md](training.md); how to measure anew is at the end.',
    speedSection(of('speed')),
    styleSection(of('style')),
    upscaleSection(4, upscale, pictures),
    upscaleSection(8, upscale, pictures),
    servedSection(upscale),
    textSection(of('text'), pictures),
    ANEW,
  ].join('\n\n')}\n`;
}

const ANEW = `## To measure anew

\`\`\`sh
npx impasto evaluate style starry-night --photos unseen/ --against-optimisation 100 --limit 20 --record --save docs/results
npx impasto evaluate style starry-night --photos unseen/ --sizes 256,512,1024 --save docs/results
npx impasto evaluate upscale x4-pixel --set Set5 --record --save docs/results
npx impasto evaluate upscale x4 --set Set5 --degradation jpeg --quality 40 --record --save docs/results
npx impasto evaluate text x4 --save docs/results --strips docs/results
npx impasto evaluate strips --factor 4 --save docs/results
npx impasto results
\`\`\`

Each evaluation writes a file into [results/](results/); the last command writes this page from them. Speeds mean something only where nothing else is at work.`;
