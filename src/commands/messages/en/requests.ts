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
  sentRecoded: ({ format }) =>
    `The picture was too large for this place, so this is a ${format} of high quality.`,
  sentAsLink: ({ url, when }) => `The picture is too large for this place. Until ${when} it is here: ${url}`,
  deleted: 'Deleted.',
  lost: 'This request was lost on its way, sorry. Please ask again.',
};
