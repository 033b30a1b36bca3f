import { setTimeout } from 'node:timers/promises';
import { ImpastoError, UserError } from '../../../errors.ts';
import type { Fetch } from '../../../images/fetch.ts';
import { TOKEN_HOSTS } from '../config.ts';
import { calling } from '../errors.ts';
import type { Voice } from '../workspaces.ts';
import { type PicturePointer, type SlackFile, slackFile } from './message.ts';

/** A picture as it came from Slack. */
export interface Downloaded {
  readonly bytes: Buffer;
  readonly alt?: string | undefined;
}

/** What downloading needs. */
export interface DownloadOptions {
  readonly fetch: Fetch;
  /** Origins that are trusted with the token beside Slack's own hosts. */
  readonly unsafeOrigins: readonly string[];
}

/** How often an attempt looks whether Slack has made a file ready, and how long it waits before it looks again. */
const LOOKS = 4;
const LOOK_AGAIN_MS = 700;
/** How long a file is left alone between two attempts; with the queue's own pauses half a minute in all. */
const READY_AGAIN_MS = 3_000;

/**
 * Fetch one picture. The token goes to Slack's own hosts alone, and to the first of them alone.
 * @throws UserError `picture-link-expired` and those of the fetcher; ImpastoError `file-not-ready`, `picture-host-away`
 * (both retryable), `slack-page-for-file`, and those of `calling`
 */
export async function download(
  voice: Voice,
  pointer: PicturePointer,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<Downloaded> {
  const bearerHosts = [...TOKEN_HOSTS, ...options.unsafeOrigins];
  const get = async (address: string): Promise<Buffer> => {
    const { bytes, contentType, outside } = await options.fetch(address, {
      bearer: voice.token,
      bearerHosts,
      signal,
    });
    // A page of anybody else's is a file that is no picture.
    if (!outside && (contentType === 'text/html' || isPage(bytes))) throw pageForFile();
    return bytes;
  };
  if (pointer.kind === 'address') return { bytes: await get(pointer.address), alt: pointer.alt };
  const file = await readyFile(voice, pointer.file, signal);
  return { bytes: await get(addressOf(file)), alt: file.alt_txt ?? undefined };
}

/** @throws ImpastoError `file-not-ready` where Slack does not know yet what the file is; the signal's reason */
async function readyFile({ client }: Voice, id: string, signal: AbortSignal): Promise<SlackFile> {
  for (let look = 1; look <= LOOKS; look++) {
    const { file } = await calling('files.info', client.files.info({ file: id }));
    const { data } = slackFile.safeParse(file);
    if (data === undefined || data.mode === 'tombstone' || data.mode === 'hidden_by_limit') throw gone(id);
    if (data.mimetype !== undefined && data.mimetype !== '' && addressesOf(data).length > 0) return data;
    if (look < LOOKS) await setTimeout(LOOK_AGAIN_MS, undefined, { signal });
  }
  throw new ImpastoError({
    code: 'file-not-ready',
    userMessage: 'Slack has not made this file ready in time. Try again in a moment.',
    retryable: true,
    data: { file: id, retryAfterMs: READY_AGAIN_MS },
  });
}

/** The original; of a file that lives elsewhere, the copy that Slack keeps, since the rest of the world may be closed to us. */
function addressOf(file: SlackFile): string {
  const [best] = addressesOf(file);
  if (best === undefined) throw gone(file.id);
  return best;
}

function addressesOf(file: SlackFile): readonly string[] {
  const copies = [file.thumb_1024, file.thumb_720];
  const originals = [file.url_private_download, file.url_private];
  const all = file.is_external === true || file.mode === 'external' ? [...copies, ...originals] : originals;
  return all.filter((address) => address !== undefined && address !== '').map(String);
}

function isPage(bytes: Buffer): boolean {
  return /^\s*(<!doctype html|<html[\s>])/i.test(bytes.subarray(0, 200).toString('latin1'));
}

/** Slack answers 200 and its sign-in page to a token that may not have the file. */
function pageForFile(): ImpastoError {
  return new ImpastoError({
    code: 'slack-page-for-file',
    userMessage:
      'Slack gave me a sign-in page instead of the file. Whoever installed me should check the scope files:read and install me again.',
    report: true,
    publicMessage: true,
    data: { scopes: 'files:read' },
  });
}

function gone(file: string): UserError {
  return new UserError(
    'picture-link-expired',
    'The picture was deleted, or I may not see it. Send it again.',
    {
      data: { file },
    },
  );
}
