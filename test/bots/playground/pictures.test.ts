import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src/bots/playground/settings.ts';
import { ImpastoError } from '../../../src/errors.ts';
import { inspect } from '../../../src/images/decode.ts';
import { aGate } from '../../queue/house.ts';
import { eventually } from '../../queue/support.ts';
import { photo } from './support.ts';
import { usePlayground } from './use-playground.ts';
import { type Answer, type Visitor, visit } from './visitor.ts';

const { house, redis } = usePlayground();
const arrive = (): Promise<Visitor> => visit(house().playground.url);

/** What a refusal says, without the sentence, which has to be one. */
function refused({ status, body }: Answer): (string | number | undefined)[] {
  expect(body.error.message).toMatch(/^[A-Z].{10,}[.:]/);
  return [status, body.error.code];
}

describe('a stored picture', () => {
  it('has an id that tells nothing, and is not to be had by its hash', async () => {
    const ann = await arrive();
    const bytes = await photo();
    const ids = [];
    for (let time = 0; time < 3; time++) ids.push((await ann.upload(bytes)).body.picture.id);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[\w-]{22}$/);
    const hash = createHash('sha256').update(bytes).digest('hex');
    expect(refused(await ann.get(`/api/pictures/${hash}`))).toEqual([404, 'picture-unknown']);
    expect(refused(await ann.get('/api/pictures/..%2fsession'))).toEqual([404, 'picture-unknown']);
  });

  it('comes as it was sent, as a picture and nothing else', async () => {
    const ann = await arrive();
    const bytes = await photo();
    const { url } = (await ann.upload(bytes)).body.picture;
    const shown = await ann.get(url);
    expect(shown.bytes.equals(bytes)).toBe(true);
    expect(shown.headers.get('content-type')).toBe('image/jpeg');
    expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
    expect(shown.headers.get('content-security-policy')).toMatch(/^default-src 'none'; sandbox/);
    expect(shown.headers.get('cache-control')).toMatch(/^private/);
    expect(shown.headers.get('content-disposition')).toMatch(/^inline/);
    const saved = await ann.get(`${url}?download=1`);
    expect(saved.headers.get('content-disposition')).toBe('attachment; filename="photo.jpg"');
  });

  it('can be seen by whoever was given its id, but used in its own thread only', async () => {
    const ann = await arrive();
    const bob = await arrive();
    const { id, url } = await ann.picture();
    expect((await bob.get(url)).status).toBe(200);
    expect(refused(await bob.say('/stylize great-wave', [id]))).toEqual([404, 'picture-unknown']);
  });

  it('is gone, and said to be, once its bytes have expired', async () => {
    const ann = await arrive();
    const { id, url } = await ann.picture();
    const keys = redis().connect();
    await keys.del(await keys.keys('*artefact:*'));
    expect(refused(await ann.get(url))).toEqual([410, 'picture-expired']);
    expect(refused(await ann.say('/stylize great-wave', [id]))).toEqual([410, 'picture-expired']);
  });
});

describe('an upload', () => {
  it('may be as large as the limit says, and not a byte larger', async () => {
    const bytes = await photo();
    const tight = await house().another({ settings: { pictureBytes: bytes.length } });
    const ann = await visit(tight.url);
    expect((await ann.upload(bytes)).status).toBe(201);
    const larger = await ann.upload(Buffer.concat([bytes, Buffer.alloc(1)]));
    expect(refused(larger)).toEqual([413, 'picture-too-large']);
    expect(refused(await ann.upload(Buffer.alloc(200_000)))).toEqual([413, 'picture-too-large']);
  });

  it('is refused where it is damaged, empty, of another kind, or lies about its kind', async () => {
    const ann = await arrive();
    const whole = await photo();
    const half = whole.subarray(0, whole.length / 2);
    expect(refused(await ann.upload(half))).toEqual([422, 'image-damaged']);
    expect(refused(await ann.upload(Buffer.alloc(0)))).toEqual([422, 'image-empty']);
    expect(refused(await ann.upload(Buffer.from('plain words')))).toEqual([422, 'image-not-an-image']);
    const script = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    expect((await ann.upload(script, 'harmless.png')).status).toBe(422);
  });

  it('is refused where there is no file in it, or it is no form', async () => {
    const ann = await arrive();
    const invalid = [400, 'request-invalid'];
    const form = '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n';
    const post = (body: string, type: string) =>
      ann.raw('/api/pictures', { method: 'POST', body, headers: { 'content-type': type } });
    expect(refused(await post(form, 'multipart/form-data; boundary=x'))).toEqual([400, 'file-missing']);
    expect(refused(await post(form.slice(0, 20), 'multipart/form-data; boundary=x'))).toEqual(invalid);
    const broken = form.replace('name="a"', 'name="a"; filename="a.png"').slice(0, -8);
    expect(refused(await post(broken, 'multipart/form-data; boundary=x'))).toEqual(invalid);
    expect(refused(await post('{"sample":', 'application/json'))).toEqual(invalid);
    expect(refused(await post('{}', 'application/json'))).toEqual(invalid);
    expect(refused(await post('hello', 'text/plain'))).toEqual([415, 'content-type-unsupported']);
    const long = JSON.stringify({ sample: 'x'.repeat(70_000) });
    expect(refused(await post(long, 'application/json'))).toEqual([413, 'request-too-large']);
  });

  it('waits for no more than a few others at once', async () => {
    const gate = aGate();
    let held = 0;
    const busy = await house().another({
      settings: { uploadsAtOnce: 1 },
      inspect: async (bytes) => {
        held++;
        await gate.opened;
        return inspect(bytes);
      },
    });
    const ann = await visit(busy.url);
    const first = ann.upload(await photo(1));
    await eventually(() => held === 1);
    expect(refused(await ann.upload(await photo(2)))).toEqual([503, 'too-many-uploads']);
    gate.open();
    expect((await first).status).toBe(201);
    expect((await ann.upload(await photo(2))).status).toBe(201);
  });

  it('that breaks the house is answered by a number that the log has too, and by nothing more', async () => {
    const broken = await house().another({
      inspect: async () => {
        throw new TypeError('a secret of the house');
      },
    });
    const { status, body } = await (await visit(broken.url)).upload(await photo());
    const { code, message, incident } = body.error;
    expect([status, code]).toEqual([500, 'internal']);
    expect(message).toContain(incident);
    expect(message).not.toContain('secret');
    const told = redis().log.lines.find(({ facts }) => 'incident' in facts && facts.incident === incident);
    expect(told?.facts).toMatchObject({ err: { message: 'a secret of the house' } });
  });

  it('that whoever runs the house must mend names nothing of it either', async () => {
    const userMessage = 'Restore /srv/models/x.onnx.';
    const broken = await house().another({
      inspect: async () => {
        throw new ImpastoError({ code: 'network-damaged', userMessage, report: true });
      },
    });
    const { status, body } = await (await visit(broken.url)).upload(await photo());
    expect([status, body.error.code]).toEqual([500, 'internal']);
    expect(body.error.message).toContain(body.error.incident);
    expect(JSON.stringify(body)).not.toContain('/srv');
    expect(redis().log.lines).toContainEqual(
      expect.objectContaining({
        facts: expect.objectContaining({ err: expect.objectContaining({ userMessage }) }),
      }),
    );
  });
});

it('slows down who posts more than a person can, and says for how long', async () => {
  const slow = await house().another({ settings: { postsPerMinute: 2 } });
  const ann = await visit(slow.url);
  for (const text of ['one', 'two']) expect((await ann.say(text)).status).toBe(202);
  const third = await ann.say('three');
  expect(refused(third)).toEqual([429, 'too-fast']);
  expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await (await visit(slow.url)).say('somebody else')).status).toBe(202);
  expect(defaultSettings.postsPerMinute).toBeGreaterThan(10);
});
