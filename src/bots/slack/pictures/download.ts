import { setTimeout } from 'node:timers/promises';
import { ImpastoError, UserError } from '../../../errors.ts';
import type { Fetch } from '../../../images/fetch.ts';
import { tokenAddresses } from '../config.ts';
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
  /** Origins that are trusted with the token beside Slack's own. */
  readonly unsafeOrigins: readonly string[];
}

/** How often an attempt looks whether Slack has made a file ready, and how long it waits before it looks again. */
const LOOKS = 4;
const LOOK_AGAIN_MS = 700;
/** How long a file is left alone between two attempts; with the queue's own pauses half a minute in all. */
const READY_AGAIN_MS = 3_000;

/**
 * Fetch one picture. The token goes to where Slack itself says that it keeps a file, and no further; an address that stands
 * in a message, or that leads to a file elsewhere, was chosen by whoever gave it, and is asked as anybody asks.
 * @throws UserError `picture-link-expired` and those of the fetcher; ImpastoError `file-not-ready`, `picture-host-away`
 * (both retryable), `slack-page-for-file`, and those of `calling`
 */
export async function download(
  voice: Voice,
  pointer: PicturePointer,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<Downloaded> {
  if (pointer.kind === 'address') {
    const { bytes } = await options.fetch(pointer.address, { signal });
    return { bytes, alt: pointer.alt };
  }
  const file = await readyFile(voice, pointer.file, signal);
  const [best] = copiesOf(file);
  if (best === undefined) throw gone(file.id);
  const { bytes, contentType } = await options.fetch(best.address, {
    ...(best.kept ? { bearer: voice.token, bearerFor: tokenAddresses(options.unsafeOrigins) } : {}),
    signal,
  });
  // A page of anybody else's is a file that is no picture.
  if (best.kept && (contentType === 'text/html' || isPage(bytes))) throw pageForFile();
  return { bytes, alt: file.alt_txt ?? undefined };
}

/** @throws ImpastoError `file-not-ready` where Slack does not know yet what the file is; the signal's reason */
async function readyFile({ client }: Voice, id: string, signal: AbortSignal): Promise<SlackFile> {
  for (let look = 1; look <= LOOKS; look++) {
    const { file } = await calling('files.info', client.files.info({ file: id }));
    const { data } = slackFile.safeParse(file);
    if (data === undefined || data.mode === 'tombstone' || data.mode === 'hidden_by_limit') throw gone(id);
    if (data.mimetype !== undefined && data.mimetype !== '' && copiesOf(data).length > 0) return data;
    if (look < LOOKS) await setTimeout(LOOK_AGAIN_MS, undefined, { signal });
  }
  throw new ImpastoError({
    code: 'file-not-ready',
    userMessage: 'Slack has not made this file ready in time. Try again in a moment.',
    retryable: true,
    data: { file: id, retryAfterMs: READY_AGAIN_MS },
  });
}

/** Where a file can be had. */
interface Copy {
  readonly address: string;
  /** True where Slack keeps it; false where somebody said that it is there. */
  readonly kept: boolean;
}

/** The original; of a file that lives elsewhere, first the copy that Slack keeps, since the rest of the world may be closed to us. */
function copiesOf(file: SlackFile): readonly Copy[] {
  const elsewhere = file.is_external === true || file.mode === 'external';
  const smaller = elsewhere ? [file.thumb_1024, file.thumb_720] : [];
  return [
    ...smaller.map((address) => ({ address, kept: true })),
    ...[file.url_private_download, file.url_private].map((address) => ({ address, kept: !elsewhere })),
  ].flatMap(({ address, kept }) => (address === undefined || address === '' ? [] : [{ address, kept }]));
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
