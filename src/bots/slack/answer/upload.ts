import { ImpastoError } from '../../../errors.ts';
import { UPLOAD_HOSTS } from '../config.ts';
import { calling } from '../errors.ts';
import { slackFile } from '../pictures/message.ts';
import type { Voice } from '../workspaces.ts';

/** A picture for Slack to hold. */
export interface Upload {
  readonly bytes: Buffer;
  readonly contentType: string;
  /** Without an ending. */
  readonly name: string;
  readonly alt: string;
}

const ENDINGS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
};
const UPLOAD_MS = 60_000;
const MOST_ALT = 1_000;
const READY_AGAIN_MS = 700;

/**
 * Give Slack a file, in no channel yet: it is shown by the message that names it.
 * @returns its id, before Slack has made it ready
 * @throws ImpastoError as `calling` does; `slack-away` (retryable) where the bytes do not arrive
 */
export async function upload(
  { client }: Voice,
  file: Upload,
  unsafeOrigins: readonly string[],
): Promise<string> {
  const filename = `${file.name}.${ENDINGS[file.contentType] ?? 'bin'}`;
  const alt_text = [...file.alt].slice(0, MOST_ALT).join('');
  const { upload_url: address, file_id: id } = await calling(
    'files.getUploadURLExternal',
    client.files.getUploadURLExternal({ filename, length: file.bytes.length, alt_text }),
  );
  if (address === undefined || id === undefined) throw away('it names no address');
  await send(address, file, unsafeOrigins);
  await calling(
    'files.completeUploadExternal',
    client.files.completeUploadExternal({ files: [{ id, title: filename }] }),
  );
  return id;
}

/**
 * Wait no longer than a moment until Slack can show a file.
 * @throws ImpastoError `slack-file-late` (retryable) while it can't; as `calling` does
 */
export async function untilShowable({ client }: Voice, id: string): Promise<void> {
  for (let look = 1; ; look++) {
    const { file } = await calling('files.info', client.files.info({ file: id }));
    const { data } = slackFile.safeParse(file);
    if (data?.mimetype?.startsWith('image/') && data.url_private !== undefined) return;
    if (look === 3) break;
    await new Promise((wake) => setTimeout(wake, READY_AGAIN_MS));
  }
  throw fileLate();
}

/** A file that Slack holds and can't show yet: retryable. */
export function fileLate(cause?: unknown): ImpastoError {
  return new ImpastoError({
    code: 'slack-file-late',
    userMessage: 'Slack takes its time to make the picture ready.',
    retryable: true,
    data: { retryAfterMs: READY_AGAIN_MS },
    cause,
  });
}

async function send(address: string, file: Upload, unsafeOrigins: readonly string[]): Promise<void> {
  const { protocol, hostname, origin } = new URL(address);
  const slacks = UPLOAD_HOSTS.some((host) =>
    host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host,
  );
  if (!unsafeOrigins.includes(origin) && !(protocol === 'https:' && slacks))
    throw away('its address is not Slack’s');
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': file.contentType },
    body: new Uint8Array(file.bytes),
    redirect: 'error',
    signal: AbortSignal.timeout(UPLOAD_MS),
  }).catch((error: unknown) => {
    throw away('no answer', error);
  });
  await response.body?.cancel();
  if (response.ok) return;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  throw away(`status ${response.status}`, undefined, seconds >= 0 ? seconds * 1000 : undefined);
}

function away(why: string, cause?: unknown, retryAfterMs?: number): ImpastoError {
  return new ImpastoError({
    code: 'slack-away',
    userMessage: 'Slack does not take the picture just now. Try again in a moment.',
    retryable: true,
    data: { why, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
    cause,
  });
}
