import { gradient, toSharp } from '../images/support.ts';
import { animation, png } from './files.ts';
import { type BadInput, refusalOf, type Topic } from './input.ts';

/** Sound pictures of which no painting can be made, or not so large a one. */
export const paintings: Topic = {
  title: 'Results that can’t be made',
  about: 'The limits here are those of the example: two megapixels.',
  inputs: [
    {
      input: 'a picture of 500 × 400 pixels, four times as large',
      code: 'upscale-too-large',
      reads:
        'Enlarged, the picture would be 2000 × 1600 pixels; 2 megapixels are the most. Send a smaller one.',
      refused: (stage) =>
        refusalOf(async () => {
          const bytes = await toSharp(gradient(500, 400)).png().toBuffer();
          return stage.paint(bytes, { upscaler: 'x4', megapixels: 2 });
        }),
    },
    ...(['gif', 'webp'] as const).map(
      (format): BadInput => ({
        input: `an animated ${format === 'gif' ? 'GIF' : 'WebP'} of 4 frames of 200 × 120 pixels, eight times as large`,
        code: 'animation-result-too-large',
        reads:
          'Enlarged, the animation would have 4 frames of 1600 × 960 pixels; 2 megapixels in all are the most. Send a shorter or smaller one.',
        refused: (stage) =>
          refusalOf(async () =>
            stage.paint(await animation(format, 200, 120), { upscaler: 'x8', megapixels: 2 }),
          ),
      }),
    ),
    {
      input: 'a strength of 2, from a program',
      code: 'strength-out-of-range',
      reads: 'The strength must be a number from 0 to 1, such as 0.7.',
      refused: (stage) =>
        refusalOf(async () =>
          stage.paint(await png(), {
            style: 'waves',
            options: { strength: 2, keepColors: false, detail: 'working' },
          }),
        ),
    },
    {
      input: 'a style that has left the catalogue',
      code: 'style-unknown',
      reads: 'I know no style “cubism” any more. Please choose another.',
      refused: (stage) =>
        refusalOf(async () =>
          stage.paint(await png(), {
            style: 'cubism',
            options: { strength: 1, keepColors: false, detail: 'working' },
          }),
        ),
    },
    {
      input: 'a factor that has left the catalogue',
      code: 'upscaler-unknown',
      reads: 'I cannot enlarge so many times any more. Please choose another factor.',
      refused: (stage) => refusalOf(async () => stage.paint(await png(), { upscaler: 'x16', megapixels: 1 })),
    },
  ],
};
