/**
 * What the playground's own API says when it refuses, as far as it is not said on every platform: those
 * sentences are in the message files of the commands.
 */
export const sentences: {
  readonly sessionMissing: string;
  readonly hostRefused: string;
  readonly originRefused: string;
  readonly notFound: string;
  readonly pictureUnknown: string;
  readonly pictureExpired: string;
  readonly sampleUnknown: string;
  readonly messageUnknown: string;
  readonly requestInvalid: string;
  readonly fileMissing: string;
  readonly requestTooLarge: string;
  readonly contentTypeUnsupported: string;
  readonly tooFast: string;
  readonly tooManyUploads: string;
  readonly uploadSilent: string;
  readonly pictureTooLarge: (megabytes: number) => string;
  readonly portTaken: (host: string, port: number) => string;
  readonly addressUnusable: (host: string, port: number) => string;
} = {
  sessionMissing: 'Your session has ended. Load the page again.',
  hostRefused:
    'The playground does not answer under this address. Open it by the address that it printed when it started, ' +
    'or allow this host in its settings.',
  originRefused: 'Another site may not speak to the playground. Open its own page instead.',
  notFound: 'There is nothing at this address.',
  pictureUnknown: 'There is no such picture in this thread. Please attach it again.',
  pictureExpired:
    'This picture is no longer stored: pictures are kept for a limited time. Please attach it again.',
  sampleUnknown: 'There is no such sample photo.',
  messageUnknown: 'There is no such message in this thread any more.',
  requestInvalid: 'The playground does not understand this request.',
  fileMissing: 'No file came with this upload. Please choose a picture.',
  requestTooLarge: 'This request is too large.',
  contentTypeUnsupported:
    'The playground does not take this kind of content. Send JSON, or a form with a file.',
  tooFast: 'That was a lot at once. Please wait a moment, then go on.',
  tooManyUploads: 'Many pictures are being uploaded just now. Try again in a moment.',
  uploadSilent: 'The upload stopped halfway. Please attach the picture again.',
  pictureTooLarge: (megabytes) =>
    `This file is too large: ${megabytes} MiB is the most. Please send a smaller one.`,
  portTaken: (host, port) =>
    `Port ${port} on ${host} is taken already. Stop what listens there, or set PORT to another one.`,
  addressUnusable: (host, port) =>
    `The playground cannot listen on ${host}, port ${port}. Set HOST to an address of this machine, and PORT to a free port.`,
};
