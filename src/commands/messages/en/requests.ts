import type { RequestMessages } from '../topics/requests.ts';
import { count } from './list.ts';

export const requests: RequestMessages = {
  accepted: 'Got it.',
  fetching: 'Fetching the picture.',
  waiting: ({ before, wait }) => {
    if (before === undefined) return 'In line.';
    const line = before === 0 ? 'In line, next up' : `In line, ${before} before you`;
    return wait === undefined ? `${line}.` : `${line}: about ${wait}.`;
  },
  seconds: ({ seconds }) => count(seconds, 'second'),
  minutes: ({ minutes }) => count(minutes, 'minute'),
  running: ({ percent }) => (percent === undefined ? 'Painting.' : `Painting, ${percent} %.`),
  upscaling: ({ percent }) => (percent === undefined ? 'Enlarging.' : `Enlarging, ${percent} %.`),
  delivering: 'Done; bringing it over.',
  cancelled: 'Cancelled.',
  tooLate:
    'This took longer than I may answer here, so I have stopped. Please ask again a little later, when the line is shorter: then it is quicker.',
  alreadyOpen: 'That one is already on its way.',
  painted: ({ artwork, pictures, seconds }) =>
    `${artwork}. Painted ${pictures === 1 ? '' : `${count(pictures, 'picture')} `}in ${seconds.toFixed(1)} s.`,
  upscaled: ({ factor, pictures, seconds }) =>
    `Enlarged ${pictures === 1 ? '' : `${count(pictures, 'picture')} `}${factor === undefined ? '' : `${factor} times `}in ${seconds.toFixed(1)} s.`,
  sizes: ({ from, to }) => `From ${from} to ${to} pixels.`,
  partFailed: ({ number, sentence }) => `Picture ${number}: ${sentence}`,
  paintingAlt: ({ artwork, alt }) =>
    alt === undefined ? `The picture, painted after ${artwork}` : `Painted after ${artwork}: ${alt}`,
  upscaledAlt: ({ size, alt }) =>
    alt === undefined ? `The picture, enlarged to ${size} pixels` : `Enlarged to ${size} pixels: ${alt}`,
  photoAlt: 'A picture that you sent',
  failed: ({ sentence, incident }) => `${sentence} (incident ${incident})`,
  sentRecoded: ({ format, loss }) => {
    const lost = {
      quality: `a ${format} of high quality`,
      colors: `a ${format} of fewer colors`,
      transparency: `a ${format}, white where it was transparent`,
    };
    return `The picture was too large for this place, so this is ${lost[loss]}.`;
  },
  sentAsLink: ({ url, when }) => `The picture is too large for this place. Until ${when} it is here: ${url}`,
  deleted: 'Deleted.',
  lost: 'This request was lost on its way, sorry. Please ask again.',
};
