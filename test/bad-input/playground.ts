import type { BadInput, Topic, Visit } from './input.ts';

function visit(input: string, code: string, reads: string, asked: Visit): BadInput {
  return { input, code, reads, refused: (stage) => stage.visited(asked) };
}

const json = (body: string): Pick<Visit, 'method' | 'headers' | 'body'> => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body,
});

const say = (body: unknown): Visit => ({ path: '/api/messages', ...json(JSON.stringify(body)) });

function form(...parts: readonly (readonly [string, string | Blob])[]): FormData {
  const data = new FormData();
  for (const [name, value] of parts) data.append(name, value);
  return data;
}

const INVALID = 'The playground does not understand this request.';
const KIND = 'The playground does not take this kind of content. Send JSON, or a form with a file.';
const upload = (body: FormData): Visit => ({ method: 'POST', path: '/api/pictures', body });

export const playground: Topic = {
  title: 'The playground’s requests',
  about: 'What a program, or a page on another site, may send it over HTTP.',
  inputs: [
    visit('no JSON', 'request-invalid', INVALID, { path: '/api/messages', ...json('{"text":') }),
    visit('no body', 'request-invalid', INVALID, { path: '/api/messages', ...json('') }),
    visit('a list', 'request-invalid', INVALID, say([])),
    visit('nothing to say', 'request-invalid', INVALID, say({ text: '   ' })),
    visit('a text that is a number', 'request-invalid', INVALID, say({ text: 7 })),
    visit('a text of 2,001 letters', 'request-invalid', INVALID, say({ text: 'a'.repeat(2001) })),
    visit(
      'five pictures',
      'request-invalid',
      INVALID,
      say({ text: '/help', pictures: ['a', 'b', 'c', 'd', 'e'] }),
    ),
    visit(
      'a picture whose name climbs',
      'request-invalid',
      INVALID,
      say({ text: '/help', pictures: ['../../etc/passwd'] }),
    ),
    visit('a prototype', 'request-invalid', INVALID, {
      path: '/api/messages',
      ...json('{"__proto__":{"text":"/help"}}'),
    }),
    visit('JSON that is nested 10,000 deep', 'request-invalid', INVALID, {
      path: '/api/messages',
      ...json(`${'['.repeat(1e4)}${']'.repeat(1e4)}`),
    }),
    visit(
      'a body of 100 KB',
      'request-too-large',
      'This request is too large.',
      say({ text: 'a'.repeat(1e5) }),
    ),
    visit('plain text', 'content-type-unsupported', KIND, {
      method: 'POST',
      path: '/api/messages',
      headers: { 'content-type': 'text/plain' },
      body: '/help',
    }),
    visit('XML', 'content-type-unsupported', KIND, {
      method: 'POST',
      path: '/api/messages',
      headers: { 'content-type': 'application/xml' },
      body: '<text>/help</text>',
    }),
    visit(
      'a picture that is not there',
      'picture-unknown',
      'There is no such picture in this thread. Please attach it again.',
      say({ text: '/stylize great-wave', pictures: ['nothing'] }),
    ),
    visit(
      'an emoji on a message that is not there',
      'message-unknown',
      'There is no such message in this thread any more.',
      {
        path: '/api/reactions',
        ...json(JSON.stringify({ message: 'nothing', picture: 'nothing', emoji: '🌌' })),
      },
    ),
    visit('an emoji with a blank in it', 'request-invalid', INVALID, {
      path: '/api/reactions',
      ...json(JSON.stringify({ message: 'a', picture: 'b', emoji: '🌌 🌊' })),
    }),
    visit(
      'a form without a file',
      'file-missing',
      'No file came with this upload. Please choose a picture.',
      upload(form(['name', 'cat.jpg'])),
    ),
    visit(
      'an empty file',
      'image-empty',
      'The file is empty. Send the picture again.',
      upload(form(['picture', new Blob([])])),
    ),
    visit(
      'a text file that is called cat.jpg',
      'image-not-an-image',
      'The file is no picture. Send a JPEG, PNG, WebP or GIF picture.',
      upload(form(['picture', new File(['meow'], 'cat.jpg', { type: 'image/jpeg' })])),
    ),
    visit(
      'two files',
      'files-too-many',
      'This upload holds several files. Please send one at a time.',
      upload(form(['a', new Blob(['x'])], ['b', new Blob(['y'])])),
    ),
    visit('a form that breaks off', 'request-invalid', INVALID, {
      method: 'POST',
      path: '/api/pictures',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x\r\nContent-Disposition: form-data; name="a"; filename="a.jpg"\r\n\r\nhalf',
    }),
    visit('a sample that is not there', 'sample-unknown', 'There is no such sample photo.', {
      path: '/api/pictures',
      ...json('{"sample":"../../etc/passwd"}'),
    }),
    visit('an address that is not there', 'not-found', 'There is nothing at this address.', {
      method: 'GET',
      path: '/api/nothing',
    }),
    visit('an address that climbs', 'not-found', 'There is nothing at this address.', {
      method: 'GET',
      path: '/api/previews/..%2f..%2fetc%2fpasswd',
    }),
    visit('an address that can’t be read', 'request-invalid', INVALID, {
      method: 'GET',
      path: '/api/%E0%A4%A',
    }),
    visit('a message without a session', 'session-missing', 'Your session has ended. Load the page again.', {
      ...say({ text: '/help' }),
      stranger: true,
    }),
    visit(
      'another site’s message',
      'origin-refused',
      'Another site may not speak to the playground. Open its own page instead.',
      {
        ...say({ text: '/help' }),
        headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
      },
    ),
  ],
};
