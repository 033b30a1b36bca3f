import { button, element } from './dom.ts';
import type { Sample } from './wire.ts';

/** Fill `list` with the sample photos, each a click away from being attached. */
export function showSamples(
  list: HTMLElement,
  samples: readonly Sample[],
  take: (sample: Sample) => void,
): void {
  const items = samples.map((sample) =>
    element(
      'li',
      {},
      button(
        {
          'aria-label': `Attach the sample: ${sample.title}`,
          title: sample.title,
          'data-sample': sample.name,
        },
        () => take(sample),
        element('img', { src: sample.url, alt: '', width: 176, height: 176 }),
      ),
    ),
  );
  list.replaceChildren(...items);
}
