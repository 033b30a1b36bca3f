import { request } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { photo } from './support.ts';
import { usePlayground } from './use-playground.ts';
import { type Visitor, visit } from './visitor.ts';

const { house } = usePlayground();

/** An upload that has begun and then says nothing; what it is answered in the end. */
interface SlowUpload {
  readonly answer: Promise<{ readonly status: number | undefined; readonly code: string }>;
  readonly closed: Promise<void>;
}

/** Begin an upload on a connection of its own; it is under way once this settles. */
async function beginUpload(url: string, { cookie }: Visitor): Promise<SlowUpload> {
  const type = 'multipart/form-data; boundary=x';
  const headers = { cookie, 'content-type': type, 'content-length': 10_000, expect: '100-continue' };
  const asked = request(new URL('/api/pictures', url), { method: 'POST', headers, agent: false });
  const answer: SlowUpload['answer'] = new Promise((settle, fail) => {
    asked.on('error', fail);
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const { error } = JSON.parse(Buffer.concat(chunks).toString());
        settle({ status: response.statusCode, code: error.code });
      });
    });
  });
  // One that the test leaves behind breaks off.
  answer.catch(() => undefined);
  const closed = new Promise<void>((settle) => asked.once('close', () => settle()));
  onTestFinished(() => void asked.destroy());
  asked.flushHeaders();
  await new Promise<void>((settle) => asked.once('continue', () => settle()));
  asked.write('--x\r\ncontent-disposition: form-data; name="a"; filename="a.jpg"\r\n\r\nhalf a pho');
  return { answer, closed };
}

it('one session’s slow uploads keep it from more of its own, and nobody else', async () => {
  const { url } = await house().another({ settings: { uploadsAtOnce: 8, sessionUploadsAtOnce: 2 } });
  const ann = await visit(url);
  for (let connection = 0; connection < 2; connection++) await beginUpload(url, ann);
  // The server says "continue" a little before it counts.
  await expect.poll(async () => (await ann.upload(await photo())).status).toBe(503);
  expect((await ann.upload(await photo())).body.error.code).toBe('too-many-uploads');
  expect((await (await visit(url)).upload(await photo())).status).toBe(201);
});

it('an upload that goes silent is ended with a word, and makes room', async () => {
  const { url } = await house().another({ settings: { sessionUploadsAtOnce: 1, uploadSilenceMs: 200 } });
  const ann = await visit(url);
  const slow = await beginUpload(url, ann);
  expect(await slow.answer).toEqual({ status: 408, code: 'upload-silent' });
  await slow.closed;
  expect((await ann.upload(await photo())).status).toBe(201);
});

it('silence is not held against an upload that has come whole and is looked at', async () => {
  const { url } = await house().another({
    settings: { uploadSilenceMs: 500 },
    inspect: async () => {
      await new Promise((settle) => setTimeout(settle, 1500));
      return { contentType: 'image/jpeg', width: 24, height: 16 };
    },
  });
  expect((await (await visit(url)).upload(await photo())).status).toBe(201);
});
